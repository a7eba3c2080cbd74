import { openAiError, refuseAsOpenAi } from '../openai-error.ts';
import type { Found, Point, PublicPoint, Refusal } from '../point.ts';
import type { PointRequest } from '../point-request.ts';
import { answerProxy } from './answer.ts';

/** How proxies are answered. */
export interface ExtAuthzOptions {
  /** Whether a body that is cut is decided by its beginning. */
  takesCutBodies: boolean;
}

const path = '/ext-authz';

/**
 * Whether a path is for proxies. They put it before the path of the call, whatever that is: so it is looked for in the target as it
 * was sent. Any other answer than that of the point could be a 200, which lets the call pass.
 */
export function isExtAuthz(target: string): boolean {
  return target.startsWith(path);
}

const about = { route: `${path}/*`, methods: 'ANY', refuse } as const;

const off: PublicPoint = {
  ...about,
  isPublic: true,
  answer: () =>
    openAiError({ status: 404, message: 'There is no external authorization here; EXT_AUTHZ=true switches it on' }),
};

const noPath: PublicPoint = {
  ...off,
  answer: () => openAiError({ status: 404, message: `The path of the call must follow ${path}/` }),
};

/** The points of a server: without options it answers no proxy. */
export function createExtAuthz(options: ExtAuthzOptions | undefined): (pathname: string) => Found | undefined {
  const on: Point | undefined = options && {
    ...about,
    credentialsOf,
    credentialsIn: 'x-modelgate-authorization or Authorization, as "Bearer <key>"',
    answer: (call) => answerProxy(call, options),
  };
  return (pathname) => {
    if (!isExtAuthz(pathname)) return undefined;
    if (!on) return { point: off };
    return { point: pathname === path || pathname[path.length] === '/' ? on : noPath };
  };
}

/** Those of the proxy itself where it has any: `Authorization` may be for the provider. */
function credentialsOf({ headers }: PointRequest): string | null {
  const own = headers.get('x-modelgate-authorization');
  if (own === null) return headers.get('authorization');
  return own.includes(' ') ? own : `Bearer ${own}`;
}

function refuse(refusal: Refusal) {
  const { headers, ...answer } = refuseAsOpenAi(refusal);
  return { ...answer, headers: { ...headers, 'x-modelgate-reasons': refusal.code } };
}
