-- AlterTable
ALTER TABLE "Revision" ADD COLUMN     "actorApiKeyId" TEXT;

-- CreateTable
CREATE TABLE "ModelConfig" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "userId" TEXT,
    "creatorId" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "providerKeyId" TEXT,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "isEnabled" BOOLEAN NOT NULL DEFAULT true,
    "isDefault" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ModelConfig_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ProviderKey" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "masterKeyId" TEXT NOT NULL,
    "last4" TEXT NOT NULL,
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ProviderKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ProviderKeyUse" (
    "organizationId" TEXT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "providerKeyId" TEXT NOT NULL,
    "apiKeyId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ProviderKeyUse_pkey" PRIMARY KEY ("organizationId","id")
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "id" TEXT NOT NULL,
    "organizationId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "last4" TEXT NOT NULL,
    "scopes" TEXT[],
    "createdById" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UsageRecord" (
    "organizationId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "modelConfigId" TEXT,
    "promptTokens" BIGINT NOT NULL,
    "completionTokens" BIGINT NOT NULL,
    "cost" DECIMAL(24,12),
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "UsageRecord_pkey" PRIMARY KEY ("organizationId","id")
);

-- CreateTable
CREATE TABLE "UsageHour" (
    "organizationId" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "provider" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "usageCount" BIGINT NOT NULL,
    "promptTokens" BIGINT NOT NULL,
    "completionTokens" BIGINT NOT NULL,
    "cost" DECIMAL(38,12),
    "unpricedCount" BIGINT NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "UsageHour_pkey" PRIMARY KEY ("organizationId","hour","provider","modelId")
);

-- CreateTable
CREATE TABLE "UsageDay" (
    "organizationId" TEXT NOT NULL,
    "day" TIMESTAMPTZ(0) NOT NULL,
    "provider" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "usageCount" BIGINT NOT NULL,
    "promptTokens" BIGINT NOT NULL,
    "completionTokens" BIGINT NOT NULL,
    "cost" DECIMAL(38,12),
    "unpricedCount" BIGINT NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "UsageDay_pkey" PRIMARY KEY ("organizationId","day","provider","modelId")
);

-- CreateIndex
CREATE INDEX "ModelConfig_organizationId_createdAt_id_idx" ON "ModelConfig"("organizationId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "ModelConfig_organizationId_provider_modelId_idx" ON "ModelConfig"("organizationId", "provider", "modelId");

-- CreateIndex
CREATE INDEX "ModelConfig_organizationId_provider_providerKeyId_idx" ON "ModelConfig"("organizationId", "provider", "providerKeyId");

-- CreateIndex
CREATE INDEX "ModelConfig_userId_idx" ON "ModelConfig"("userId");

-- CreateIndex
CREATE INDEX "ModelConfig_creatorId_idx" ON "ModelConfig"("creatorId");

-- CreateIndex
CREATE INDEX "ProviderKey_masterKeyId_idx" ON "ProviderKey"("masterKeyId");

-- CreateIndex
CREATE UNIQUE INDEX "ProviderKey_organizationId_provider_id_key" ON "ProviderKey"("organizationId", "provider", "id");

-- CreateIndex
CREATE INDEX "ProviderKeyUse_organizationId_providerKeyId_at_idx" ON "ProviderKeyUse"("organizationId", "providerKeyId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_hash_key" ON "ApiKey"("hash");

-- CreateIndex
CREATE INDEX "ApiKey_organizationId_createdAt_id_idx" ON "ApiKey"("organizationId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "ApiKey_createdById_idx" ON "ApiKey"("createdById");

-- AddForeignKey
ALTER TABLE "ModelConfig" ADD CONSTRAINT "ModelConfig_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelConfig" ADD CONSTRAINT "ModelConfig_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelConfig" ADD CONSTRAINT "ModelConfig_creatorId_fkey" FOREIGN KEY ("creatorId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelConfig" ADD CONSTRAINT "ModelConfig_organizationId_provider_providerKeyId_fkey" FOREIGN KEY ("organizationId", "provider", "providerKeyId") REFERENCES "ProviderKey"("organizationId", "provider", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ProviderKey" ADD CONSTRAINT "ProviderKey_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the ids of these tables look like.
ALTER TABLE "ModelConfig" ADD CONSTRAINT "ModelConfig_id_check" CHECK ("id" LIKE 'cfg\_%');
ALTER TABLE "ProviderKey" ADD CONSTRAINT "ProviderKey_id_check" CHECK ("id" LIKE 'key\_%');
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_id_check" CHECK ("id" LIKE 'api\_%');

-- At most one default an organization, and one a user in it; and it is enabled.
CREATE UNIQUE INDEX "ModelConfig_organization_default_key" ON "ModelConfig"("organizationId") WHERE "isDefault" AND "userId" IS NULL;
CREATE UNIQUE INDEX "ModelConfig_user_default_key" ON "ModelConfig"("organizationId", "userId") WHERE "isDefault" AND "userId" IS NOT NULL;
ALTER TABLE "ModelConfig" ADD CONSTRAINT "ModelConfig_default_check" CHECK ("isEnabled" OR NOT "isDefault");

-- Usage only adds up.
ALTER TABLE "UsageRecord" ADD CONSTRAINT "UsageRecord_tokens_check" CHECK ("promptTokens" >= 0 AND "completionTokens" >= 0);

-- A change is made by a user or by an API key, not by both.
ALTER TABLE "Revision" ADD CONSTRAINT "Revision_actor_check" CHECK ("actorId" IS NULL OR "actorApiKeyId" IS NULL);

-- The log of uses is append-only, as the ledger is.
CREATE TRIGGER "ProviderKeyUse_append_only" BEFORE UPDATE OR DELETE ON "ProviderKeyUse"
    FOR EACH ROW EXECUTE FUNCTION "refuse_ledger_change"();

CREATE TRIGGER "ProviderKeyUse_no_truncate" BEFORE TRUNCATE ON "ProviderKeyUse"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_ledger_change"();
