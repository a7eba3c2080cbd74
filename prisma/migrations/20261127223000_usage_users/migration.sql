-- AlterTable
ALTER TABLE "UsageDay" ADD COLUMN     "lastUsers" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "UsageUser" (
    "organizationId" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(3) NOT NULL,
    "formerDay" TIMESTAMPTZ(0),

    CONSTRAINT "UsageUser_pkey" PRIMARY KEY ("organizationId","provider","modelId","userId")
);
