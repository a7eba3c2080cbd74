-- AlterEnum
ALTER TYPE "TeamSource" ADD VALUE 'MANUAL';
