-- CreateEnum
CREATE TYPE "ModelExceptionState" AS ENUM ('REQUESTED', 'GRANTED', 'DENIED', 'REVOKED');

-- CreateTable
CREATE TABLE "ModelException" (
    "organizationId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "models" TEXT[],
    "state" "ModelExceptionState" NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "requestedById" TEXT,
    "decidedById" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ModelException_pkey" PRIMARY KEY ("organizationId","id")
);

-- CreateIndex
CREATE INDEX "ModelException_organizationId_createdAt_id_idx" ON "ModelException"("organizationId", "createdAt", "id");

-- AddForeignKey
ALTER TABLE "ModelException" ADD CONSTRAINT "ModelException_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Rules that the schema cannot express.
ALTER TABLE "ModelException" ADD CONSTRAINT "ModelException_id_check" CHECK ("id" LIKE 'exc\_%');
ALTER TABLE "ModelException" ADD CONSTRAINT "ModelException_models_check" CHECK (cardinality("models") > 0);
ALTER TABLE "ModelException" ADD CONSTRAINT "ModelException_reason_check" CHECK (char_length("reason") BETWEEN 1 AND 500);
ALTER TABLE "ModelException" ADD CONSTRAINT "ModelException_decided_check" CHECK (("state" = 'REQUESTED') = ("decidedAt" IS NULL));

-- Those that decisions read. It has no entries of organizations without exceptions, so that these cost a lookup.
CREATE INDEX "ModelException_granted_idx" ON "ModelException"("organizationId", "until") WHERE "state" = 'GRANTED';

-- Those that wait for a decision: as they are counted and listed.
CREATE INDEX "ModelException_requested_idx" ON "ModelException"("organizationId", "createdAt", "id") WHERE "state" = 'REQUESTED';

-- For those who write past the ledger, as for other tables that decisions read.
CREATE TRIGGER "ModelException_notify" AFTER INSERT OR UPDATE OR DELETE ON "ModelException"
    FOR EACH ROW EXECUTE FUNCTION "notify_organization"();
