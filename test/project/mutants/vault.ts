import { of } from './mutant.ts';

export const ofVault = [
  ...of('vault', [
    {
      fault: 'a value opens in any place',
      is: 'JSON.stringify([organizationId, provider, id])',
      becomes: `JSON.stringify([])`,
    },
    {
      fault: 'a value opens in another organization',
      is: 'JSON.stringify([organizationId, provider, id])',
      becomes: 'JSON.stringify([provider, id])',
    },
    {
      fault: 'a value opens at another provider',
      is: 'JSON.stringify([organizationId, provider, id])',
      becomes: 'JSON.stringify([organizationId, id])',
    },
    {
      fault: 'a value opens in another row',
      is: 'JSON.stringify([organizationId, provider, id])',
      becomes: 'JSON.stringify([organizationId, provider])',
    },
    {
      fault: 'two places are written alike',
      is: 'JSON.stringify([organizationId, provider, id])',
      becomes: `[organizationId, provider, id].join('')`,
    },
    { fault: 'the nonce is the same each time', is: 'randomBytes(nonceLength)', becomes: 'Buffer.alloc(nonceLength)' },
    {
      fault: 'the tag is not checked',
      is: 'Buffer.concat([decipher.update(ciphertext), decipher.final()])',
      becomes: 'decipher.update(ciphertext)',
    },
    {
      fault: 'the last master key seals',
      is: 'const [first] = masterKeys;',
      becomes: 'const first = masterKeys.at(-1) ?? masterKeys[0];',
    },
    {
      fault: 'only the first master key opens',
      is: 'new Map(masterKeys.map(',
      becomes: 'new Map(masterKeys.slice(0, 1).map(',
    },
    { fault: 'a fault says what the cipher says', is: '} catch {', becomes: '} catch (error) {\n        throw error;' },
    {
      fault: 'an unknown master key is a fault of ours',
      is: 'if (!key) throw new InvalidProviderKeyError',
      becomes: 'if (!key) throw new Error',
    },
  ]),
  ...of('master keys', [
    {
      fault: 'a short key is accepted',
      is: 'if (bytes.length !== keyLength)',
      becomes: 'if (bytes.length > keyLength)',
    },
    {
      fault: 'a long key is accepted',
      is: 'if (bytes.length !== keyLength)',
      becomes: 'if (bytes.length < keyLength)',
    },
    {
      fault: 'a key of one byte again and again is accepted',
      is: 'bytes.every((byte) => byte === bytes[0])',
      becomes: 'bytes.every((byte) => byte === 0)',
    },
    {
      fault: 'an all-zero key is accepted',
      is: 'bytes.every((byte) => byte === bytes[0])',
      becomes: 'bytes.every((byte) => byte === 1)',
    },
    {
      fault: 'what is no base64 is read as far as it is',
      is: `if (bytes.toString('base64') !== encoded)`,
      becomes: 'if (false)',
    },
    { fault: 'an id may stand twice', is: 'ids.indexOf(id) !== index', becomes: 'false' },
    { fault: 'the faulty keys are left out', is: '!first || faults.length > 0', becomes: '!first' },
    { fault: 'an id may be long', is: '[\\w.-]{0,63}', becomes: '[\\w.-]*' },
    {
      fault: 'a new key is made beside the one that is there',
      is: `?? (await createFile(directory, file))`,
      becomes: '&& (await createFile(directory, file))',
    },
    {
      fault: 'each of several processes makes a key of its own',
      is: '{ ifAbsent: true }',
      becomes: '{ ifAbsent: false }',
    },
  ]),
  ...of('master key rotation', [
    {
      fault: 'what the first master key sealed is sealed again',
      is: 'const stale = { masterKeyId: { not: vault.masterKeyId } };',
      becomes: 'const stale = {};',
    },
    {
      fault: 'what a service rotated meanwhile is undone',
      is: 'where: { id, organizationId, sealed }',
      becomes: 'where: { id, organizationId }',
    },
    { fault: 'the first batch is the last', is: 'after = last.id;', becomes: 'return;' },
    {
      fault: 'one that does not open ends it',
      is: 'if (error instanceof InvalidProviderKeyError) return error.message;',
      becomes: '',
    },
  ]),
];
