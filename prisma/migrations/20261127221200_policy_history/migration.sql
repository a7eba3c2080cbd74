-- What reads the policy at a revision: the newest entry about it at that number or before. In a large ledger make this index by
-- hand before, CONCURRENTLY.
CREATE INDEX IF NOT EXISTS "Revision_policy_history_idx" ON "Revision"("organizationId", "number")
    WHERE "subjectId" LIKE 'oms\_%';
