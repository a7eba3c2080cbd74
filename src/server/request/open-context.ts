import { ServerResponse } from 'node:http';
import { authorizationOf } from '../../auth/credentials.ts';
import type { Sessions } from '../../auth/session.ts';
import { type Viewer, viewerIdOf } from '../../auth/viewer.ts';
import { type Context, createContext, type Services } from '../../context.ts';
import { withDeadline } from './deadline.ts';
import { pathOf } from './fast-request.ts';
import { recordError, recordOf } from './request-record.ts';

interface Opening {
  sessions: Sessions;
  clock: () => Date;
  /** What all contexts share. */
  services: Services;
}

/** Authenticates a caller, and creates its context: synchronously where the session is cached. @throws UnauthenticatedError */
export function contextOpener({ sessions, clock, services }: Opening) {
  return ({ request, res }: { request: Request; res?: unknown }): Context | Promise<Context> => {
    const now = clock();
    const open = (viewer: Viewer) => {
      const record = recordOf(request);
      record.viewerId = viewerIdOf(viewer);
      record.context = createContext(services, {
        viewer,
        method: request.method,
        connection: {
          // A getter, since the signal is created on first use, and few requests use it.
          get signal() {
            return request.signal;
          },
          get lastEventId() {
            return request.headers.get('last-event-id');
          },
          hangUp: () => void (res instanceof ServerResponse && res.destroy()),
        },
        now,
        onTypedError: (error) => recordError(record, error.code, error),
      });
      return record.context;
    };
    const authorization = authorizationOf(pathOf(request), request.headers);
    const known = sessions.find(authorization, now);
    if (known) return open(known);
    const deadline = { limitMs: services.limits.executionMs, client: request.signal };
    return withDeadline(deadline, (signal) => sessions.authenticate(authorization, now, signal)).then(open);
  };
}
