import { METRICS } from './metric-definitions.ts';
import { Metrics } from './metrics.ts';

/** Calls every method once. */
function used(metrics: Metrics): Metrics {
  metrics.request('/chat', 200, 12);
  metrics.streamBegan();
  metrics.rpcServed('continuo.v1.Recall/Search', 'ok', 7);
  metrics.recalled('degraded', ['vectors'], 8);
  metrics.recallStage('score', 2);
  metrics.becameRecallable(40);
  metrics.indexOperation('search', 'refused', 0);
  metrics.modelCall('answer', 'ok', 900, { promptTokens: 100, answerTokens: 20 });
  metrics.rateLimitWaited('default', 250);
  metrics.queue('inbox', 3, 1_500);
  metrics.job('drain-inbox', 'failed', 100, 2_000);
  metrics.deadLetters('drain-inbox', 2);
  metrics.signalLost('drain-inbox');
  metrics.dependency('records', false);
  metrics.breaker('index', 'open');
  metrics.recordsPool({ inUse: 4, idle: 6, waiting: 1 });
  return metrics;
}

describe('Metrics', () => {
  it('shows what was counted in the Prometheus format', async () => {
    const text = await used(new Metrics({ processDetails: false })).text();

    for (const line of [
      'continuo_http_request_seconds_count{route="/chat",status="200"} 1',
      'continuo_active_streams 1',
      'continuo_rpc_request_seconds_count{rpc_service="Recall",method="Search",code="ok"} 1',
      'continuo_recall_seconds_count{state="degraded"} 1',
      'continuo_recall_arms_total{arm="vectors",outcome="missing"} 1',
      'continuo_recall_arms_total{arm="words",outcome="ok"} 1',
      'continuo_recall_stage_seconds_sum{stage="score"} 0.002',
      'continuo_write_to_recallable_seconds_count 1',
      'continuo_index_operation_seconds_count{operation="search",outcome="refused"} 1',
      'continuo_model_call_seconds_sum{role="answer",outcome="ok"} 0.9',
      'continuo_model_tokens_total{role="answer",direction="prompt"} 100',
      'continuo_rate_limit_wait_seconds_sum{provider="default"} 0.25',
      'continuo_queue_depth{queue="inbox"} 3',
      'continuo_queue_oldest_seconds{queue="inbox"} 1.5',
      'continuo_job_wait_seconds_sum{job_name="drain-inbox"} 0.1',
      'continuo_job_run_seconds_sum{job_name="drain-inbox",outcome="failed"} 2',
      'continuo_dead_letters{job_name="drain-inbox"} 2',
      'continuo_signals_lost_total{job_name="drain-inbox"} 1',
      'continuo_dependency_up{dependency="records"} 0',
      'continuo_breaker_state{dependency="index"} 2',
      'continuo_records_connections{state="waiting"} 1',
    ])
      expect(text).toContain(`\n${line}\n`);
  });

  it('shows every figure it defines once it was used, and no other', async () => {
    const text = await used(new Metrics({ processDetails: false })).text();
    const shown = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gmu)].map(([, name, type]) => `${name} ${type}`);
    const withSeries = shown.filter((line) => text.includes(`\n${line.split(' ')[0] ?? ''}`));

    expect(withSeries.toSorted()).toEqual(
      Object.values(METRICS)
        .map(({ name, type }) => `${name} ${type}`)
        .toSorted(),
    );
  });

  it('keeps the names and labels that rules and dashboards rely on', () => {
    expect(Object.values(METRICS).map(({ name, labels }) => `${name}{${labels.join(',')}}`)).toEqual([
      'continuo_http_request_seconds{route,status}',
      'continuo_active_streams{}',
      'continuo_rpc_request_seconds{rpc_service,method,code}',
      'continuo_recall_seconds{state}',
      'continuo_recall_stage_seconds{stage}',
      'continuo_recall_arms_total{arm,outcome}',
      'continuo_write_to_recallable_seconds{}',
      'continuo_index_operation_seconds{operation,outcome}',
      'continuo_model_call_seconds{role,outcome}',
      'continuo_model_tokens_total{role,direction}',
      'continuo_rate_limit_wait_seconds{provider}',
      'continuo_queue_depth{queue}',
      'continuo_queue_oldest_seconds{queue}',
      'continuo_job_wait_seconds{job_name}',
      'continuo_job_run_seconds{job_name,outcome}',
      'continuo_dead_letters{job_name}',
      'continuo_signals_lost_total{job_name}',
      'continuo_dependency_up{dependency}',
      'continuo_breaker_state{dependency}',
      'continuo_records_connections{state}',
    ]);
  });

  it('shows event-loop delay and memory of the process when asked to', async () => {
    const text = await new Metrics({ processDetails: true }).text();

    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('process_resident_memory_bytes');
  });
});
