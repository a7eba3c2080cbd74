-- Nobody waits for this, however long the ledger is: it locks entries, which nobody else changes. Entries that are appended
-- meanwhile do not see these hashes, and stay without one for now.
SELECT "hash_ledger_entries_of_before"();
