import { z } from 'zod';
import { whole } from './values.ts';
import type { Variable } from './variable.ts';

export const network = {
  HOST: {
    section: 'Network',
    schema: z.string().default('localhost'),
    description: 'The host name or address to listen on; `0.0.0.0` is every IPv4 address, as containers need it',
  },
  PORT: {
    section: 'Network',
    schema: whole(0, 65_535).default(4000),
    description: 'The TCP port; `0`: any that is free, which is printed',
  },
  TRUSTED_PROXIES: {
    section: 'Network',
    schema: whole(0, 100).default(0),
    description: 'How many proxies stand in front of the service, exactly; `0`: `X-Forwarded-For` is not read',
    details:
      "Each appends the address of its client to X-Forwarded-For; the client's address is taken from that far back in it.",
    example: '1',
  },
  KEEP_ALIVE_TIMEOUT_MS: {
    section: 'Timeouts',
    schema: whole(1_000, 3_600_000).default(65_000),
    description: 'How long a connection may be idle between two requests, in ms',
    details:
      'Longer than load balancers keep an idle connection (60 s), so that none sends a request on one that is being closed.',
  },
  SEND_TIMEOUT_MS: {
    section: 'Timeouts',
    schema: whole(100, 3_600_000).default(30_000),
    description: 'How long a client may read nothing of what is sent to it, in ms; then its connection is closed',
  },
} satisfies Record<string, Variable>;
