-- CreateTable
CREATE TABLE "TeamsSaid" (
    "organizationId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "issuedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "TeamsSaid_pkey" PRIMARY KEY ("userId","organizationId")
);

-- CreateIndex
CREATE INDEX "TeamsSaid_organizationId_idx" ON "TeamsSaid"("organizationId");

-- AddForeignKey
ALTER TABLE "TeamsSaid" ADD CONSTRAINT "TeamsSaid_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "Organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TeamsSaid" ADD CONSTRAINT "TeamsSaid_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
