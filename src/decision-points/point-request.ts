/** A request in the part that points read. */
export interface PointRequest {
  readonly method: string;
  readonly parsedUrl: { readonly pathname: string; readonly search: string };
  readonly headers: { get: (name: string) => string | null };
  /** The whole body, unless `extent` says otherwise. */
  readonly content: string;
  /** `CUT`: the body is longer. `NO_TEXT`: it is no UTF-8, and `content` is empty. Only for points that take any body. */
  readonly extent: 'WHOLE' | 'CUT' | 'NO_TEXT';
}
