-- CreateEnum
CREATE TYPE "InvitationState" AS ENUM ('PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED', 'EXPIRED');

-- CreateTable
CREATE TABLE "Invitation" (
    "organizationId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "invitedById" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "state" "InvitationState" NOT NULL DEFAULT 'PENDING',
    "decidedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("organizationId","id")
);

-- CreateIndex
CREATE INDEX "Invitation_userId_idx" ON "Invitation"("userId");

-- AddForeignKey
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Rules that the schema cannot express.
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_id_check" CHECK ("id" LIKE 'inv\_%');
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_decided_check" CHECK (("state" = 'PENDING') = ("decidedAt" IS NULL));

-- At most one that is pending for a user in an organization.
CREATE UNIQUE INDEX "Invitation_pending_key" ON "Invitation"("organizationId", "userId") WHERE "state" = 'PENDING';

-- As an organization lists them: what is pending first, then the newest.
CREATE INDEX "Invitation_listed_idx" ON "Invitation"("organizationId", ("state" = 'PENDING'), "createdAt", "id");
