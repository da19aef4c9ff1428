/** What a span can be about: a request that came in, a call that went out, work asked for and done, or a step between. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

/** All that a span may say. A closed list of names for things that are few: nothing a user said, no id of one, no address, no statement. */
export type SpanAttribute =
  | 'http.request.method'
  | 'http.route'
  | 'http.response.status_code'
  | 'rpc.system'
  | 'rpc.service'
  | 'rpc.method'
  | 'messaging.system'
  | 'messaging.destination.name'
  | 'db.system.name'
  | 'db.operation.name'
  | 'continuo.model'
  | 'continuo.role'
  | 'continuo.attempt'
  | 'continuo.outcome'
  | 'error.type';

export type SpanAttributes = Readonly<Partial<Record<SpanAttribute, string | number | boolean>>>;

export interface SpanOptions {
  readonly kind: SpanKind;
  /** The span this one belongs to, as it came from another process. Absent: the one that runs here now. Null or unreadable: none. */
  readonly parent?: string | null | undefined;
  readonly attributes?: SpanAttributes;
}

/** A piece of work in a trace. */
export interface Span {
  /** Says to another process what its work belongs to (W3C `traceparent`); null while nothing is traced. */
  readonly traceparent: string | null;
  /** What is called from inside belongs to this span, also after an `await`. */
  run<Result>(work: () => Result): Result;
  set(attributes: SpanAttributes): void;
  /** Call once. Of an error only its code, or its kind, is told. */
  end(error?: unknown): void;
}

/** Makes spans and sends them away. */
export interface Tracer {
  open(name: string, options: SpanOptions): Span;
  traceparent(): string | null;
  traceId(): string | null;
  stop(): Promise<void>;
}

/** Stands for every span while nothing is traced. */
export const NO_SPAN: Span = { traceparent: null, run: (work) => work(), set: () => undefined, end: () => undefined };
