-- Names from before tokens told them were chosen by somebody: tokens do not replace them.
UPDATE "Organization" SET "nameSetByOwner" = true WHERE "name" IS NOT NULL;
