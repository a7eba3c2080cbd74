import { of } from './mutant.ts';

export const ofDecisionPoints = [
  ...of('AuthZEN evaluator', [
    {
      fault: 'anybody asks about others',
      is: "if (isOther) authorize(context.viewer, 'readSubjects', organizationId);",
      becomes: '',
    },
    {
      fault: 'a described subject is not heeded',
      is: 'const narrower = described && context.decisionsAs(organizationId, described);',
      becomes: 'const narrower = described && undefined;',
    },
    {
      fault: 'what an admin looks at is counted',
      is: 'if (id === null || (viewer.service === null && id !== viewerIdOf(viewer))) return;',
      becomes: 'if (id === null || viewer.kind === "ANONYMOUS") return;',
    },
    {
      fault: 'the organization of a body is not acted in',
      is: 'const acting = named === null ? undefined : context.actIn(named);',
      becomes: 'const acting = named === null ? undefined : undefined;',
    },
  ]),
  ...of('AuthZEN texts', [
    {
      fault: 'a narrowed decision is cached for all',
      is: 'if (narrower || action',
      becomes: 'if (action',
    },
    {
      fault: 'all kinds of subjects share their texts',
      is: 'const known = kinds.get(shared);',
      becomes: 'const known = kinds.values().next().value;',
    },
    {
      fault: 'whoever is no member is answered from the cache',
      is: ' || !subject.isMember)',
      becomes: ' || subject.teams.length > 99)',
    },
  ]),
  ...of('AuthZEN batch', [
    {
      fault: 'one faulty question fails all',
      is: 'if (!(error instanceof UserError) || error.status >= 500) throw error;',
      becomes: 'if (error instanceof UserError || !error) throw error;',
    },
    { fault: 'no semantic ends a batch', is: 'if (text.decision === ending) break;', becomes: '' },
    {
      fault: 'a question may be about another organization',
      is: 'if (named !== null && named !== evaluator.organizationId)',
      becomes: 'if (named === undefined)',
    },
  ]),
  ...of('AuthZEN entities', [
    {
      fault: 'a default is not replaced',
      is: "subject: given.subject === undefined ? this.#defaultSubject() : readEntity(given, 'subject'),",
      becomes: 'subject: this.#defaultSubject(),',
    },
  ]),
  ...of('AuthZEN pages', [
    {
      fault: 'a token is of any search',
      is: "if (digest !== digestOf(search)) throw invalid('page.token', 'is of another search');",
      becomes: 'if (digest === undefined) return after;',
    },
  ]),
  ...of('narrower decisions', [
    {
      fault: 'the wider decision counts',
      is: 'const access = narrower && own.allowed ? both(own, narrower.evaluate(model)) : own;',
      becomes: 'const access = own;',
    },
  ]),
  ...of('subject cache', [
    {
      fault: 'it is cached without a lease',
      is: 'if (!organization.isCurrent || !own.isCurrent) return;',
      becomes: '',
    },
  ]),
];
