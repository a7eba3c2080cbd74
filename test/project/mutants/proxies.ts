import { of } from './mutant.ts';

export const ofProxies = [
  ...of('model scanner', [
    {
      fault: 'the last of several models counts',
      is: "if (this.#name !== undefined || key !== keyOfModel) return { found: 'AMBIGUOUS' };",
      becomes: '',
    },
    {
      fault: 'a model in another case is none',
      is: 'key.toLowerCase() === keyOfModel',
      becomes: 'key === keyOfModel',
    },
    { fault: 'a model of any depth counts', is: 'if (this.#depth === 1 && end', becomes: 'if (end' },
  ]),
  ...of('asked names', [{ fault: 'what is behind the limit is not there', is: "extent === 'CUT' || ", becomes: '' }]),
  ...of('answer for proxies', [
    {
      fault: 'an alias hides the model of its name',
      is: 'if (!access.allowed || !shadowed || shadowed.id === access.model?.id) return access;',
      becomes: 'if (shadowed !== null) return access;',
    },
    {
      fault: 'anybody asks for others',
      is: "  authorize(viewer, 'readSubjects', organizationId);\n",
      becomes: '',
    },
    { fault: 'header and body may differ', is: 'if (found.size > 1)', becomes: 'if (found.size > 9)' },
  ]),
  ...of('points for proxies', [
    {
      fault: 'other answers take the place of a refusal',
      is: 'if (!on) return { point: off };',
      becomes: 'if (!on) return undefined;',
    },
  ]),
  ...of('listed models', [
    {
      fault: 'an alias and a model have one name',
      is: 'targetsOf(state, modelId) === undefined &&',
      becomes: '',
    },
    { fault: 'two models have one name', is: 'uses.get(foldName(modelId)) === 1 &&', becomes: 'uses.size > 0 &&' },
    {
      fault: 'a name means a model that is refused',
      is: 'catalog.find(modelId)?.id === id',
      becomes: "catalog.find(modelId)?.id !== ''",
    },
  ]),
  ...of('entity tag of lists', [
    {
      fault: 'a list does not end with an exception',
      is: "const until = dependencies.decisions?.validUntil?.getTime() ?? '';",
      becomes: 'const until = dependencies.isCacheable;',
    },
  ]),
];
