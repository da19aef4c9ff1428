import type { JobOutcome, Log, Metrics } from '@continuo/platform';
import type { TellEvent } from './queue/broker-event.ts';

const OUTCOMES = {
  completed: 'ok',
  retried: 'failed',
  failed: 'failed',
  returned: 'aborted',
  lost: 'aborted',
} as const satisfies Record<string, JobOutcome>;

const SILENCE_MS = 10_000;

/** What the queue tells, as figures and as lines of the log. */
export function countBrokerEvents(metrics: Pick<Metrics, 'job' | 'signalLost' | 'dependency'>, log: Log): TellEvent {
  let silentUntil = 0;
  return (event) => {
    switch (event.type) {
      case 'signal_lost':
        metrics.signalLost(event.job);
        log.debug('signal_lost', { job: event.job, reason: event.reason });
        return;
      case 'job_done':
        metrics.job(event.job, OUTCOMES[event.outcome], event.waitedMs, event.ranMs);
        log.debug('job_done', { job: event.job, outcome: event.outcome, waitedMs: event.waitedMs, ranMs: event.ranMs });
        return;
      case 'connection':
        metrics.dependency('broker', event.state === 'ready');
        log.info('broker', { state: event.state });
        return;
      case 'eviction_possible':
        log.warn('broker_may_evict', { policy: event.policy, expected: 'noeviction' });
        return;
      case 'lock_lost':
      case 'stalled':
        log.warn(`job_${event.type}`, { job: event.job });
        return;
      case 'broker_error':
        // While it is away every attempt to reach it fails, many times a second.
        if (Date.now() < silentUntil) return;
        silentUntil = Date.now() + SILENCE_MS;
        log.warn('broker_error', { job: event.job, reason: event.reason });
    }
  };
}
