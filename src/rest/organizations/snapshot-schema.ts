import { z } from '@hono/zod-openapi';
import type { SnapshotDocument } from '../../policy/snapshot-document.ts';
import { moment } from '../schemas.ts';
import { OrganizationId } from './envelope.ts';

const ids = z.array(z.string());

const Exception = z
  .object({
    id: z.string().openapi({ description: 'Its id.', example: 'exc_abc123def456' }),
    subjectId: z.string().openapi({ description: 'Whom it is for.', example: 'usr_abc123def456' }),
    models: ids.openapi({ description: 'The models that it allows, named as in the policy.', example: ['o1-pro'] }),
    until: moment.openapi({ description: 'When it ends.' }),
  })
  .openapi('SnapshotException', { description: 'An exception that is granted.' });

const Subject = z
  .object({
    id: z.string().nullable().openapi({ description: 'The id of a user or an API key; null for a team or a role.' }),
    role: z.enum(['OWNER', 'ADMIN', 'MEMBER']).nullable().openapi({ description: 'Its role; null where it has none.' }),
    teams: ids.openapi({ description: 'The ids of its teams.', example: [] }),
    isMember: z.boolean().describe('Whether it belongs to the organization.'),
  })
  .openapi('SnapshotSubject', { description: 'For whom is decided.' });

/** What a snapshot is, for the document. It is not validated: the service writes it. */
export const Snapshot = z
  .object({
    organizationId: OrganizationId,
    revision: z.int().openapi({ description: 'The revision of the organization.', example: 42 }),
    catalogVersion: z
      .int()
      .openapi({ description: 'The version of the catalog that decisions are made by.', example: 7 }),
    catalogHash: z.string().describe('SHA-256 of `GET /catalog/{version}`, in Base64url.'),
    policy: z.looseObject({}).openapi({
      description: 'The policy as a document: its schema is at `/v1/policy.schema.json`.',
      example: { disabledProviders: ['google'] },
    }),
    exceptions: z.array(Exception).describe('The exceptions that have not ended.'),
    teams: z
      .record(z.string(), z.string())
      .openapi({ description: 'The names of the teams that the policy or an exception names, by id.', example: {} }),
    subjects: z
      .record(z.string(), Subject)
      .openapi({ description: 'The subjects that were asked for, by id.', example: {} }),
  } satisfies Record<keyof SnapshotDocument, z.ZodType>)
  .openapi('Snapshot', { description: 'What decisions on an organization are made by.' });
