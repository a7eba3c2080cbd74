// PostGraphile is written for Node 22 and later; this is all of it that Node 20 lacks.
if (!('withResolvers' in Promise)) {
  Object.assign(Promise, {
    withResolvers() {
      const parts: Record<string, unknown> = {};
      const promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
      return Object.assign(parts, { promise });
    },
  });
}

export {};
