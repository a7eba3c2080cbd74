/** A document of `operations/`: its text, and the id by which a service with persisted documents knows it. */
export interface Operation<Result, Variables> {
  id: string;
  text: string;
  /** For types alone: never there. */
  types?: (variables: Variables) => Result;
}
