import { of } from './mutant.ts';

export const ofLedgerProof = [
  ...of('entry hash', [
    { fault: 'the hash before is left out', is: `sha256(coalesce(\${previous}, '') || `, becomes: 'sha256(' },
    { fault: 'the actor is left out', is: `'actorId', e."actorId", `, becomes: '' },
    { fault: 'the reason is left out', is: `'reason', e."reason", `, becomes: '' },
    { fault: 'what is null is in the text', is: 'jsonb_strip_nulls(', becomes: '(' },
    { fault: 'the state after is left out', is: `coalesce(', "after": ' || e."after"::text, '')`, becomes: `''` },
    { fault: 'the hash is of the first entry', is: 'DESC LIMIT 1', becomes: 'LIMIT 1' },
  ]),
  ...of('verify chain', [
    { fault: 'a hash is not compared', is: ' OR "hash" IS DISTINCT FROM "computed"', becomes: '' },
    { fault: 'a gap is not seen', is: '"number" <> "expected" OR ', becomes: '' },
    { fault: 'the last misfit is named', is: 'min("expected")', becomes: 'max("expected")' },
    { fault: 'only the first page is verified', is: 'after = last;', becomes: 'after = end;' },
    { fault: 'an end that is missing fits', is: 'if (newest < revision)', becomes: 'if (false)' },
    { fault: 'entries too many fit', is: 'if (newest > revision)', becomes: 'if (false)' },
  ]),
  ...of('checkpoint', [
    {
      fault: 'whatever the key has signed is a checkpoint',
      is: 'if (protectedHeader.typ !== type)',
      becomes: 'if (false)',
    },
  ]),
  ...of('write checkpoints', [
    { fault: 'two processes write at once', is: 'if (!lock?.isMine) return undefined;', becomes: '' },
    { fault: 'one is written each time', is: `AND (c."at" IS NULL OR c."at" < \${today})`, becomes: '' },
  ]),
  ...of('verify checkpoints', [
    { fault: 'another hash fits', is: 'opened.hash === hash ? undefined', becomes: 'hash ? undefined' },
    { fault: 'that of another organization fits', is: 'opened.organizationId === organizationId && ', becomes: '' },
    { fault: 'that of another entry fits', is: ' && opened.number === number', becomes: '' },
    { fault: 'that of another time fits', is: ' && opened.at === at.toISOString()', becomes: '' },
    {
      fault: 'an end that was cut off fits',
      is: `if (hash === null) return 'BEYOND';`,
      becomes: 'if (hash === null) return;',
    },
  ]),
];
