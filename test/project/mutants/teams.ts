import { of } from './mutant.ts';

export const ofTeams = [
  ...of('team members', [
    {
      fault: 'a team has more members than may be',
      is: 'if (joining.length > 0) {\n    refuseOneMore',
      becomes: 'if (false) {\n    refuseOneMore',
    },
    { fault: 'a replacement leaves the others', is: '(replaces ? !added.has(userId) : ', becomes: '(' },
    {
      fault: 'whoever leaves one kind of team leaves all',
      is: `AND t."source" = \${source}`,
      becomes: `AND (t."source" = \${source} OR true)`,
    },
  ]),
  ...of('team commits', [
    {
      fault: 'there are more teams than may be',
      is: 'refuseOneMore(await countRows(tx, teamsKeptBy(source, organizationId)), limits.teams',
      becomes: 'refuseOneMore(0, limits.teams',
    },
    {
      fault: 'a team counts as another one of its name',
      is: ` AND "id" <> \${id}`,
      becomes: ` AND (true OR "id" <> \${id})`,
    },
    { fault: 'what changes nothing makes a revision', is: 'if (isSame && ', becomes: 'if (false && ' },
    {
      fault: 'the tags of members are not invalidated',
      is: 'of [...joining, ...leaving]) actor',
      becomes: 'of [...joining, ...leaving].slice(0, 0)) actor',
    },
  ]),
  ...of('team changes', [
    {
      fault: 'a team that is kept elsewhere is changed',
      is: "if (team.source !== 'MANUAL')",
      becomes: 'if (false)',
    },
    {
      fault: 'a team of another organization is changed',
      is: `WHERE "organizationId" = \${organizationId} AND "id" = ANY`,
      becomes: `WHERE ("organizationId" = \${organizationId} OR true) AND "id" = ANY`,
    },
    {
      fault: 'users of another organization join',
      is: `WHERE "organizationId" = \${organizationId} AND "userId" = ANY`,
      becomes: `WHERE ("organizationId" = \${organizationId} OR true) AND "userId" = ANY`,
    },
    { fault: 'names are taken twice', is: 'if (!(await isNameTaken(', becomes: 'if (true || !(await isNameTaken(' },
  ]),
  ...of('team input', [
    { fault: 'a list of any length is read', is: '.max(teamMembers, `', becomes: '.max(1e9, `' },
    { fault: 'one list takes the place of the other', is: 'if (all && removed)', becomes: 'if (false)' },
    { fault: 'a user joins and leaves at once', is: 'if (joining.has(userId))', becomes: 'if (false)' },
  ]),
  ...of('members', [
    {
      fault: 'who leaves the organization stays in its teams',
      is: 'if (teamIds.length > 0) await',
      becomes: 'if (false) await',
    },
  ]),
  ...of('sign-in cache', [
    {
      fault: 'a sign-in that changes teams leaves the tag of the user',
      is: 'provisioned.isAccessChanged || ',
      becomes: 'false || ',
    },
    {
      fault: 'teams that another process has changed are not noticed',
      is: ' || hasOtherTeams(reading, provisioned)',
      becomes: '',
    },
  ]),
];
