import type { Configuration } from '@continuo/platform';
import { openBroker } from '../infrastructure.ts';
import { fine, type Finding, said, wrong, degraded } from './findings.ts';

/** Redis of a cluster: whether it answers, what waits, and whether it would throw away what it was given. */
export async function brokerFinding(configuration: Configuration): Promise<Finding> {
  const part = 'broker';
  let policy: string | null = null;
  const broker = await openBroker(configuration, (event) => {
    if (event.type === 'eviction_possible') policy = event.policy;
  });
  if (broker === null) return fine(part, 'none is configured: work is queued in the process');
  try {
    // Waits for the connection; what Redis says of its memory has come before this answer.
    const queues = await broker.depth();
    const asked = performance.now();
    await broker.ping();
    const tookMs = Math.round(performance.now() - asked);
    const sum = (count: (queue: (typeof queues)[number]) => number): number => queues.reduce((total, queue) => total + count(queue), 0);
    const letters = sum(({ failed }) => failed);
    const words = `answers in ${tookMs} ms, ${sum(({ waiting, delayed }) => waiting + delayed)} jobs wait, ${letters} dead letters`;
    if (policy !== null)
      return wrong(
        part,
        `${words}; its maxmemory-policy is ${String(policy)}`,
        'set maxmemory-policy to noeviction: otherwise it forgets signals when it is full',
      );
    if (letters > 0)
      return degraded(part, words, '"npx continuo jobs failed" lists them, "npx continuo jobs retry all" asks for them anew');
    return fine(part, words);
  } catch (error) {
    return wrong(part, said(error), 'check CONTINUO_BROKER_URL, and that Redis runs; meanwhile work is found by the sweep');
  } finally {
    await broker.close(0);
  }
}
