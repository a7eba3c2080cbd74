-- Which processes may answer from their caches, and until when. Not in the log: it is written twice a second by each of them,
-- and what a crash leaves of it is of no use.
CREATE UNLOGGED TABLE "Instance" (
    "id" TEXT NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3) NOT NULL,
    "heard" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "Instance_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 50);

-- A crash or a failover empties the table. While this row is missing, there may be leases that it does not show.
INSERT INTO "Instance" ("id", "leaseUntil") VALUES ('intact', 'epoch');
