/** The fields of a partial change that were given; one that is undefined was not. */
export function definedFields<Fields extends object>(change: Fields) {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]: Exclude<Fields[Name], undefined>;
  };
}
