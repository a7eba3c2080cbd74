ALTER TABLE "Organization" ADD COLUMN "supportContact" TEXT;

-- It is cached with the state of the organization; it may be changed past the ledger, as the name may.
DROP TRIGGER "Organization_notify" ON "Organization";
CREATE TRIGGER "Organization_notify" AFTER DELETE OR UPDATE OF "name", "apiKeyManagers", "supportContact" ON "Organization"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('id');
