/** The media type of a header, without its parameters, in lower case. */
export function mediaTypeOf(header: string | null | undefined): string {
  return (header?.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** All values that a header gives a parameter, without their quotes. */
export function parametersOf(header: string, name: string): string[] {
  const [, ...parameters] = header.includes(';') ? header.split(';') : [];
  return parameters.flatMap((parameter) => {
    const [key = '', value = ''] = parameter.split('=', 2);
    return key.trim().toLowerCase() === name ? [value.trim().replace(/^"([^"]*)"$/, '$1')] : [];
  });
}
