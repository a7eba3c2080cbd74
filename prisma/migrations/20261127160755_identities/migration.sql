-- CreateEnum
CREATE TYPE "TeamSource" AS ENUM ('CLAIMS', 'SCIM');

-- AlterTable
ALTER TABLE "Revision" ADD COLUMN     "impersonatedBy" TEXT;

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "picture" TEXT;

-- CreateTable
CREATE TABLE "OrganizationIdentity" (
    "issuer" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "isOriginal" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "profileAt" TIMESTAMPTZ(3),

    CONSTRAINT "OrganizationIdentity_pkey" PRIMARY KEY ("issuer","externalId")
);

-- CreateTable
CREATE TABLE "UserIdentity" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "isOriginal" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "profileAt" TIMESTAMPTZ(3),

    CONSTRAINT "UserIdentity_pkey" PRIMARY KEY ("issuer","subject")
);

-- CreateTable
CREATE TABLE "Team" (
    "organizationId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "source" "TeamSource" NOT NULL,
    "externalId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TeamMember" (
    "organizationId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,

    CONSTRAINT "TeamMember_pkey" PRIMARY KEY ("teamId","userId")
);

-- CreateIndex
CREATE INDEX "OrganizationIdentity_organizationId_idx" ON "OrganizationIdentity"("organizationId");

-- CreateIndex
CREATE INDEX "UserIdentity_userId_idx" ON "UserIdentity"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Team_organizationId_id_key" ON "Team"("organizationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Team_organizationId_source_name_key" ON "Team"("organizationId", "source", "name");

-- CreateIndex
CREATE INDEX "TeamMember_userId_organizationId_idx" ON "TeamMember"("userId", "organizationId");

-- CreateIndex
CREATE INDEX "TeamMember_organizationId_teamId_idx" ON "TeamMember"("organizationId", "teamId");

-- AddForeignKey
ALTER TABLE "OrganizationIdentity" ADD CONSTRAINT "OrganizationIdentity_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "UserIdentity" ADD CONSTRAINT "UserIdentity_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Team" ADD CONSTRAINT "Team_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TeamMember" ADD CONSTRAINT "TeamMember_organizationId_teamId_fkey" FOREIGN KEY ("organizationId", "teamId") REFERENCES "Team"("organizationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TeamMember" ADD CONSTRAINT "TeamMember_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Rules that the schema cannot express. Issuers and subjects come from tokens; their lengths are bounded, since they are in indexes.
ALTER TABLE "UserIdentity" ADD CONSTRAINT "UserIdentity_length_check"
    CHECK (octet_length("issuer") <= 1000 AND octet_length("subject") BETWEEN 1 AND 1000);
ALTER TABLE "OrganizationIdentity" ADD CONSTRAINT "OrganizationIdentity_length_check"
    CHECK (octet_length("issuer") <= 1000 AND octet_length("externalId") BETWEEN 1 AND 1000);
ALTER TABLE "Team" ADD CONSTRAINT "Team_id_check" CHECK ("id" LIKE 'team\_%');

-- Two identities never become one user by themselves: whoever names a user that another identity was made for gets another one.
CREATE UNIQUE INDEX "UserIdentity_original_key" ON "UserIdentity"("userId") WHERE "isOriginal";
CREATE UNIQUE INDEX "OrganizationIdentity_original_key" ON "OrganizationIdentity"("organizationId") WHERE "isOriginal";

-- A session is cached under the tag of its user, with what it belongs to. The first row of an identity is no change: whoever
-- reads before it reads it as missing, and inserts it.
CREATE TRIGGER "UserIdentity_notify" AFTER DELETE OR UPDATE OF "userId" ON "UserIdentity"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('userId');

CREATE TRIGGER "OrganizationIdentity_notify" AFTER DELETE OR UPDATE OF "organizationId" ON "OrganizationIdentity"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('organizationId');

-- What a user may do, and a team's list of members.
CREATE TRIGGER "TeamMember_notify" AFTER INSERT OR UPDATE OR DELETE ON "TeamMember"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('userId', 'organizationId');

CREATE TRIGGER "Team_notify" AFTER INSERT OR UPDATE OR DELETE ON "Team"
    FOR EACH ROW EXECUTE FUNCTION "notify_organization"();

-- A name may come from a token, past the ledger.
DROP TRIGGER "Organization_notify" ON "Organization";
CREATE TRIGGER "Organization_notify" AFTER DELETE OR UPDATE OF "name" ON "Organization"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('id');
