import { parseArgs } from 'node:util';
import { commandLine } from '../../program.ts';
import { gateErrorOf } from '../../sdk/gate-error.ts';
import { Source } from '../../sdk/source.ts';
import { type Command, UsageError } from '../command.ts';
import { connectionsOf } from '../graph/connection.ts';
import { organizationOf } from '../graph/organization.ts';
import { listen } from '../listen.ts';
import { say } from '../say.ts';
import { aborted, stopSignal } from '../stop-signal.ts';
import { allowing, answersOf } from './relay-answers.ts';
import { RelayStreams } from './relay-streams.ts';

const usage = `Usage: ${commandLine('relay', '--org ORG [--url URL] [--token-file FILE] [--port PORT] [--file FILE]')}

Passes the snapshot of an organization on to many SDKs: it holds one stream open to the service, and one to each of them. They
connect to it as they do to the service, with the same API key.

  --org         the id of the organization (org_…)
  --url         the address of the service, or of another relay; MODELGATE_URL, else http://localhost:4000, if not given
  --token-file  a file with the API key (scope read); MODELGATE_TOKEN, if not given
  --subjects    ids of users and API keys whose role and teams SDKs may ask for, separated by commas
  --host        where it listens: 127.0.0.1, if not given; 0.0.0.0 for other machines
  --port        4100, if not given
  --file        keeps the snapshot there, and begins with it where the service is away

GET /health tells how long ago the service has confirmed the snapshot.
`;

const options = {
  org: { type: 'string' },
  url: { type: 'string' },
  'token-file': { type: 'string' },
  subjects: { type: 'string', default: '' },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '4100' },
  file: { type: 'string' },
} as const;

/** How old, in ms, the file may be that a relay begins with: SDKs are told the age, and decide for themselves. */
const maxStaleMs = 24 * 3_600_000;

/** How often, in ms, the same error is said at most. */
const sayAgainMs = 60_000;

/** How long, in ms, connections may take to end. */
const graceMs = 1_000;

const timeouts = { keepAliveTimeoutMs: 5_000, sendTimeoutMs: 30_000 };

export const relay: Command = {
  usage,
  run: async (args) => {
    const { values } = parseArgs({ args, options });
    if (values.org === undefined) throw new UsageError(`Which organization? --org ORG\n\n${usage}`);
    const organizationId = organizationOf(values.org);
    const { url, token } = connectionsOf(values)(organizationId);
    const subjects = values.subjects.split(',').filter(Boolean);
    const stop = stopSignal();
    const streams = new RelayStreams();
    const source = new Source(
      {
        url,
        apiKey: token,
        organizationId,
        subjects,
        maxStaleMs,
        ...(values.file === undefined ? {} : { bootstrap: values.file }),
      },
      {
        onState: (state) => streams.change(state),
        onConfirmed: () => streams.confirm(),
        onError: sayErrors(),
      },
    );
    const endpoint = await listen({ host: values.host, port: portOf(values.port), ...timeouts }, names(organizationId));
    try {
      await source.start().catch((error: unknown) => {
        throw new UsageError(`${gateErrorOf(error).message}. There is nothing to pass on.`);
      });
      endpoint.answerWith(answersOf({ source, streams, organizationId, subjects, isAllowed: allowing(token) }));
      say(`The relay is ready: ${endpoint.url} passes ${organizationId} on.`);
      await aborted(stop);
    } finally {
      streams.close();
      await Promise.all([source.close(), endpoint.close(graceMs)]);
    }
  },
};

const names = (organizationId: string) => ({
  host: '--host',
  port: '--port',
  withPort: (port: number) => commandLine('relay', '--org', organizationId, '--port', String(port)),
});

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port must be a number up to 65535, not "${text}".`);
}

/** Says what goes wrong with the service; the same message not again for a while. */
function sayErrors(): (error: Error) => void {
  const saidAt = new Map<string, number>();
  return ({ message }) => {
    const now = performance.now();
    if (now - (saidAt.get(message) ?? Number.NEGATIVE_INFINITY) < sayAgainMs) return;
    if (saidAt.size > 100) saidAt.clear();
    saidAt.set(message, now);
    say(`${message}.`);
  };
}
