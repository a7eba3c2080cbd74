-- AlterTable
ALTER TABLE "User" ADD COLUMN     "nameSetByUser" BOOLEAN NOT NULL DEFAULT false;
