import { of } from './mutant.ts';

export const ofScopes = [
  ...of('list changes', [
    { fault: 'an entry is removed in its own case alone', is: 'all.has(foldName(entry))', becomes: 'all.has(entry)' },
    { fault: 'what is added is there twice', is: 'if (!entries.has(name)) ', becomes: '' },
    {
      fault: 'what is added is not spelled as the catalog does',
      is: 'for (const entry of spell(catalog, list, added))',
      becomes: 'for (const entry of added)',
    },
    { fault: 'to remove starts an allow list', is: '?? null;', becomes: '?? [];' },
    { fault: 'a list is replaced and added to', is: 'return given.map((path)', becomes: 'return [].map((path)' },
    { fault: 'an entry is added and removed', is: '.some(isAdded)', becomes: '.some(() => false)' },
    { fault: 'to add nothing starts an allow list', is: 'if (!added?.length)', becomes: 'if (!added)' },
  ]),
  ...of('scope changes', [
    { fault: 'a subject may be of another organization', is: 'if (isUnknown && !lists)', becomes: 'if (false)' },
    { fault: 'a subject that is gone keeps its lists', is: 'if (isUnknown && !lists)', becomes: 'if (isUnknown)' },
    {
      fault: 'a change forgets the lists of before',
      is: 'next(lists ?? noLists)',
      becomes: 'next(noLists)',
    },
    {
      fault: 'a subject without lists is in the policy',
      is: 'const scopes = scopesOf({',
      becomes: 'const scopes = Object.assign({}, {',
    },
    {
      fault: 'another order is a change',
      is: 'keepOrder(present, { ...present, scopes })',
      becomes: '{ ...present, scopes }',
    },
  ]),
  ...of('asked subject', [
    { fault: 'everybody is told about others', is: ' ? ofCaller : ofOthers', becomes: ' ? ofCaller : ofCaller' },
    { fault: 'nobody may give its own id', is: ' && subjectId !== viewerIdOf(viewer)', becomes: '' },
    { fault: 'the subject is not asked about', is: 'other === null ? null : parseSubjectId(other)', becomes: 'null' },
    { fault: 'any text is a subject', is: 'parseSubjectId(other)', becomes: 'other' },
  ]),
  ...of('access query', [
    {
      fault: 'what others are refused counts for the caller',
      is: 'if (isForCaller(asked, context)) context',
      becomes: 'context',
    },
    {
      fault: 'everybody is told of the past',
      is: 'readPolicy: asked.organizationId, ',
      becomes: '',
    },
  ]),
  ...of('available models', [
    {
      fault: 'all models are available',
      is: 'filter: { allowed: true } }, context)',
      becomes: 'filter: {} }, context)',
    },
    {
      fault: 'a list is that of the caller',
      is: 'await decisionsFor(asked, context)',
      becomes: 'await context.decisions(asked.organizationId)',
    },
  ]),
];
