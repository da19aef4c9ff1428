import { Metrics } from './metrics.ts';

describe('Metrics', () => {
  it('shows requests, recalls, models and queues in the Prometheus format', async () => {
    const metrics = new Metrics({ processDetails: false });
    metrics.request('/chat', 200, 12);
    metrics.recalled('degraded', ['vectors'], 8);
    metrics.modelCall('answer', 'ok', 900, { promptTokens: 100, answerTokens: 20 });
    metrics.queue('inbox', 3, 1_500);
    metrics.becameRecallable(40);
    metrics.streamBegan();
    const text = await metrics.text();

    expect(text).toContain('continuo_http_request_seconds_count{route="/chat",status="200"} 1');
    expect(text).toContain('continuo_recall_arms_total{arm="vectors",outcome="missing"} 1');
    expect(text).toContain('continuo_recall_arms_total{arm="words",outcome="ok"} 1');
    expect(text).toContain('continuo_model_tokens_total{role="answer",direction="prompt"} 100');
    expect(text).toContain('continuo_queue_oldest_seconds{queue="inbox"} 1.5');
    expect(text).toContain('continuo_write_to_recallable_seconds_count 1');
    expect(text).toContain('continuo_active_streams 1');
  });

  it('shows event-loop delay and memory of the process when asked to', async () => {
    const text = await new Metrics({ processDetails: true }).text();

    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('process_resident_memory_bytes');
  });
});
