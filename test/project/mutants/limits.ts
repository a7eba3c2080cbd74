import { of } from './mutant.ts';

export const ofLimits = [
  ...of('compiled cost', [
    {
      fault: 'what depends on no variable costs nothing beside what does',
      is: 'total + points(request), fixed)',
      becomes: 'total + points(request), 0)',
    },
    {
      fault: 'what depends on a variable costs nothing',
      is: 'return (request) => others.reduce((total, points) => total + points(request), fixed);',
      becomes: 'return fixed;',
    },
    {
      fault: 'what depends on no variable costs nothing',
      is: `(typeof points === 'number' ? points : 0), 0)`,
      becomes: `(typeof points === 'number' ? 0 : 0), 0)`,
    },
    {
      fault: 'an entry of a page of a fixed length is counted once',
      is: '? own + multiplier * selected',
      becomes: '? own + selected',
    },
    {
      fault: 'a field costs nothing itself where what is selected of it depends on a variable',
      is: ': (request) => own + multiplier * selected(request)',
      becomes: ': (request) => multiplier * selected(request)',
    },
    {
      fault: 'an entry of a page that a variable is the length of is counted once',
      is: `return own + multiplier * (typeof selected`,
      becomes: 'return own + (void multiplier, 1) * (typeof selected',
    },
    {
      fault: 'a page that a variable is the length of has the default length',
      is: 'getArgumentValues(field, node, request.variables)',
      becomes: 'getArgumentValues(field, node, (void request, {}))',
    },
    {
      fault: 'a variable within an object is not seen',
      is: 'return value.kind === Kind.OBJECT && value.fields',
      becomes: 'return false && value.fields',
    },
    {
      fault: 'a variable within a list is not seen',
      is: 'if (value.kind === Kind.LIST) return value.values.some(hasVariable);',
      becomes: '',
    },
    {
      fault: 'what depends on the viewer costs the same for all',
      is: '!prices.isPerRequest(field) && ',
      becomes: '',
    },
    {
      fault: 'a fragment is priced by the type around it',
      is: 'schema.getType(fragment.typeCondition.name.value) : type',
      becomes: 'type : (void schema, type)',
    },
    {
      fault: 'one fragment costs nothing',
      is: 'return memoized(fragment.selectionSet, ofSet(fragment.selectionSet, on));',
      becomes: 'return (void on, 0);',
    },
    {
      fault: 'what a fragment costs one request, it costs all',
      is: 'return (variables, known) => points({ variables, known, fragments: new Map() });',
      becomes: 'const fragments = new Map();\n  return (variables, known) => points({ variables, known, fragments });',
    },
  ]),
  ...of('document plan', [
    { fault: 'introspection costs nothing', is: 'Math.floor(introspection + points', becomes: 'Math.floor(points' },
    {
      fault: 'an operation costs nothing',
      is: '=> Math.max(1, Math.floor',
      becomes: '=> Math.max(0, Math.floor',
    },
    { fault: 'fifths do not add up', is: ' + rounding)),', becomes: ')),' },
    {
      fault: 'the name of the operation does not count',
      is: 'getOperationAST(document, name)',
      becomes: 'getOperationAST({ ...document, definitions: document.definitions.slice(0, 1) }, (void name, null))',
    },
    {
      fault: 'variables are not coerced',
      is: 'coerceVariables(schema, operation, values, maxEntries)',
      becomes: '(void maxEntries, values)',
    },
    {
      fault: 'lists of any length are looked into',
      is: 'const others = 2 * Math.max(',
      becomes: 'const others = 1e9 * Math.max(',
    },
    {
      fault: 'the fields of a fragment are not counted',
      is: 'fragments.get(selection.name.value) ?? {}',
      becomes: '({} as Partial<FragmentDefinitionNode>)',
    },
    { fault: 'fields are not counted', is: 'count += 1;', becomes: 'count += 0;' },
    {
      fault: 'a document selects none of several fields',
      is: 'wanted.some((name) => names?.has(name))',
      becomes: 'wanted.every((name) => names?.has(name))',
    },
  ]),
  ...of('query compiler', [
    { fault: 'a text of a client is run', is: 'isKnown &&= harmlessText.test(value);', becomes: 'void value;' },
    { fault: 'conditions are compiled', is: 'Directive: refuse,', becomes: '' },
    { fault: 'paths are joined to one', is: "isKnown &&= !alias?.value.includes('_');", becomes: 'void alias;' },
    {
      fault: 'variables are not coerced',
      is: 'coerce(variableValues ?? {})',
      becomes: '(void coerce, variableValues ?? {})',
    },
    {
      fault: 'variables are not handed on',
      is: 'variableValues ?? {}',
      becomes: '(void variableValues, {})',
    },
    {
      fault: 'errors of the compiler are told',
      is: 'return result.errors ? undefined : result;',
      becomes: 'return result;',
    },
  ]),
  ...of('compiled queries', [
    { fault: 'a secret is read twice', is: '!document.selects(...recorded)', becomes: 'true' },
    { fault: 'nothing is interpreted again', is: 'late ?? interpret(args)', becomes: 'late ?? { data: null }' },
  ]),
];
