-- In a transaction of its own: the one before holds the table exclusively. Here each row is locked for its own update alone, whose
-- trigger makes the document of the columns.
UPDATE "ModelSettings" SET "defaultModelKey" = "defaultModelKey" WHERE "policy" IS NULL;
