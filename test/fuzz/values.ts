import fc, { type Arbitrary } from 'fast-check';
import { cursors, mostly, oddNumbers, oddTexts, settings, texts, times } from './oddities.ts';
import type { IdKind, Scene } from './scene.ts';
import type { Value } from './value.ts';

const providers = mostly<string>(
  fc.constantFrom('openai', 'openai', 'openai', 'openai', 'anthropic', 'google'),
  fc.oneof(oddTexts, fc.constantFrom('mistral', 'cohere', 'OpenAI', 'azure')),
  8,
);
/** Not those that configurations are of: else there is soon little left to do. */
const disabledProviders = mostly<string>(fc.constantFrom('mistral', 'cohere', 'aitronos'), providers, 8);
const disabledModels = mostly<string>(
  fc.constantFrom('gpt-4o-mini', 'openai/gpt-3.5-turbo', 'Gemini 2.5 Flash', 'mistral/*', 'gpt-3*'),
  fc.oneof(oddTexts, fc.constantFrom('*', 'a*', 'a*b', '/x/', 'mdl_*', 'gpt-4 *')),
  20,
);
const modelKeys = mostly<string>(
  fc.constantFrom('gpt-4o', 'gpt-4.1', 'gpt-4o', 'gpt-4.1', 'openai/gpt-4o', 'claude-sonnet-4-6', 'mdl_openai/gpt-4.1'),
  fc.oneof(
    oddTexts,
    fc.constantFrom('gpt-4o-mini', 'openai/claude-sonnet-4-6', 'azure/gpt-4o', 'gpt-3', '/', 'openai/'),
  ),
  12,
);
const policyDocuments = mostly<string>(
  fc
    .record(
      {
        disabledProviders: fc.array(disabledProviders),
        disabledModels: fc.array(disabledModels),
        allowedModels: fc.option(fc.array(disabledModels), { freq: 2 }),
        newModels: fc.constantFrom('ALLOW', 'REVIEW'),
        approvedModels: fc.array(modelKeys),
        aliases: fc.dictionary(fc.constantFrom('fast', 'Fast', 'gpt-4o', ''), fc.array(modelKeys)),
        scopes: fc.dictionary(
          fc.constantFrom('role_member', 'role_x', 'usr_absent'),
          fc.record({ disabledModels: fc.array(disabledModels) }),
        ),
      },
      { requiredKeys: ['disabledProviders', 'disabledModels'] },
    )
    .map((policy) => JSON.stringify(policy)),
  fc.oneof(
    oddTexts,
    fc.constantFrom(
      '{}',
      'disabledModels: [&a x]',
      '__proto__: {}',
      '[[[[',
      '{}\n---\n{}',
      'organizationId: org_',
      '- !!set x',
    ),
  ),
  4,
);
/** As none that is in a scene: whoever reads it in an answer knows that it was told. */
export const newSecret = /sk-fuzz-[0-9a-f]{32}/;
const secrets = mostly<string>(
  fc.stringMatching(/^[0-9a-f]{32}$/).map((digits) => `sk-fuzz-${digits}`),
  fc.oneof(
    oddTexts,
    fc.constantFrom('sk-…abcd', '********', '$OPENAI_API_KEY', '"sk-quoted-quoted"', 'Bearer sk-abcdefgh'),
  ),
  15,
);

/** Which ids a field means, by its name and by what is asked. */
const idKinds: [pattern: RegExp, kind: IdKind][] = [
  [/organization_?id|organization\.id/i, 'organization'],
  [/user_?id/i, 'user'],
  [/provider[-_]?key/i, 'providerKey'],
  [/model-?config/i, 'config'],
  [/apiKey/i, 'apiKey'],
  [/invitation/i, 'invitation'],
  [/exception/i, 'exception'],
  [/team/i, 'team'],
  [/subject_?id/i, 'user'],
];

export type Values = ReturnType<typeof createValues>;

/** Values for fields by their names, which mostly fit and sometimes nearly do. */
export function createValues({ ids, spare }: Scene) {
  const known = Object.values(ids).flat();
  const strange = fc.oneof(
    fc.constantFrom(...known),
    oddTexts,
    fc.constantFrom(
      ...['org_', 'cfg_', 'key_', 'usr_', 'api_', 'inv_', 'rev_', 'mdl_', 'oms_', 'exc_', 'team_'].flatMap((prefix) => [
        prefix,
        `${prefix}absent`,
      ]),
    ),
    fc.constantFrom(
      ...known.flatMap((id) => [`${id} `, `${id}\0`, id.toUpperCase(), id.replace('_', '-'), id.slice(0, -1)]),
    ),
  );
  /** `about` is what is asked for, `name` the field. */
  const id = (name: string, about: string): Arbitrary<string> => {
    const isNew = about === 'inviteMember' && name === 'userId';
    const kind = isNew
      ? 'newUser'
      : idKinds.find(([pattern]) => pattern.test(name === 'id' ? `${about}.id` : name))?.[1];
    const isToGo = /delete|remove|revoke/i.test(about) && kind !== 'organization';
    const fit = fc.constantFrom(...(kind ? (isToGo ? spare : ids)[kind] : known));
    return mostly(fit, strange, kind === undefined ? 20 : 12);
  };
  const text = (name: string, about: string): Arbitrary<string> => {
    if (/(^id|ids|_id|[a-z]Id)$/.test(name) && name !== 'modelId') return id(name, about);
    if (/secret|apiKey/.test(name)) return secrets;
    if (name === 'document') return policyDocuments;
    if (/disabled_?providers/i.test(name)) return disabledProviders;
    if (/disabled_?models|^(selector|allow|disable)$/i.test(name)) return disabledModels;
    if (/provider/i.test(name)) return providers;
    if (/model/i.test(name)) return modelKeys;
    if (name === 'after' || name === 'before') return cursors;
    return texts;
  };
  const number = (name: string): Arbitrary<number> => {
    const fit = /revision/i.test(name) ? fc.integer({ min: 0, max: 30 }) : fc.integer({ min: 1, max: 4 });
    return mostly(fit, oddNumbers, 8);
  };
  const representation = fc
    .tuple(
      mostly<string>(fc.constantFrom('Organization', 'ModelConfig', 'User', 'Model'), oddTexts, 10),
      strange,
      fc.constantFrom(...known),
    )
    .map(([__typename, other, one]): Value => ({ __typename, id: __typename.length % 5 === 0 ? other : one }));
  return { id, text, number, time: times, settings, representation };
}
