/** How a figure grows, as Prometheus names it. */
export type MetricType = 'counter' | 'gauge' | 'histogram';

/** One figure of `/metrics`. */
export interface MetricDefinition {
  readonly type: MetricType;
  readonly name: string;
  /** One sentence, which is also the row of the table in docs/operations.md. */
  readonly help: string;
  /**
   * What tells its series apart: few and fixed values each, never an id of a user or a project. `job`, `service`, `instance` and the
   * like are Prometheus' own words for what it asks: a label of that name would be renamed on the way.
   */
  readonly labels: readonly string[];
  /** Upper bounds in seconds, of a histogram alone. */
  readonly buckets?: readonly number[];
}

/** From an answer out of memory to one that a model wrote. */
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const STAGE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const RECALLABLE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 15, 60];
/** Work in the background waits and runs longer: a batch asks a model twice at most. */
const JOB_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

const counter = (name: string, help: string, labels: readonly string[] = []): MetricDefinition => ({ type: 'counter', name, help, labels });
const gauge = (name: string, help: string, labels: readonly string[] = []): MetricDefinition => ({ type: 'gauge', name, help, labels });
const histogram = (
  name: string,
  help: string,
  labels: readonly string[] = [],
  buckets: readonly number[] = REQUEST_SECONDS,
): MetricDefinition => ({ type: 'histogram', name, help, labels, buckets });

/** Every figure of our own. Dashboards, rules and people rely on the names: they are added to and not changed. */
export const METRICS = {
  requests: histogram('continuo_http_request_seconds', 'Time from the first byte of a request to the last of its reply.', [
    'route',
    'status',
  ]),
  activeStreams: gauge('continuo_active_streams', 'Answers being streamed now.'),
  calls: histogram(
    'continuo_rpc_request_seconds',
    'Time of one call between services where it is answered, by its end: ok or an error code.',
    ['rpc_service', 'method', 'code'],
  ),
  recalls: histogram('continuo_recall_seconds', 'Time of one recall by its state (ok, empty, below_threshold, degraded, timeout).', [
    'state',
  ]),
  recallStages: histogram(
    'continuo_recall_stage_seconds',
    'Time of one part of a recall: embed (the query), index (both arms), records (overlay and last check), score (fusion and relativity).',
    ['stage'],
    STAGE_SECONDS,
  ),
  recallArms: counter('continuo_recall_arms_total', 'Recalls by arm (words, vectors, overlay) and whether the arm answered in time.', [
    'arm',
    'outcome',
  ]),
  recallable: histogram(
    'continuo_write_to_recallable_seconds',
    'Time from the acknowledgement of a write until the index finds it.',
    [],
    RECALLABLE_SECONDS,
  ),
  indexOperations: histogram(
    'continuo_index_operation_seconds',
    'Time of one request to the index, by operation (search, upsert, remove, …) and outcome (ok, failed, refused by the open breaker).',
    ['operation', 'outcome'],
  ),
  modelCalls: histogram(
    'continuo_model_call_seconds',
    'Time of one call of a model by role (answer, extract, reconcile, embed) and outcome.',
    ['role', 'outcome'],
  ),
  modelTokens: counter('continuo_model_tokens_total', 'Tokens sent to (prompt) and received from (answer) models, by role.', [
    'role',
    'direction',
  ]),
  rateLimitWaits: histogram(
    'continuo_rate_limit_wait_seconds',
    'Time a call was held back so that the rate limit of its model provider is kept.',
    ['provider'],
    JOB_SECONDS,
  ),
  queueDepth: gauge('continuo_queue_depth', 'What waits in the records, by queue (inbox, outbox); every worker reports the same.', [
    'queue',
  ]),
  queueAge: gauge('continuo_queue_oldest_seconds', 'Age of the oldest that waits, by queue; every worker reports the same.', ['queue']),
  jobWaits: histogram('continuo_job_wait_seconds', 'Time from the signal for a job until it began.', ['job_name'], JOB_SECONDS),
  jobRuns: histogram(
    'continuo_job_run_seconds',
    'Time one run of a job took, by outcome (ok, failed, aborted).',
    ['job_name', 'outcome'],
    JOB_SECONDS,
  ),
  deadLetters: gauge('continuo_dead_letters', 'Jobs that failed for good and were not replayed; every worker reports the same.', [
    'job_name',
  ]),
  signalsLost: counter('continuo_signals_lost_total', 'Signals the broker did not take; the sweep makes up for each.', ['job_name']),
  dependencyUp: gauge('continuo_dependency_up', 'Whether a store or service answered last time: 1 or 0.', ['dependency']),
  breakerState: gauge('continuo_breaker_state', 'Circuit breaker of the index or of a model: 0 closed, 1 half open, 2 open.', [
    'dependency',
  ]),
  recordsConnections: gauge(
    'continuo_records_connections',
    'Connections of this process to Postgres: in_use, idle; and how many callers are waiting for one.',
    ['state'],
  ),
} as const satisfies Record<string, MetricDefinition>;
