-- CreateEnum
CREATE TYPE "ApiKeyManagers" AS ENUM ('OWNERS', 'ADMINS');

-- AlterTable
ALTER TABLE "Organization" ADD COLUMN     "apiKeyManagers" "ApiKeyManagers" NOT NULL DEFAULT 'OWNERS',
ADD COLUMN     "nameSetByOwner" BOOLEAN NOT NULL DEFAULT false;

-- Who manages API keys is cached with the state of the organization; it may be changed past the ledger, as the name may.
DROP TRIGGER "Organization_notify" ON "Organization";
CREATE TRIGGER "Organization_notify" AFTER DELETE OR UPDATE OF "name", "apiKeyManagers" ON "Organization"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('id');
