// Apart from the engines, whose packages are installed for a run of the bench alone.
export interface Lists {
  allowed: readonly string[];
  denied: readonly string[];
}

export interface Engine {
  name: string;
  /** Whether a member may use a model. */
  isAllowed: (model: string) => boolean;
}
