/** The caller's span, by the header `traceparent` of W3C Trace Context. */
interface TraceParent {
  traceId: string;
  spanId: string;
  isSampled: boolean;
}

/** Undefined for what is none. Of a later version of the header, this much is read. */
export function parseTraceparent(header: string | null): TraceParent | undefined {
  if (header === null) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/.exec(header) ?? [];
  const isValid = version !== undefined && version !== 'ff' && (version !== '00' || more === undefined);
  if (!isValid || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
