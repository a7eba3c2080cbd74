import {
  type Span as ApiSpan,
  type Attributes,
  createTraceState,
  DiagLogLevel,
  diag,
  type Link,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import type { PoolObserver } from '../database/pool/pool.ts';
import type { Signal } from '../database/pool/signal.ts';
import { resourceOf } from './resource.ts';
import type { Span, StartSpan } from './span.ts';
import { summaryOf } from './statement.ts';
import { parseTraceparent } from './traceparent.ts';

/** The traces of a process. */
export interface Traces {
  startSpan: StartSpan;
  poolObserver: PoolObserver;
  /** Exports what has not been exported yet. */
  close: () => Promise<void>;
}

export interface TracesOptions {
  protocol: 'http/protobuf' | 'http/json';
  version: string;
  log: Pick<Logger, 'warn'>;
}

/** How often, in ms, it is logged at most that spans cannot be exported. */
const warningMs = 60_000;

/**
 * Exports spans by OTLP to where the standard variables of OpenTelemetry say. Load this module only where traces are on. Nothing
 * waits for the export; what a collector does not take is dropped, so that memory is bounded (`OTEL_BSP_MAX_QUEUE_SIZE`).
 * Parents are passed on explicitly: `AsyncLocalStorage` would cost a tenth of each request.
 */
export function startTraces({ protocol, version, log }: TracesOptions): Traces {
  warnOfFailures(log);
  const provider = new BasicTracerProvider({
    resource: resourceOf(version),
    spanProcessors: [new BatchSpanProcessor(openExporter(protocol))],
  });
  const tracer = provider.getTracer('modelgate', version);
  const owners = new WeakMap<Signal, ApiSpan>();

  const wrap = (span: ApiSpan): Span => {
    const { traceId, spanId, traceFlags, traceState } = span.spanContext();
    return {
      traceId,
      traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
      tracestate: traceState?.serialize() || undefined,
      child: (name, attributes) =>
        wrap(tracer.startSpan(name, { attributes: defined(attributes) }, trace.setSpan(ROOT_CONTEXT, span))),
      own: (signal) => void owners.set(signal, span),
      rename: (name) => void span.updateName(name),
      set: (attributes) => void span.setAttributes(defined(attributes)),
      end: (errorType) => {
        if (errorType !== undefined)
          span.setAttribute('error.type', errorType).setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  };
  return {
    startSpan: ({ traceparent, tracestate, startedAt }) => {
      const parent = parseTraceparent(traceparent);
      const context =
        parent === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, {
              traceId: parent.traceId,
              spanId: parent.spanId,
              traceFlags: parent.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
              ...(tracestate === null ? {} : { traceState: createTraceState(tracestate) }),
              isRemote: true,
            });
      return wrap(tracer.startSpan('request', { kind: SpanKind.SERVER, startTime: startedAt }, context));
    },
    poolObserver: {
      onStatement: (sql, signal) => {
        // A statement of several requests is in the trace of the first, and linked to the others.
        const spans = (signal?.origins ?? [signal]).flatMap((origin) => (origin && owners.get(origin)) ?? []);
        const [parent, ...others] = spans;
        if (!parent?.isRecording()) return undefined;
        const { operation, table } = summaryOf(sql);
        const span = tracer.startSpan(
          table === undefined ? operation : `${operation} ${table}`,
          {
            kind: SpanKind.CLIENT,
            attributes: defined({
              'db.system.name': 'postgresql',
              'db.operation.name': operation,
              'db.collection.name': table,
            }),
            links: others.map((other): Link => ({ context: other.spanContext() })),
          },
          trace.setSpan(ROOT_CONTEXT, parent),
        );
        return (errorCode) => {
          if (errorCode !== undefined)
            span
              .setAttributes({ 'error.type': errorCode, 'db.response.status_code': errorCode })
              .setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        };
      },
    },
    close: () => provider.shutdown().catch(() => {}),
  };
}

function openExporter(protocol: TracesOptions['protocol']): SpanExporter {
  return protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter();
}

function defined(attributes: Readonly<Record<string, string | number | undefined>> = {}): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

/** An error comes as itself, or as JSON with its stack: its message is enough. Texts before it name who has logged it. */
function reasonIn(said: readonly unknown[]): string {
  const last = said.at(-1);
  if (last instanceof Error) return last.message;
  const text = String(last);
  return /"message":"([^"]+)"/.exec(text)?.[1] ?? text;
}

/** The first failure is logged, and one a minute after it. */
function warnOfFailures(log: Pick<Logger, 'warn'>): void {
  let warnedAt = Number.NEGATIVE_INFINITY;
  const warn = (...said: unknown[]) => {
    if (performance.now() - warnedAt < warningMs) return;
    warnedAt = performance.now();
    log.warn({ reason: reasonIn(said).slice(0, 300) }, 'traces cannot be exported');
  };
  const ignore = () => {};
  const logger = { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
