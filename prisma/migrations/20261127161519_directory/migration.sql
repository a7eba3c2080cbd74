-- CreateEnum
CREATE TYPE "ScimSubject" AS ENUM ('EXTERNAL_ID', 'USER_NAME');

-- AlterTable
ALTER TABLE "Revision" ADD COLUMN     "actorScimTokenId" TEXT;

-- AlterTable
ALTER TABLE "Team" ADD COLUMN     "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "ScimToken" (
    "organizationId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "last4" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "subjectAttribute" "ScimSubject" NOT NULL,
    "createdById" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ScimToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ScimUser" (
    "organizationId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "userName" TEXT NOT NULL,
    "externalId" TEXT,
    "active" BOOLEAN NOT NULL,
    "attributes" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ScimUser_pkey" PRIMARY KEY ("organizationId","userId")
);

-- CreateIndex
CREATE UNIQUE INDEX "ScimToken_hash_key" ON "ScimToken"("hash");

-- CreateIndex
CREATE INDEX "ScimToken_organizationId_createdAt_id_idx" ON "ScimToken"("organizationId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "ScimToken_createdById_idx" ON "ScimToken"("createdById");

-- CreateIndex
CREATE INDEX "ScimUser_organizationId_createdAt_userId_idx" ON "ScimUser"("organizationId", "createdAt", "userId");

-- CreateIndex
CREATE INDEX "ScimUser_userId_idx" ON "ScimUser"("userId");

-- CreateIndex
CREATE INDEX "Team_organizationId_name_id_idx" ON "Team"("organizationId", "name", "id");

-- AddForeignKey
ALTER TABLE "ScimToken" ADD CONSTRAINT "ScimToken_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ScimToken" ADD CONSTRAINT "ScimToken_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ScimUser" ADD CONSTRAINT "ScimUser_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ScimUser" ADD CONSTRAINT "ScimUser_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- Rules that the schema cannot express. Texts that are in indexes are bounded.
ALTER TABLE "ScimToken" ADD CONSTRAINT "ScimToken_id_check" CHECK ("id" LIKE 'sct\_%');
ALTER TABLE "ScimUser" ADD CONSTRAINT "ScimUser_length_check"
    CHECK (octet_length("userName") BETWEEN 1 AND 1000 AND octet_length("externalId") BETWEEN 1 AND 1000
        AND octet_length("attributes"::text) <= 100000);
ALTER TABLE "ScimUser" ADD CONSTRAINT "ScimUser_deleted_check" CHECK (NOT "active" OR "deletedAt" IS NULL);

-- What a directory says of a user is unique among those that it has not deleted.
CREATE UNIQUE INDEX "ScimUser_userName_key" ON "ScimUser"("organizationId", lower("userName")) WHERE "deletedAt" IS NULL;
CREATE UNIQUE INDEX "ScimUser_externalId_key" ON "ScimUser"("organizationId", "externalId") WHERE "deletedAt" IS NULL;

-- A session is cached under the tag of its user: one that the directory deactivates must be read anew, also where it had no membership.
CREATE TRIGGER "ScimUser_notify" AFTER INSERT OR DELETE OR UPDATE OF "active" ON "ScimUser"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('userId');
