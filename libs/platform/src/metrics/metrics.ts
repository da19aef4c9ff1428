import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const RECALLABLE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 15, 60];

export type ModelOutcome = 'ok' | 'failed' | 'timeout' | 'limited' | 'cut_off' | 'cancelled';

/** What `/metrics` shows. Labels are names of routes, roles and arms: never ids of users or projects. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram<'route' | 'status'>;
  private readonly recall: Histogram<'state'>;
  private readonly arms: Counter<'arm' | 'outcome'>;
  private readonly modelCalls: Histogram<'role' | 'outcome'>;
  private readonly modelTokens: Counter<'role' | 'direction'>;
  private readonly recallable: Histogram;
  private readonly queueDepth: Gauge<'queue'>;
  private readonly queueAge: Gauge<'queue'>;
  private readonly activeStreams: Gauge;

  /** @param options processDetails adds memory, CPU, garbage collection and event-loop delay of this process. */
  constructor(options: { readonly processDetails: boolean } = { processDetails: true }) {
    const registers = [this.registry];
    if (options.processDetails) collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 5 });
    this.requests = new Histogram({
      name: 'continuo_http_request_seconds',
      help: 'Time from the first byte of a request to the last of its reply.',
      labelNames: ['route', 'status'],
      buckets: REQUEST_SECONDS,
      registers,
    });
    this.recall = new Histogram({
      name: 'continuo_recall_seconds',
      help: 'Time of one recall by its state.',
      labelNames: ['state'],
      buckets: REQUEST_SECONDS,
      registers,
    });
    this.arms = new Counter({
      name: 'continuo_recall_arms_total',
      help: 'Recalls by arm (words, vectors, overlay) and whether the arm answered in time.',
      labelNames: ['arm', 'outcome'],
      registers,
    });
    this.modelCalls = new Histogram({
      name: 'continuo_model_call_seconds',
      help: 'Time of one call of a model by role (answer, extract, reconcile, embed) and outcome.',
      labelNames: ['role', 'outcome'],
      buckets: REQUEST_SECONDS,
      registers,
    });
    this.modelTokens = new Counter({
      name: 'continuo_model_tokens_total',
      help: 'Tokens sent to (prompt) and received from (answer) models, by role.',
      labelNames: ['role', 'direction'],
      registers,
    });
    this.recallable = new Histogram({
      name: 'continuo_write_to_recallable_seconds',
      help: 'Time from the acknowledgement of a write until the index finds it.',
      buckets: RECALLABLE_SECONDS,
      registers,
    });
    this.queueDepth = new Gauge({ name: 'continuo_queue_depth', help: 'What waits, by queue (inbox, outbox).', labelNames: ['queue'], registers });
    this.queueAge = new Gauge({
      name: 'continuo_queue_oldest_seconds',
      help: 'Age of the oldest that waits, by queue.',
      labelNames: ['queue'],
      registers,
    });
    this.activeStreams = new Gauge({ name: 'continuo_active_streams', help: 'Answers being streamed now.', registers });
  }

  /** @param route the pattern (`/get/memory/:id`), never the address asked for. */
  request(route: string, status: number, durationMs: number): void {
    this.requests.observe({ route, status: String(status) }, durationMs / 1_000);
  }

  recalled(state: string, missingArms: readonly string[], durationMs: number): void {
    this.recall.observe({ state }, durationMs / 1_000);
    for (const arm of ['words', 'vectors', 'overlay']) this.arms.inc({ arm, outcome: missingArms.includes(arm) ? 'missing' : 'ok' });
  }

  modelCall(role: string, outcome: ModelOutcome, durationMs: number, tokens: { readonly promptTokens: number; readonly answerTokens: number } | null): void {
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
