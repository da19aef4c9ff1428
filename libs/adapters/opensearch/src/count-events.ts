import type { Log, Metrics } from '@continuo/platform';
import type { IndexEvent } from './index-event.ts';

/** What the index tells, as figures and as lines of the log. */
export function countIndexEvents(
  metrics: Pick<Metrics, 'breaker' | 'dependency' | 'indexOperation'>,
  log: Log,
): (event: IndexEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'answered':
        metrics.indexOperation(event.operation, 'ok', event.tookMs);
        return;
      case 'retry':
        metrics.indexOperation(event.operation, 'failed', 0);
        log.debug('index_retry', { operation: event.operation, reason: event.reason });
        return;
      case 'breaker':
        metrics.breaker('index', event.state === 'half-open' ? 'half_open' : event.state);
        metrics.dependency('index', event.state === 'closed');
        log.warn('index_breaker', { state: event.state });
        return;
      case 'bulk':
        if (event.refused > 0) log.warn('index_refused', { items: event.items, refused: event.refused });
        return;
      case 'generation':
        if (event.reason === 'outdated') log.warn('index_generation', { number: event.number, reason: event.reason });
        else log.info('index_generation', { number: event.number, reason: event.reason });
    }
  };
}
