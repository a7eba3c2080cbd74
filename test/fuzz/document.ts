import { literalOf, type Value } from './value.ts';

export interface Argument {
  name: string;
  type: string;
  value: Value;
  isVariable: boolean;
}

/** A field, or a fragment `on` a type. */
export type Selection =
  | {
      name: string;
      alias?: string | undefined;
      arguments: Argument[];
      selections?: Selection[] | undefined;
      directive?: string;
    }
  | { on: string; isNamed: boolean; selections: Selection[] };

/** An operation as a document and the variables that it takes. */
export function printOperation(kind: string, selections: readonly Selection[]) {
  const variables: Record<string, Value> = {};
  const declarations: string[] = [];
  const fragments: string[] = [];

  const printArgument = ({ name, type, value, isVariable }: Argument): string => {
    if (!isVariable) return `${name}: ${literalOf(value)}`;
    const variable = `v${declarations.length}`;
    declarations.push(`$${variable}: ${type}`);
    variables[variable] = value;
    return `${name}: $${variable}`;
  };
  const printAll = (all: readonly Selection[]): string => `{ ${all.map(print).join(' ')} }`;
  const print = (selection: Selection): string => {
    if ('on' in selection) {
      const body = `on ${selection.on} ${printAll(selection.selections)}`;
      if (!selection.isNamed) return `... ${body}`;
      const name = `F${fragments.length}`;
      // Its place is taken before those of the fragments in it.
      fragments.push('');
      fragments[Number(name.slice(1))] = `fragment ${name} ${body}`;
      return `...${name}`;
    }
    const { name, alias, selections: inner, directive } = selection;
    const said = selection.arguments.map(printArgument).join(', ');
    const parts = [
      `${alias ? `${alias}: ` : ''}${name}${said ? `(${said})` : ''}`,
      directive,
      inner && printAll(inner),
    ];
    return parts.filter(Boolean).join(' ');
  };

  const body = printAll(selections);
  const head = declarations.length > 0 ? `${kind} Fuzz(${declarations.join(', ')})` : `${kind} Fuzz`;
  return { query: [`${head} ${body}`, ...fragments].join('\n'), variables };
}
