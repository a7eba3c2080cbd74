-- Whoever changes, by whatever way, what is remembered elsewhere: those who listen are told the ids of what changed, on
-- commit. A change by the ledger is told of by its revision too; this is for those who write past it.
CREATE FUNCTION "notify_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    "column" text;
BEGIN
    FOREACH "column" IN ARRAY TG_ARGV LOOP
        IF TG_OP <> 'INSERT' THEN
            PERFORM pg_notify('modelgate_change', to_jsonb(OLD) ->> "column");
        END IF;
        IF TG_OP <> 'DELETE' THEN
            PERFORM pg_notify('modelgate_change', to_jsonb(NEW) ->> "column");
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

-- What a user may do; and an organization's list of members changes with it.
CREATE TRIGGER "Membership_notify" AFTER INSERT OR UPDATE OR DELETE ON "Membership"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('userId', 'organizationId');

-- What a service may do.
CREATE TRIGGER "ApiKey_notify" AFTER UPDATE OR DELETE ON "ApiKey"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('id');

-- Who is signed in is entered where it is missing, and so is the organization that its token names.
CREATE TRIGGER "User_notify" AFTER UPDATE OR DELETE ON "User"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('id');

CREATE TRIGGER "Organization_notify" AFTER DELETE ON "Organization"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('id');

-- What an organization governs. Its rows can be large, and many; they never move to another organization.
CREATE FUNCTION "notify_organization"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM pg_notify('modelgate_change', OLD."organizationId");
    ELSE
        PERFORM pg_notify('modelgate_change', NEW."organizationId");
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER "ModelSettings_notify" AFTER INSERT OR UPDATE OR DELETE ON "ModelSettings"
    FOR EACH ROW EXECUTE FUNCTION "notify_organization"();

CREATE TRIGGER "ModelConfig_notify" AFTER INSERT OR UPDATE OR DELETE ON "ModelConfig"
    FOR EACH ROW EXECUTE FUNCTION "notify_organization"();

-- Not that it was used, or sealed anew.
CREATE TRIGGER "ProviderKey_notify" AFTER INSERT OR DELETE OR UPDATE OF "provider", "name", "last4", "isActive" ON "ProviderKey"
    FOR EACH ROW EXECUTE FUNCTION "notify_organization"();
