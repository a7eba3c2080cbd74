-- What the ledger of an organization was at a revision, signed. No foreign key: a checkpoint is to be there also where somebody has
-- removed what it is of.
CREATE TABLE "LedgerCheckpoint" (
    "organizationId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "token" TEXT NOT NULL,

    CONSTRAINT "LedgerCheckpoint_pkey" PRIMARY KEY ("organizationId","number")
);
