-- The policy is one document, in one column. Release 0.1 goes on reading and writing the three columns of its settings until its
-- last process has stopped: a trigger takes into the document what it writes, and the service writes the columns too. The release
-- after this one drops the trigger and the columns.
ALTER TABLE "ModelSettings" ADD COLUMN "policy" JSONB;

CREATE FUNCTION "policy_of_columns"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."policy" := coalesce(NEW."policy", '{}') - '{disabledProviders,disabledModels,defaultModelKey}'::text[]
        || jsonb_strip_nulls(jsonb_build_object(
            'disabledProviders', nullif(to_jsonb(NEW."disabledProviders"), '[]'),
            'disabledModels', nullif(to_jsonb(NEW."disabledModels"), '[]'),
            'defaultModelKey', NEW."defaultModelKey"));
    RETURN NEW;
END
$$;

CREATE TRIGGER "ModelSettings_policy_of_insert" BEFORE INSERT ON "ModelSettings"
    FOR EACH ROW WHEN (NEW."policy" IS NULL) EXECUTE FUNCTION "policy_of_columns"();

CREATE TRIGGER "ModelSettings_policy_of_update" BEFORE UPDATE OF "disabledProviders", "disabledModels", "defaultModelKey" ON "ModelSettings"
    FOR EACH ROW WHEN (NEW."policy" IS NOT DISTINCT FROM OLD."policy") EXECUTE FUNCTION "policy_of_columns"();
