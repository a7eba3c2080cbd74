import { z } from 'zod';
import { preparedStatements } from '../database/pool/prepared-statements.ts';
import { oneOf, postgresUrl, whole } from './values.ts';
import type { Variable } from './variable.ts';

export const database = {
  DATABASE_URL: {
    section: 'Database',
    schema: postgresUrl.optional(),
    description: 'A PostgreSQL of your own, as the role of the service',
    details:
      'Any form that pg takes, with one host, also a Unix socket (socket:/var/run/postgresql?db=modelgate) and TLS ' +
      '(?sslmode=require&sslrootcert=/etc/ssl/private-ca.pem). With it there is no demo world, and AUTH_ISSUER (or ' +
      'AUTH_ISSUERS) and MASTER_KEYS are required.',
    absent: 'none (the embedded database)',
    example: 'postgresql://modelgate:password@localhost:5432/modelgate',
  },
  MIGRATE_DATABASE_URL: {
    section: 'Database',
    schema: postgresUrl.optional(),
    description: 'The same database, as the role that owns the tables',
    details: 'Only the command migrate uses it, and grants the role of DATABASE_URL what the service needs.',
    absent: '`DATABASE_URL`',
    example: 'postgresql://modelgate_owner:password@localhost:5432/modelgate',
  },
  DATABASE_POOL_SIZE: {
    section: 'Database',
    schema: whole(1, 500).default(10),
    description: 'Connections that one process opens at most for requests',
    details: 'Two more are for /ready and for the notifications of changes.',
  },
  DATABASE_PREPARED_STATEMENTS: {
    section: 'Database',
    schema: oneOf(preparedStatements).default('auto'),
    description: 'Whether statements are prepared once on each connection; `auto`: where no pooler is detected',
    details:
      'Prepared statements have names. Behind a pooler that keeps them, as PgBouncer does since 1.21, on saves the ' +
      'database work.',
  },
  DATA_DIR: {
    section: 'Embedded database',
    schema: z.string().optional(),
    description: 'The folder of the embedded database, and of the keys that sign tokens and encrypt provider keys',
    details:
      'For root, where the user of PostgreSQL cannot enter the working folder, the default is a folder below ' +
      '/var/lib/modelgate, which is printed.',
    absent: '`.data` in the working folder',
    example: '.data',
  },
} satisfies Record<string, Variable>;
