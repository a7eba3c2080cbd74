-- The few that were appended during the migration before. Reads go on; changes wait until the newest entry of each
-- organization has been read. From the end of this transaction on every entry has its hash.
LOCK TABLE "Revision" IN SHARE ROW EXCLUSIVE MODE;

SELECT "hash_ledger_entries_of_before"();
