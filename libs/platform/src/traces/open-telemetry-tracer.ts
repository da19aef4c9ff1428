import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  ROOT_CONTEXT,
  type Span as TelemetrySpan,
  type SpanContext,
  SpanKind as TelemetryKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { AppError } from '@continuo/contracts';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { NO_SPAN, type Span, type SpanAttributes, type SpanKind, type SpanOptions, type Tracer } from './span.ts';

const KINDS: Readonly<Record<SpanKind, TelemetryKind>> = {
  server: TelemetryKind.SERVER,
  client: TelemetryKind.CLIENT,
  producer: TelemetryKind.PRODUCER,
  consumer: TelemetryKind.CONSUMER,
  internal: TelemetryKind.INTERNAL,
};
/** Spans are sent this often, and an exit waits no longer than this for the last ones. */
const SEND_EVERY_MS = 1_000;
const LAST_WORDS_MS = 1_500;
/** For one delivery, attempts included: a collector that takes longer is as good as away. */
const DELIVERY_MS = 1_000;

/** OpenTelemetry behind our own words. Nothing global is registered: what other libraries do stays their own. */
export class OpenTelemetryTracer implements Tracer {
  private readonly provider: NodeTracerProvider;
  private readonly current = new AsyncLocalStorage<TelemetrySpan>();

  constructor(endpoint: string, service: string) {
    const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/u, '')}/v1/traces`, timeoutMillis: DELIVERY_MS });
    this.provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ 'service.namespace': 'continuo', 'service.name': `continuo-${service}` }),
      spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: SEND_EVERY_MS })],
    });
  }

  open(name: string, { kind, parent, attributes }: SpanOptions): Span {
    const around = parent === undefined ? this.around() : contextOf(parent);
    if (around === null && kind !== 'server' && kind !== 'consumer') return NO_SPAN;
    const options = { kind: KINDS[kind], ...(attributes === undefined ? {} : { attributes: { ...attributes } }) };
    const span = this.provider.getTracer('continuo').startSpan(name, options, around ?? ROOT_CONTEXT);
    return new OpenSpan(span, this.current);
  }

  traceparent(): string | null {
    const span = this.current.getStore();
    return span === undefined ? null : traceparentOf(span.spanContext());
  }

  traceId(): string | null {
    return this.current.getStore()?.spanContext().traceId ?? null;
  }

  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_WORDS_MS);
    });
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }

  private around(): Context | null {
    const span = this.current.getStore();
    return span === undefined ? null : trace.setSpan(ROOT_CONTEXT, span);
  }
}

class OpenSpan implements Span {
  readonly traceparent: string;
  private readonly span: TelemetrySpan;
  private readonly current: AsyncLocalStorage<TelemetrySpan>;

  constructor(span: TelemetrySpan, current: AsyncLocalStorage<TelemetrySpan>) {
    this.traceparent = traceparentOf(span.spanContext());
    this.span = span;
    this.current = current;
  }

  run<Result>(work: () => Result): Result {
    return this.current.run(this.span, work);
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes({ ...attributes });
  }

  end(error?: unknown): void {
    if (error !== undefined) {
      this.span.setAttribute('error.type', kindOf(error));
      // Without a message: those of others can hold what a user said.
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end();
  }
}

/** Version 00 of W3C Trace Context. */
const TRACEPARENT = /^[\da-f]{2}-(?<traceId>[\da-f]{32})-(?<spanId>[\da-f]{16})-(?<flags>[\da-f]{2})$/u;

const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

function contextOf(traceparent: string | null): Context | null {
  const { traceId, spanId, flags } = TRACEPARENT.exec(traceparent ?? '')?.groups ?? {};
  if (traceId === undefined || spanId === undefined || /^0+$/u.test(traceId) || /^0+$/u.test(spanId)) return null;
  const traceFlags = Number.parseInt(flags ?? '', 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function kindOf(error: unknown): string {
  if (AppError.is(error)) return error.code;
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : typeof error;
}
