/** The fields of a partial change without those that are undefined. */
export function definedFields<Fields extends object>(change: Fields) {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]: Exclude<Fields[Name], undefined>;
  };
}
