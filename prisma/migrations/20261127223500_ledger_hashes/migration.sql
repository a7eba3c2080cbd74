-- An entry has the hash of the entry before it and of its own canonical text, so that a change of either is found. The hash is
-- written by the statement that appends the entry. Nothing of the table is rewritten here.
ALTER TABLE "Revision" ADD COLUMN     "hash" BYTEA,
ADD COLUMN     "reason" TEXT,
ADD COLUMN     "restoredFrom" INTEGER,
ADD COLUMN     "salt" TEXT;

ALTER TABLE "Revision" ADD CONSTRAINT "Revision_reason_check" CHECK (char_length("reason") <= 500) NOT VALID;

-- The last release appends entries without a hash, and serves until its last process has stopped: this trigger gives them one.
-- To be dropped by the release after this one, with its function. The canonical text is that of
-- `src/domain/ledger/entry-hash.ts`, as of this release.
CREATE FUNCTION "hash_ledger_entry"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    "previous" BYTEA;
BEGIN
    SELECT r."hash" INTO "previous" FROM public."Revision" r
        WHERE r."organizationId" = NEW."organizationId" AND r."number" < NEW."number" ORDER BY r."number" DESC LIMIT 1;
    -- The entry before has none yet: the migrations that follow give both theirs.
    IF FOUND AND "previous" IS NULL THEN
        RETURN NEW;
    END IF;
    -- Otherwise the hash would confirm a guess of settings that are a user's own.
    IF NEW."subjectId" LIKE 'cfg\_%' AND jsonb_typeof(coalesce(NEW."after", NEW."before") -> 'userId') = 'string' THEN
        NEW."salt" := gen_random_uuid();
    END IF;
    NEW."hash" := sha256(coalesce("previous", '') || convert_to(
        left(jsonb_strip_nulls(jsonb_build_object(
            'id', NEW."id", 'organizationId', NEW."organizationId", 'number', NEW."number",
            'at', to_char(NEW."at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'actorId', NEW."actorId", 'actorApiKeyId', NEW."actorApiKeyId", 'actorScimTokenId', NEW."actorScimTokenId",
            'impersonatedBy', NEW."impersonatedBy", 'action', NEW."action", 'subjectId', NEW."subjectId",
            'reason', NEW."reason", 'restoredFrom', NEW."restoredFrom", 'salt', NEW."salt"))::text, -1)
        || coalesce(', "before": ' || NEW."before"::text, '') || coalesce(', "after": ' || NEW."after"::text, '') || '}',
        'UTF8'));
    RETURN NEW;
END
$$;

CREATE TRIGGER "Revision_hash" BEFORE INSERT OR UPDATE ON "Revision"
    FOR EACH ROW WHEN (NEW."hash" IS NULL) EXECUTE FUNCTION "hash_ledger_entry"();

-- Until the entries of before have their hashes, an update that changes nothing passes: the trigger above, which comes after
-- this one by its name, then fills in the hash. Whatever else an update or a delete would do is refused, as before.
CREATE OR REPLACE FUNCTION "refuse_ledger_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'Revision' AND TG_OP = 'UPDATE' THEN
        IF OLD."hash" IS NULL AND NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the ledger is append-only: % of "%" is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- In the order of the numbers: each entry needs the hash of the one before it. An organization whose newest entry has its hash
-- is done, so that a second call reads one entry of each.
CREATE FUNCTION "hash_ledger_entries_of_before"() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    "organization" TEXT;
    "entries" CURSOR ("of" TEXT) FOR SELECT r."hash" FROM "Revision" r
        WHERE r."organizationId" = "of" AND r."hash" IS NULL ORDER BY r."number" FOR UPDATE;
BEGIN
    FOR "organization" IN SELECT o."id" FROM "Organization" o WHERE
        (SELECT r."hash" IS NULL FROM "Revision" r WHERE r."organizationId" = o."id" ORDER BY r."number" DESC LIMIT 1)
    LOOP
        FOR "entry" IN "entries"("organization") LOOP
            UPDATE "Revision" SET "hash" = NULL WHERE CURRENT OF "entries";
        END LOOP;
    END LOOP;
END
$$;
