import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const RECALLABLE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 15, 60];

export type ModelOutcome = 'ok' | 'failed' | 'timeout' | 'limited' | 'cut_off' | 'cancelled';

/** What `/metrics` shows. Labels are names of routes, roles and arms: never ids of users or projects. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = this.histogram(
    'continuo_http_request_seconds',
    'Time from the first byte of a request to the last of its reply.',
    ['route', 'status'],
  );
  private readonly recall = this.histogram('continuo_recall_seconds', 'Time of one recall by its state.', ['state']);
  private readonly arms = this.counter(
    'continuo_recall_arms_total',
    'Recalls by arm (words, vectors, overlay) and whether the arm answered in time.',
    ['arm', 'outcome'],
  );
  private readonly modelCalls = this.histogram(
    'continuo_model_call_seconds',
    'Time of one call of a model by role (answer, extract, reconcile, embed) and outcome.',
    ['role', 'outcome'],
  );
  private readonly modelTokens = this.counter(
    'continuo_model_tokens_total',
    'Tokens sent to (prompt) and received from (answer) models, by role.',
    ['role', 'direction'],
  );
  private readonly recallable = this.histogram(
    'continuo_write_to_recallable_seconds',
    'Time from the acknowledgement of a write until the index finds it.',
    [],
    RECALLABLE_SECONDS,
  );
  private readonly queueDepth = this.gauge('continuo_queue_depth', 'What waits, by queue (inbox, outbox).', ['queue']);
  private readonly queueAge = this.gauge('continuo_queue_oldest_seconds', 'Age of the oldest that waits, by queue.', ['queue']);
  private readonly activeStreams = this.gauge('continuo_active_streams', 'Answers being streamed now.', []);

  /** @param options processDetails adds memory, CPU, garbage collection and event-loop delay of this process. */
  constructor(options: { readonly processDetails: boolean } = { processDetails: true }) {
    if (options.processDetails) collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 5 });
  }

  private histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[] = REQUEST_SECONDS,
  ): Histogram<Label> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }

  private counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  /** @param route the pattern (`/get/memory/:id`), never the address asked for. */
  request(route: string, status: number, durationMs: number): void {
    this.requests.observe({ route, status: String(status) }, durationMs / 1_000);
  }

  recalled(state: string, missingArms: readonly string[], durationMs: number): void {
    this.recall.observe({ state }, durationMs / 1_000);
    for (const arm of ['words', 'vectors', 'overlay']) this.arms.inc({ arm, outcome: missingArms.includes(arm) ? 'missing' : 'ok' });
  }

  modelCall(
    role: string,
    outcome: ModelOutcome,
    durationMs: number,
    tokens: { readonly promptTokens: number; readonly answerTokens: number } | null,
  ): void {
    this.modelCalls.observe({ role, outcome }, durationMs / 1_000);
    if (tokens === null) return;
    this.modelTokens.inc({ role, direction: 'prompt' }, tokens.promptTokens);
    this.modelTokens.inc({ role, direction: 'answer' }, tokens.answerTokens);
  }

  becameRecallable(afterMs: number): void {
    this.recallable.observe(afterMs / 1_000);
  }

  queue(queue: string, depth: number, oldestAgeMs: number): void {
    this.queueDepth.set({ queue }, depth);
    this.queueAge.set({ queue }, oldestAgeMs / 1_000);
  }

  streamBegan(): void {
    this.activeStreams.inc();
  }

  streamEnded(): void {
    this.activeStreams.dec();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** The text of the Prometheus exposition format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
