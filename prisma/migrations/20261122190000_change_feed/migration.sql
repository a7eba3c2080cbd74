-- Whoever writes to the ledger, by whatever way: those who listen are told `<organization>:<number>`, on commit.
CREATE FUNCTION "notify_revision"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('modelgate_revision', NEW."organizationId" || ':' || NEW."number");
    RETURN NULL;
END
$$;

CREATE TRIGGER "Revision_notify" AFTER INSERT ON "Revision"
    FOR EACH ROW EXECUTE FUNCTION "notify_revision"();
