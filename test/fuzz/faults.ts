import { errorCodes } from '../../src/errors/base.ts';
import type { FuzzedRequest } from './request.ts';
import type { Scene } from './scene.ts';
import type { FuzzedAnswer } from './send.ts';
import { newSecret } from './values.ts';

const codes = new Set(Object.keys(errorCodes));

/** What nobody is told: how the service is made, and that it failed. */
const inner =
  /INTERNAL_SERVER_ERROR|SERVICE_UNAVAILABLE|prisma|SELECT |INSERT INTO|relation "|constraint|node_modules|\n\s+at |\.(ts|js):\d/i;

/** What is wrong with an answer; nothing, if it is one that may be given to this request. */
export function faultsOf(request: FuzzedRequest, answer: FuzzedAnswer, scene: Scene): string[] {
  const { status, contentType, text } = answer;
  // The schema says in its descriptions what it is of.
  const found = /_service/.test(request.path + request.body) ? undefined : inner.exec(text)?.[0];
  return [
    ...(status >= 200 && status < 500 ? [] : [`Its status is ${status}`]),
    ...(found === undefined ? [] : [`It says ${found}`]),
    ...scene.foreignNames
      .filter((name) => text.includes(name))
      .map((name) => `It tells ${name} of another organization`),
    ...(mayTellSecrets(request) ? [] : secretsIn(text, scene)),
    ...jsonTextsOf(contentType, text).flatMap((json) => faultsOfJson(json, request)),
    ...(text === '' || contentType !== '' ? [] : ['Its content has no type']),
  ];
}

/** A gateway may read a provider key; whoever makes an API key is told its token. */
function mayTellSecrets({ body = '', path, sender }: FuzzedRequest): boolean {
  return sender === 'a key that may KEYS_USE' && /providerKeySecret/.test(body + path);
}

function secretsIn(text: string, { secrets }: Scene): string[] {
  const told = secrets.find((secret) => text.includes(secret)) ?? newSecret.exec(text)?.[0];
  return told === undefined ? [] : [`It tells the secret ${told}`];
}

/** NDJSON is one text a line, and none where there is no line. */
function jsonTextsOf(contentType: string, text: string): string[] {
  if (/ndjson/.test(contentType)) return text.split('\n').slice(0, -1);
  return /json/.test(contentType) ? [text] : [];
}

function faultsOfJson(text: string, { path }: FuzzedRequest): string[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return ['It is no JSON'];
  }
  if (!path.startsWith('/graphql')) return [];
  const { errors = [] } = body as { errors?: { message?: unknown; extensions?: Record<string, unknown> }[] };
  return errors.flatMap(({ message, extensions }) => [
    ...(codes.has(String(extensions?.code)) ? [] : [`An error has the code ${extensions?.code}`]),
    ...(typeof extensions?.traceId === 'string' ? [] : ['An error has no traceId']),
    ...(typeof message === 'string' && message.length < 3_000 ? [] : ['An error has no message of a fair length']),
  ]);
}

/** Whether what was asked for was done, or told, without any error. */
export function isSuccess({ status, text }: FuzzedAnswer): boolean {
  return status < 400 && !/"errors":\[|"code":"[A-Z_]+"|__typename":"\w+Error"/.test(text);
}
