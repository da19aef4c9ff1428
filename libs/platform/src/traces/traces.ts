import { NO_SPAN, type Span, type SpanOptions, type Tracer } from './span.ts';

/** Null as long as nothing is traced: then every function here does next to nothing. */
let tracer: Tracer | null = null;

export interface TracesOptions {
  /** A collector that takes OTLP over HTTP, without `/v1/traces`; null: nothing is traced and nothing of OpenTelemetry is loaded. */
  readonly endpoint: string | null;
  /** `gateway`, `recall`, `generation`, `worker`, `standalone`. */
  readonly service: string;
}

export interface Traces {
  /** Sends what is left, for a moment at most. */
  stop(): Promise<void>;
}

/**
 * Begins to trace this process. Spans are made by hand where requests, calls and jobs come in and go out, so no module is patched and
 * it does not matter when this is called, before the first request for choice. A collector that is away costs spans and nothing else.
 */
export async function startTraces({ endpoint, service }: TracesOptions): Promise<Traces> {
  if (endpoint === null) return { stop: () => Promise.resolve() };
  const { OpenTelemetryTracer } = await import('./open-telemetry-tracer.ts');
  const started = new OpenTelemetryTracer(endpoint, service);
  tracer = started;
  return {
    stop: () => {
      if (tracer === started) tracer = null;
      return started.stop();
    },
  };
}

/**
 * A span that the caller ends. Only a request that comes in and a job that begins (`server`, `consumer`) can begin a trace; what
 * else belongs to none, such as a look at the health of a store, is not traced.
 * @param name the kind of work, for example `POST /chat`, `Recall/Search`, `drain-inbox`: no ids.
 */
export const openSpan = (name: string, options: SpanOptions): Span => tracer?.open(name, options) ?? NO_SPAN;

/** Work in a span of its own, which ends with it. */
export async function inSpan<Result>(name: string, options: SpanOptions, run: (span: Span) => Promise<Result>): Promise<Result> {
  const span = openSpan(name, options);
  try {
    const result = await span.run(() => run(span));
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** What the work going on here belongs to, for a job's data or a call's metadata; null: nothing is traced. */
export const traceparent = (): string | null => tracer?.traceparent() ?? null;

/** Goes on in this process with what began in another one. @param parent what `traceparent()` said there. */
export const runInTrace = <Result>(parent: string | null | undefined, name: string, run: () => Promise<Result>): Promise<Result> =>
  inSpan(name, { kind: 'consumer', parent: parent ?? null }, run);

/** For log lines. */
export const traceId = (): string | null => tracer?.traceId() ?? null;
