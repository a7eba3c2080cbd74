-- What a configuration was of, once it is gone: usage of it is reported late.
CREATE INDEX "Revision_config_history_idx" ON "Revision"("organizationId", "subjectId")
    WHERE "action" IN ('MODEL_CONFIG_CREATED', 'MODEL_CONFIG_DELETED');
