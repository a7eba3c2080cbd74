/** A policy as a document of YAML. Texts are quoted, as in JSON, which YAML contains. */
export function yamlOf(value: object): string {
  const text = linesOf(value, '').join('\n');
  return text === '' ? '{}' : text;
}

function linesOf(value: object, indent: string): string[] {
  return Object.entries(value).flatMap(([key, held]) => {
    const name = `${indent}${/^[a-z_][\w-]*$/i.test(key) ? key : JSON.stringify(key)}:`;
    if (Array.isArray(held) && held.length > 0) {
      return [name, ...held.map((entry) => `${indent}  - ${JSON.stringify(entry)}`)];
    }
    if (typeof held === 'object' && held !== null && Object.keys(held).length > 0) {
      return [name, ...linesOf(held, `${indent}  `)];
    }
    return [`${name} ${JSON.stringify(held)}`];
  });
}
