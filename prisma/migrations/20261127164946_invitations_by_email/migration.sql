-- AlterTable
ALTER TABLE "Invitation" ADD COLUMN     "email" TEXT,
ALTER COLUMN "userId" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "Invitation_email_idx" ON "Invitation"("email");

-- Rules that the schema cannot express. An address is stored in lower case, so that it is found by equality.
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_invitee_check" CHECK (("userId" IS NULL) <> ("email" IS NULL));
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_email_check" CHECK ("email" = lower("email") AND octet_length("email") <= 1020);

-- At most one that is pending for an address in an organization.
CREATE UNIQUE INDEX "Invitation_pending_email_key" ON "Invitation"("organizationId", "email") WHERE "state" = 'PENDING';
