import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScimError } from '../../src/errors/scim.ts';
import { userResource } from '../../src/scim/attributes.ts';
import { parseFilter } from '../../src/scim/filter.ts';
import { readOperations } from '../../src/scim/patch-operations.ts';
import { patchResource } from '../../src/scim/patch-resource.ts';
import { readResource } from '../../src/scim/read-resource.ts';
import { enterpriseUrn, userUrn } from '../kit/scim.ts';

const names = fc.constantFrom(
  ...[
    'userName',
    'name',
    'name.givenName',
    'NAME.familyname',
    'emails',
    'emails.value',
    'emails[type eq "work"]',
    'active',
  ],
  ...[
    'emails[type eq "work" and primary eq true].value',
    'addresses[type eq "work"].formatted',
    'title',
    'id',
    'schemas',
  ],
  ...[
    `${enterpriseUrn}:department`,
    `${enterpriseUrn}:manager.value`,
    enterpriseUrn,
    `${userUrn}:title`,
    userUrn,
    'password',
  ],
  ...[
    '',
    '.',
    '[',
    ']',
    'emails[',
    'emails[]',
    'emails[type eq',
    '__proto__',
    'constructor',
    'toString',
    'x',
    'a.b.c.d',
  ],
);
const fit = fc.constantFrom(
  'name',
  'name.givenName',
  'emails',
  'emails[type eq "work"]',
  'emails[type eq "home"].value',
  'active',
  'title',
);
const paths = fc.oneof({ weight: 6, arbitrary: fit }, { weight: 3, arbitrary: names }, fc.string());
const texts = fc.oneof(fc.string(), fc.constantFrom('True', 'false', 'work', 'a@example.com', '\0', '\ud800'));
const leaves = fc.oneof(texts, fc.boolean(), fc.integer(), fc.constant(null));
const element = fc.dictionary(
  fc.constantFrom('value', 'type', 'primary', 'display', 'formatted', 'givenName', 'x'),
  leaves,
);
const values = fc.oneof(
  leaves,
  element,
  fc.array(fc.oneof(element, leaves), { maxLength: 5 }),
  fc.dictionary(paths, leaves),
);
const operations = fc.array(
  fc.record(
    { op: fc.constantFrom('add', 'Add', 'replace', 'Replace', 'remove', 'REMOVE', 'move'), path: paths, value: values },
    { requiredKeys: ['op'] },
  ),
  { minLength: 1, maxLength: 3 },
);

const present = {
  userName: 'nadia',
  active: true,
  name: { givenName: 'Nadia' },
  emails: [{ value: 'n@example.com', type: 'work', primary: true }],
};

/** What a function answers; undefined where it refuses in the form of SCIM. */
function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

describe('any PATCH', () => {
  it('is refused in the form of SCIM, or leaves what a resource may be, and the present one as it was', () => {
    let done = 0;
    const before = structuredClone(present);
    fc.assert(
      fc.property(operations, (given) => {
        const patched = attempt(() => patchResource(present, readOperations(userResource, { Operations: given })));
        if (patched) {
          done += 1;
          expect(attempt(() => readResource(userResource, patched))).toEqual(patched);
        }
        expect(present).toEqual(before);
        expect(Object.getPrototypeOf(patched ?? {})).toBe(Object.prototype);
      }),
      { numRuns: 2_000 },
    );
    expect(done).toBeGreaterThan(100);
  });

  it('that replaces with what is there changes nothing', () => {
    const same = readOperations(userResource, { Operations: [{ op: 'Replace', value: present }] });

    expect(patchResource(present, same)).toEqual(present);
  });
});

describe('any filter', () => {
  it('is parsed, or refused in the form of SCIM', () => {
    const parts = fc.constantFrom(
      ...['userName', 'emails[', ']', ' eq ', ' and ', '"x"', 'true', '.', '(', 'not ', '"', '\\'],
    );
    const filter = fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 12 }).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(filter, (text) => void attempt(() => parseFilter(text))),
      { numRuns: 2_000 },
    );
  });
});
