import { describe, expect, it } from 'vitest';
import { UserId } from '../../src/domain/input/id.ts';
import { idOf } from '../../src/domain/organizations/identity.ts';

const issuer = 'https://id.example.com';

describe('the id of an identity', () => {
  it('is one of ours, and the same each time', () => {
    const id = idOf('usr', { issuer, externalId: 'auth0|1' });

    expect(UserId.safeParse(id).success).toBe(true);
    expect(idOf('usr', { issuer, externalId: 'auth0|1' })).toBe(id);
  });

  it('is another for each subject, issuer and kind, wherever one text ends and the next begins', () => {
    const ids = [
      idOf('usr', { issuer, externalId: '1' }),
      idOf('usr', { issuer, externalId: '2' }),
      idOf('usr', { issuer: `${issuer}/`, externalId: '1' }),
      idOf('usr', { issuer: `${issuer}","1`, externalId: '' }),
      idOf('org', { issuer, externalId: '1' }).replace('org', 'usr'),
    ];

    expect(new Set(ids).size).toBe(ids.length);
  });
});
