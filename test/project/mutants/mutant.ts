import { type ModuleName, modules } from './modules.ts';

/** A fault that could be made in a module, and that a test must notice. */
export interface Mutant {
  module: ModuleName;
  /** What stands in the module, exactly once. */
  is: string;
  becomes: string;
  /** What the fault is, so that a survivor says what is not tested. */
  fault: string;
}

/** The mutants of one module. */
export function of(module: ModuleName, mutants: readonly Omit<Mutant, 'module'>[]): Mutant[] {
  return mutants.map((mutant) => ({ module, ...mutant }));
}

/** The module with its fault. */
export function mutate(source: string, { module, is, becomes, fault }: Mutant): string {
  const count = source.split(is).length - 1;
  const place = `${modules[module].path}, "${fault}"`;
  if (count !== 1) throw new Error(`${place}: the text stands there ${count} times, not once: ${is}`);
  return source.replace(is, () => becomes);
}
