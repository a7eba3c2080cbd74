import { SdkError } from './gate-error.ts';
import type { ConnectOptions } from './types.ts';

type Check = (value: unknown) => boolean;

/** The longest delay of a timer, in ms. */
const maxDelayMs = 2 ** 31 - 1;

const isText: Check = (value) => typeof value === 'string' && value !== '';
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isKeys: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isObject);
const isDuration: Check = (value) => typeof value === 'number' && value > 0 && value <= maxDelayMs;
// There is no `URL` in each runtime.
const isUrl: Check = (value) => typeof value === 'string' && /^https?:\/\/[^\s?#]+$/.test(value);

const required = {
  url: [isUrl, 'the address of the service, as https://modelgate.example.com'],
  apiKey: [isText, 'an API key or a token'],
  organizationId: [isText, 'the id of an organization (org_…)'],
} satisfies { [Name in keyof ConnectOptions]?: readonly [Check, string] };

const durations = [isDuration, `a number of milliseconds, more than 0 and at most ${maxDelayMs}`] as const;

const optional = {
  subjects: [isTexts, 'a list of ids'],
  bootstrap: [(value) => isText(value) || isObject(value), 'the path of a file, or what snapshot() gave'],
  maxStaleMs: durations,
  onStale: [(value) => value === 'deny' || value === 'last', "'deny' or 'last'"],
  publicKey: [(value) => isObject(value) || isKeys(value), 'a JWK, or a list of at least one'],
  pollMs: durations,
  timeoutMs: durations,
  fetch: [(value) => typeof value === 'function', 'a function'],
} satisfies { [Name in keyof ConnectOptions]?: readonly [Check, string] };

/** What would be taken for something else, such as a duration that is no number, must not decide anything. @throws SdkError */
export function checkOptions(options: ConnectOptions): void {
  if (!isObject(options)) throw refused('connect needs options: { url, apiKey, organizationId }');
  const given = options as unknown as Record<string, unknown>;
  for (const [name, [isGood, what]] of Object.entries(required)) {
    if (!isGood(given[name])) throw refused(`\`${name}\` must be ${what}`);
  }
  for (const [name, [isGood, what]] of Object.entries(optional)) {
    if (given[name] !== undefined && !isGood(given[name])) throw refused(`\`${name}\` must be ${what}`);
  }
  const names = [...Object.keys(required), ...Object.keys(optional)];
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw refused(`There is no option \`${unknown}\`: there are ${names.join(', ')}`);
}

function refused(message: string): SdkError {
  return new SdkError('INVALID_OPTION', message);
}
