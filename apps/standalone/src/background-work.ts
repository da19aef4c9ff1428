import { BackgroundWork } from '@continuo/entrypoints';
import type { Configuration, Log } from '@continuo/platform';
import type { Infrastructure } from './infrastructure.ts';

/** In one process a lost signal can only come of a fault. */
const SWEEP_EVERY_MS = 2_000;

/** What goes on behind the requests, in the same process. */
export function backgroundWork(infrastructure: Infrastructure, configuration: Configuration, log: Log): BackgroundWork {
  const { models } = infrastructure;
  return new BackgroundWork({
    ...infrastructure,
    configuration,
    log,
    structured: models.structured,
    // Lanes side by side make use of the time a model takes. The rules have none to wait for: more than one would only delay requests.
    lanes: models.structured.available('extract') ? configuration.workerConcurrency : 1,
    sweepEveryMs: SWEEP_EVERY_MS,
  });
}
