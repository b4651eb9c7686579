/** OpenTelemetry's own packages, behind one verb. This file is loaded when traces are switched on, and not before. */
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  RandomIdGenerator,
  type ReadableSpan,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TraceSpan } from './trace-of.ts';

export type OtlpTarget = {
  /** Of the collector, without `/v1/traces`. */
  endpoint: string;
  headers: Record<string, string>;
};

export type OtlpSender = {
  /** Sends the traces; each id is 32 hexadecimal digits. @throws Error when the collector does not take them */
  send(traces: readonly { traceId: string; root: TraceSpan }[]): Promise<void>;
  close(): Promise<void>;
};

/** Of one request, in milliseconds; the exporter tries again within it. */
const timeoutMillis = 10_000;

export function openOtlp({ endpoint, headers }: OtlpTarget, version: string): OtlpSender {
  const random = new RandomIdGenerator();
  let traceId = random.generateTraceId();
  let ended: ReadableSpan[] = [];
  const provider = new TracerProvider({
    sampler: new AlwaysOnSampler(),
    resource: resourceFromAttributes({ 'service.name': 'alfred-vm', 'service.version': version }),
    // A trace has the id of its execution: whoever has the one finds the other.
    idGenerator: { generateTraceId: () => traceId, generateSpanId: () => random.generateSpanId() },
    spanProcessors: [
      {
        onStart: () => {},
        onEnd: (span) => void ended.push(span),
        forceFlush: () => Promise.resolve(),
        shutdown: () => Promise.resolve(),
      },
    ],
  });
  const tracer = provider.getTracer('alfred', version);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers,
    timeoutMillis,
  });

  function record(given: TraceSpan, parent = context.active(), root = false): void {
    const span = tracer.startSpan(
      given.name,
      { startTime: given.from, attributes: given.attributes, root },
      parent,
    );
    if (given.failed) span.setStatus({ code: SpanStatusCode.ERROR });
    for (const child of given.children) record(child, trace.setSpan(parent, span));
    span.end(given.until);
  }

  return {
    async send(traces) {
      ended = [];
      for (const each of traces) {
        traceId = each.traceId;
        record(each.root, context.active(), true);
      }
      await new Promise<void>((resolve, reject) => {
        exporter.export(ended, ({ code, error }) => {
          if (code === 0) resolve();
          else reject(error ?? new Error('The collector did not take them'));
        });
      });
    },
    async close() {
      await exporter.shutdown();
      await provider.shutdown();
    },
  };
}
