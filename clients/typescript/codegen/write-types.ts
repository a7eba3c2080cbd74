import { generate } from '@graphql-codegen/cli';
import {
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  parse,
  print,
  printSchema,
  type SelectionSetNode,
  type StringValueNode,
  visit,
} from 'graphql';
import { type Operations, withTypename } from './operations.ts';

/** Writes the types of operations, of their variables and of the fragments. */
export async function writeTypes(operations: Operations, schema: GraphQLSchema): Promise<string> {
  const files: { content: string }[] = await generate(
    {
      schema: print(withShortDescriptions(parse(printSchema(schema)))),
      silent: true,
      generates: {
        'types.ts': {
          documents: print(asTyped(operations, schema)),
          plugins: ['typescript-operations'],
          config: {
            useTypeImports: true,
            enumsAsTypes: true,
            inlineFragmentTypes: 'combine',
            scalars: {
              ID: 'string',
              BigInt: 'string',
              DateTime: 'string',
              Decimal: 'string',
              JSONObject: 'Record<string, unknown>',
            },
          },
        },
      },
    },
    false,
  );
  return withCommonErrors(shortened(files.map(({ content }) => content).join('')));
}

/**
 * Without what says nothing: a mapping of variables to themselves, types that nothing refers to, what a node has beside a fragment
 * that has it too, and blank lines.
 */
function shortened(types: string): string {
  const plain = types
    .replaceAll(/\/\*\* Internal type\. DO NOT USE DIRECTLY\. \*\/\n[^\n]*\n+/g, '')
    .replaceAll(/Exact<(\{[^{}]*\})>/g, '$1')
    .replaceAll(/\(\n *(\{ __typename: '\w+', id: string) \}\n *& (\w+)\n *\)/g, (text, fields, fragment) =>
      types.includes(`export type ${fragment} = ${fields}`) ? fragment : text,
    )
    .replaceAll(/Array<(\w+)>/g, '$1[]')
    .replaceAll(' | null | undefined', ' | Nil')
    .replaceAll(/\n{2,}/g, '\n');
  return `${plain}export type Nil = null | undefined;\n`;
}

/** The three errors of every change under one name, as the members of its result. */
function withCommonErrors(types: string): string {
  const members =
    / {4}\| ForbiddenErrorFragment\n( {4}\| NotFoundErrorFragment\n)? {4}\| UnauthenticatedErrorFragment\n {4}\| ValidationErrorFragment\n/g;
  const common = 'ForbiddenErrorFragment | UnauthenticatedErrorFragment | ValidationErrorFragment';
  return `${types.replace(members, '    | CommonErrors\n$1')}export type CommonErrors = ${common};\n`;
}

/** What means the same in every input: the schema says it. */
const ofEveryInput = /^(dryRun|expectedRevision|reason|(add|remove)(Dis|A)\w+)$/;

/**
 * With the first sentence for each field of an input, and none where it would repeat a name: the rest is in the schema. No editor
 * shows those of enum values on the members of a union.
 */
function withShortDescriptions(schema: DocumentNode): DocumentNode {
  const without = <Node extends { description?: StringValueNode | undefined }>({ description: _, ...node }: Node) =>
    node;
  return visit(schema, {
    EnumTypeDefinition: without,
    EnumValueDefinition: without,
    InputObjectTypeDefinition: without,
    InputValueDefinition: (node) => {
      const { description, name } = node;
      if (!description) return undefined;
      const [sentence = ''] = description.value.split(/(?<=\.)\s/);
      if (ofEveryInput.test(name.value)) return without(node);
      const isName = /(^i|I)d$/.test(name.value) && /^The id of \w+ \w+\.$/.test(sentence);
      return isName ? without(node) : { ...node, description: { ...description, value: sentence } };
    },
  });
}

/**
 * The operations as their types are written shortest. What a fragment on an interface selects is in those on its objects
 * too. And the `__typename` of a field that has nothing but fragments is theirs.
 */
function asTyped({ operations, fragments }: Operations, schema: GraphQLSchema): DocumentNode {
  const isAbstract = (name: string) =>
    isAbstractType(schema.getType(fragments.get(name)?.typeCondition.name.value ?? ''));
  const named = <Node extends { selectionSet: SelectionSetNode }>(node: Node) => ({
    ...node,
    selectionSet: withTypename(node.selectionSet),
  });
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [...fragments.values(), ...operations] };
  return visit(document, {
    FragmentDefinition: (fragment) => (isAbstract(fragment.name.value) ? null : named(fragment)),
    FragmentSpread: ({ name }) => (isAbstract(name.value) ? null : undefined),
    InlineFragment: named,
    Field: ({ selectionSet, ...field }) =>
      selectionSet?.selections.some(({ kind }) => kind === Kind.FIELD)
        ? { ...field, selectionSet: withTypename(selectionSet) }
        : undefined,
  });
}
