DROP FUNCTION "hash_ledger_entries_of_before"();

-- Every entry has one by now: the table need not be read again.
ALTER TABLE "Revision" ADD CONSTRAINT "Revision_hash_check" CHECK ("hash" IS NOT NULL) NOT VALID;

-- Again for everyone, the tables' owner included, and without an exception.
CREATE OR REPLACE FUNCTION "refuse_ledger_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of "%" is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

DROP TRIGGER "Revision_hash" ON "Revision";

CREATE TRIGGER "Revision_hash" BEFORE INSERT ON "Revision"
    FOR EACH ROW WHEN (NEW."hash" IS NULL) EXECUTE FUNCTION "hash_ledger_entry"();
