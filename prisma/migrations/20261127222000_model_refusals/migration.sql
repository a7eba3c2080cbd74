-- CreateTable
CREATE TABLE "ModelRefusal" (
    "organizationId" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "subjectId" TEXT NOT NULL,
    "modelKey" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "lastAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ModelRefusal_pkey" PRIMARY KEY ("organizationId","hour","subjectId","modelKey","reason")
);

ALTER TABLE "ModelRefusal" ADD CONSTRAINT "ModelRefusal_count_check" CHECK ("count" > 0);
