import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type MetricDefinition, METRICS } from './metric-definitions.ts';

export type ModelOutcome = 'ok' | 'failed' | 'timeout' | 'limited' | 'cut_off' | 'cancelled';
export type RecallStage = 'embed' | 'index' | 'records' | 'score';
export type JobOutcome = 'ok' | 'failed' | 'aborted';
export type IndexOutcome = 'ok' | 'failed' | 'refused';
export type BreakerState = 'closed' | 'half_open' | 'open';

/** In the order of the words that describe `continuo_breaker_state`. */
const BREAKER_STATES: readonly BreakerState[] = ['closed', 'half_open', 'open'];
const ARMS = ['words', 'vectors', 'overlay'] as const;

/** What `/metrics` shows, each figure as METRICS defines it. Labels are names of routes, roles and arms: never ids of users or projects. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = this.histogram(METRICS.requests);
  private readonly activeStreams = this.gauge(METRICS.activeStreams);
  private readonly calls = this.histogram(METRICS.calls);
  private readonly recalls = this.histogram(METRICS.recalls);
  private readonly recallStages = this.histogram(METRICS.recallStages);
  private readonly recallArms = this.counter(METRICS.recallArms);
  private readonly recallable = this.histogram(METRICS.recallable);
  private readonly indexOperations = this.histogram(METRICS.indexOperations);
  private readonly modelCalls = this.histogram(METRICS.modelCalls);
  private readonly modelTokens = this.counter(METRICS.modelTokens);
  private readonly rateLimitWaits = this.histogram(METRICS.rateLimitWaits);
  private readonly queueDepth = this.gauge(METRICS.queueDepth);
  private readonly queueAge = this.gauge(METRICS.queueAge);
  private readonly jobWaits = this.histogram(METRICS.jobWaits);
  private readonly jobRuns = this.histogram(METRICS.jobRuns);
  private readonly deadLetterCount = this.gauge(METRICS.deadLetters);
  private readonly signalsLost = this.counter(METRICS.signalsLost);
  private readonly dependencyUp = this.gauge(METRICS.dependencyUp);
  private readonly breakerState = this.gauge(METRICS.breakerState);
  private readonly recordsConnections = this.gauge(METRICS.recordsConnections);

  /** @param options processDetails adds memory, CPU, garbage collection and event-loop delay of this process. */
  constructor(options: { readonly processDetails: boolean } = { processDetails: true }) {
    if (options.processDetails) collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 5 });
  }

  private histogram({ name, help, labels, buckets }: MetricDefinition): Histogram {
    return new Histogram({ name, help, labelNames: [...labels], buckets: [...(buckets ?? [])], registers: [this.registry] });
  }

  private counter({ name, help, labels }: MetricDefinition): Counter {
    return new Counter({ name, help, labelNames: [...labels], registers: [this.registry] });
  }

  private gauge({ name, help, labels }: MetricDefinition): Gauge {
    return new Gauge({ name, help, labelNames: [...labels], registers: [this.registry] });
  }

  /** @param route the pattern (`/get/memory/:id`), never the address asked for. */
  request(route: string, status: number, durationMs: number): void {
    this.requests.observe({ route, status: String(status) }, durationMs / 1_000);
  }

  streamBegan(): void {
    this.activeStreams.inc();
  }

  streamEnded(): void {
    this.activeStreams.dec();
  }

  /**
   * A call from another service was answered, well or not.
   * @param method in full: `continuo.v1.Recall/Search`. @param outcome `ok` or one of our error codes.
   */
  rpcServed(method: string, outcome: string, durationMs: number): void {
    const [service = '', name = ''] = method.split('/');
    this.calls.observe({ rpc_service: service.slice(service.lastIndexOf('.') + 1), method: name, code: outcome }, durationMs / 1_000);
  }

  recalled(state: string, missingArms: readonly string[], durationMs: number): void {
    this.recalls.observe({ state }, durationMs / 1_000);
    for (const arm of ARMS) this.recallArms.inc({ arm, outcome: missingArms.includes(arm) ? 'missing' : 'ok' });
  }

  /** One part of a recall, where it ran. */
  recallStage(stage: RecallStage, durationMs: number): void {
    this.recallStages.observe({ stage }, durationMs / 1_000);
  }

  becameRecallable(afterMs: number): void {
    this.recallable.observe(afterMs / 1_000);
  }

  /** One request to the index. @param operation a method of the port: `search`, `upsert`. refused: the breaker was open, nothing was sent. */
  indexOperation(operation: string, outcome: IndexOutcome, durationMs: number): void {
    this.indexOperations.observe({ operation, outcome }, durationMs / 1_000);
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

  /** A call was held back. @param provider by its name in the configuration, never its address or key. */
  rateLimitWaited(provider: string, waitedMs: number): void {
    this.rateLimitWaits.observe({ provider }, waitedMs / 1_000);
  }

  /** What waits in the records now; an empty queue has an age of 0. */
  queue(queue: string, depth: number, oldestAgeMs: number): void {
    this.queueDepth.set({ queue }, depth);
    this.queueAge.set({ queue }, oldestAgeMs / 1_000);
  }

  /** One run of a job ended. @param waitedMs from its signal to its beginning. */
  job(name: string, outcome: JobOutcome, waitedMs: number, ranMs: number): void {
    this.jobWaits.observe({ job_name: name }, waitedMs / 1_000);
    this.jobRuns.observe({ job_name: name, outcome }, ranMs / 1_000);
  }

  /** How many jobs of a name failed for good and stand in the list of them now. */
  deadLetters(job: string, count: number): void {
    this.deadLetterCount.set({ job_name: job }, count);
  }

  /** The broker was down when a job was asked for. */
  signalLost(job: string): void {
    this.signalsLost.inc({ job_name: job });
  }

  /** @param name as in `/readyz`: `records`, `index`, `broker`, `recall`, `generation`. */
  dependency(name: string, isUp: boolean): void {
    this.dependencyUp.set({ dependency: name }, isUp ? 1 : 0);
  }

  /** @param dependency `index`, or `model:` and the public name of a model. */
  breaker(dependency: string, state: BreakerState): void {
    this.breakerState.set({ dependency }, BREAKER_STATES.indexOf(state));
  }

  /** The pool of connections to Postgres as it is now. @param waiting callers that have asked for a connection and have none yet. */
  recordsPool({ inUse, idle, waiting }: { readonly inUse: number; readonly idle: number; readonly waiting: number }): void {
    this.recordsConnections.set({ state: 'in_use' }, inUse);
    this.recordsConnections.set({ state: 'idle' }, idle);
    this.recordsConnections.set({ state: 'waiting' }, waiting);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** The text of the Prometheus exposition format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
