-- An identity that is linked to another user leaves the one that was made for it behind. Nobody may become that user by naming its
-- id as a subject: a row of no issuer reserves it.
CREATE FUNCTION "reserve_user"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "UserIdentity" ("issuer", "subject", "userId") VALUES ('', OLD."userId", OLD."userId") ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER "UserIdentity_reserve" AFTER UPDATE OF "userId" ON "UserIdentity"
    FOR EACH ROW WHEN (OLD."isOriginal" AND OLD."userId" <> NEW."userId") EXECUTE FUNCTION "reserve_user"();

CREATE FUNCTION "reserve_organization"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "OrganizationIdentity" ("issuer", "externalId", "organizationId")
    VALUES ('', OLD."organizationId", OLD."organizationId") ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER "OrganizationIdentity_reserve" AFTER UPDATE OF "organizationId" ON "OrganizationIdentity"
    FOR EACH ROW WHEN (OLD."isOriginal" AND OLD."organizationId" <> NEW."organizationId")
    EXECUTE FUNCTION "reserve_organization"();
