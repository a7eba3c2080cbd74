import type { Signal } from '../database/pool/signal.ts';

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A span of a request's trace. */
export interface Span {
  /** As the header of W3C Trace Context has it. */
  readonly traceparent: string;
  readonly tracestate: string | undefined;
  readonly traceId: string;
  child: (name: string, attributes?: Attributes) => Span;
  /** Statements under this signal are its children from now on. */
  own: (signal: Signal) => void;
  rename: (name: string) => void;
  set: (attributes: Attributes) => void;
  end: (errorType?: string | undefined) => void;
}

/** Begins the span of a request: as the child of that of the caller, where it names one. */
export type StartSpan = (incoming: {
  traceparent: string | null;
  tracestate: string | null;
  /** By `performance.now()`. */
  startedAt: number;
}) => Span;
