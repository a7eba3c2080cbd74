/** A request in the part that points read. */
export interface PointRequest {
  readonly method: string;
  readonly parsedUrl: { readonly pathname: string; readonly search: string };
  readonly headers: { get: (name: string) => string | null };
  /** The whole body. */
  readonly content: string;
}
