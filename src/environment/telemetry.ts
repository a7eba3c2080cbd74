import { z } from 'zod';
import { logLevels, type OtlpProtocol, oneOf, otlpProtocol, otlpUrl, whole } from './values.ts';
import type { shapeOf, Variable } from './variable.ts';

export const telemetry = {
  METRICS_PORT: {
    section: 'Metrics',
    schema: whole(0, 65_535).optional(),
    description: 'The TCP port of `/metrics`, for Prometheus: [metrics](production.md#metrics); `0`: any that is free',
    details: 'Another than PORT. A free one is printed.',
    absent: 'none (metrics are off)',
    example: '9464',
  },
  METRICS_HOST: {
    section: 'Metrics',
    schema: z.string().optional(),
    description: 'The host name or address of that port',
    details: 'Whoever reaches it reads the metrics, which name no organization.',
    absent: '`HOST`',
    example: 'localhost',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    section: 'Traces',
    schema: otlpUrl.optional(),
    description: 'Where [traces](production.md#traces) are exported to, by OTLP over HTTP; `/v1/traces` is added to it',
    details:
      'A standard variable of OpenTelemetry, as are the others. The exporter itself reads OTEL_EXPORTER_OTLP_HEADERS, ' +
      'OTEL_EXPORTER_OTLP_TIMEOUT, OTEL_SERVICE_NAME (default: modelgate), OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER, ' +
      'OTEL_TRACES_SAMPLER_ARG and OTEL_BSP_….',
    absent: 'none (traces are off)',
    example: 'http://localhost:4318',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    section: 'Traces',
    schema: otlpUrl.optional(),
    description: 'The same for traces alone, to the letter: nothing is added to it',
    absent: '`/v1/traces` below the endpoint above',
    example: 'http://localhost:4318/v1/traces',
  },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    section: 'Traces',
    schema: otlpProtocol.default('http/protobuf'),
    description: 'How they are encoded',
  },
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: {
    section: 'Traces',
    schema: otlpProtocol.optional(),
    description: 'The same for traces alone',
    absent: '`OTEL_EXPORTER_OTLP_PROTOCOL`',
    example: 'http/protobuf',
  },
  OTEL_SDK_DISABLED: {
    section: 'Traces',
    schema: z.string().default('false'),
    description: '`true` switches traces off, though an endpoint is set',
    example: 'true',
  },
  OTEL_TRACES_EXPORTER: {
    section: 'Traces',
    schema: z.enum(['otlp', 'none'], 'must be otlp or none').default('otlp'),
    description: '`none` switches traces off, too',
    example: 'none',
  },
  LOG_LEVEL: {
    section: 'Logging',
    schema: oneOf(logLevels).default('info'),
    description: 'The least severe log lines that are written; `silent`: none',
    details: 'They go to stdout, as one JSON object each. info writes one for each request.',
  },
} satisfies Record<string, Variable>;

type Variables = z.infer<z.ZodObject<ReturnType<typeof shapeOf<typeof telemetry>>>>;

/** How traces are exported; undefined where they are off. Where to, the exporter reads itself. */
export function tracesFrom(given: Variables): { protocol: OtlpProtocol } | undefined {
  const isOff = given.OTEL_SDK_DISABLED.toLowerCase() === 'true' || given.OTEL_TRACES_EXPORTER === 'none';
  const endpoint = given.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? given.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (isOff || endpoint === undefined) return undefined;
  return { protocol: given.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? given.OTEL_EXPORTER_OTLP_PROTOCOL };
}
