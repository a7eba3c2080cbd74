-- A key of the operator's, for all organizations: a table of its own, since API keys belong to one.
CREATE TABLE "PlatformKey" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "last4" TEXT NOT NULL,
    "scopes" TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "PlatformKey_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "PlatformKey_hash_key" ON "PlatformKey"("hash");

ALTER TABLE "PlatformKey" ADD CONSTRAINT "PlatformKey_id_check" CHECK ("id" LIKE 'plk\_%');
ALTER TABLE "PlatformKey" ADD CONSTRAINT "PlatformKey_hash_check" CHECK (octet_length("hash") = 32);

-- What a service may do: it is cached under the id of its key.
CREATE TRIGGER "PlatformKey_notify" AFTER UPDATE OR DELETE ON "PlatformKey"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('id');

-- Null in all entries of before, so that their canonical texts, and hashes, stay.
ALTER TABLE "Revision" ADD COLUMN     "actorPlatformKeyId" TEXT;

ALTER TABLE "Revision" ADD CONSTRAINT "Revision_actorPlatformKey_check"
    CHECK ("actorPlatformKeyId" IS NULL OR ("actorId" IS NULL AND "actorApiKeyId" IS NULL AND "actorScimTokenId" IS NULL)) NOT VALID;
