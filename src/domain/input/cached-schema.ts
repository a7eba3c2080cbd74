/** Schemas of inputs by the entries that a list may have at most. Cached, since to build one costs as much as two statements. */
export function cachedSchema<Schema>(build: (maxEntries: number) => Schema): (maxEntries: number) => Schema {
  const schemas = new Map<number, Schema>();
  return (maxEntries) => {
    const schema = schemas.get(maxEntries) ?? build(maxEntries);
    schemas.set(maxEntries, schema);
    return schema;
  };
}
