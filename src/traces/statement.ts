/** What a statement does, and to which table. */
interface Summary {
  operation: string;
  table: string | undefined;
}

/** Texts whose summary is cached: a list with filters has many. */
const maxKnown = 500;

const known = new Map<string, Summary>();

/** Names a statement: never by its values, which are parameters, nor by its text. */
export function summaryOf(sql: string): Summary {
  const cached = known.get(sql);
  if (cached) return cached;
  const summary = summarize(sql);
  if (known.size < maxKnown) known.set(sql, summary);
  return summary;
}

function summarize(sql: string): Summary {
  const outer = withoutParentheses(sql);
  const [operation = ''] = /\b(INSERT|UPDATE|DELETE|SELECT)\b/.exec(outer) ?? [];
  const [, table] = /\bpublic\."(\w+)"/.exec(outer) ?? /\bpublic\."(\w+)"/.exec(sql) ?? [];
  return { operation: operation || 'OTHER', table };
}

/** Without subqueries and the parts of WITH, which may name other tables first. */
function withoutParentheses(sql: string): string {
  let depth = 0;
  let outer = '';
  for (const character of sql) {
    if (character === '(') depth += 1;
    if (depth === 0) outer += character;
    if (character === ')') depth -= 1;
  }
  return outer;
}
