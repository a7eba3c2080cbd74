import { of } from './mutant.ts';

export const ofExceptions = [
  ...of('exception subjects', [
    {
      fault: 'an exception for somebody absent is made',
      is: 'if (unknown.length > 0) throw',
      becomes: 'if (false) throw',
    },
    {
      fault: 'one for the own role is for somebody else',
      is: '(role && subjectId === idOfRole(role))',
      becomes: 'false',
    },
    {
      fault: 'one for an own team is for somebody else',
      is: 'return (await countRows(tx, member)) > 0;',
      becomes: 'return false;',
    },
    {
      fault: 'whoever is alone by its membership may grant, whatever tokens say of others',
      is: 'actor.roleIn(organizationId) !== null && ',
      becomes: '',
    },
    {
      fault: 'nobody may grant one for itself, not even alone',
      is: 'countRows(tx, others)) === 0)',
      becomes: 'countRows(tx, others)) < 0)',
    },
    { fault: 'the other admins are not counted', is: `"role" IN ('OWNER', 'ADMIN')`, becomes: `"role" = 'OWNER'` },
  ]),
  ...of('exception creation', [
    {
      fault: 'somebody requests one for another',
      is: 'if (!(await isForActor(tx, change, subjectId))) {',
      becomes: 'if (false) {',
    },
    { fault: 'one that is past is made', is: 'refuseInvalidEnd(said.until, change);', becomes: '' },
    {
      fault: 'the history does not say that it was granted to oneself',
      is: 'isSelfGranted && { selfGranted: true }',
      becomes: 'false',
    },
  ]),
  ...of('exception limits', [
    { fault: 'one user requests as many as it likes', is: 'limits.exceptionRequests', becomes: '1e9' },
    { fault: 'there are more than may be', is: 'limits.exceptions,', becomes: '1e9,' },
    { fault: 'what has ended counts', is: ` AND "until" > \${now}`, becomes: '' },
    {
      fault: 'the models of all are of any length',
      is: 'const maxGrantedLength = 500_000',
      becomes: 'const maxGrantedLength = 1e9',
    },
  ]),
  ...of('exception decisions', [
    { fault: 'it is decided twice', is: 'if (!from.includes(state))', becomes: 'if (false)' },
    {
      fault: 'one is granted to oneself by a decision',
      is: 'await refuseSelfGrant(tx, change, present)',
      becomes: 'false',
    },
    {
      fault: 'the length is not checked by a decision',
      is: 'await refuseTooLong(tx, change, models);',
      becomes: '',
    },
    { fault: 'the end is not checked again', is: 'refuseInvalidEnd(end, change);', becomes: '' },
    { fault: 'another end is not taken', is: 'until ?? present.until', becomes: 'present.until' },
    {
      fault: 'the subject is not looked for again',
      is: 'if (subjectId !== requestedById) await',
      becomes: 'if (false) await',
    },
    { fault: 'anybody takes a request back', is: 'present.requestedById !== requestedById', becomes: 'false' },
    {
      fault: 'one that is granted is taken back by whoever requested it',
      is: `from: ['REQUESTED'], requestedById`,
      becomes: `from: ['REQUESTED', 'GRANTED'], requestedById`,
    },
  ]),
  ...of('exception list', [
    { fault: 'everybody sees all', is: `\${ownIds === null ? Prisma.empty : isOwn}`, becomes: '' },
    {
      fault: 'those of teams are not seen by their members',
      is: ` OR "subjectId" IN (`,
      becomes: ` OR "subjectId" NOT IN (`,
    },
    { fault: 'what has ended is granted', is: `AND "until" > \${now}`, becomes: '' },
  ]),
  ...of('exception visibility', [
    {
      fault: 'those of other teams are visible',
      is: '.then((teams) => teams.includes(subjectId))',
      becomes: '.then(() => true)',
    },
    {
      fault: 'those of others are visible',
      is: 'ownSubjectIds(context, organizationId).includes(subjectId);',
      becomes: 'true;',
    },
  ]),
  ...of('snapshot', [
    { fault: 'what nobody has granted lifts reasons', is: `e."state" = 'GRANTED' AND `, becomes: '' },
    { fault: 'exceptions of other organizations lift reasons', is: `e."organizationId" = o."id" AND `, becomes: '' },
  ]),
];
