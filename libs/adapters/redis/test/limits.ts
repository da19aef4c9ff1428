import type { SharedLimits } from '@continuo/ports';
import { randomBytes } from 'node:crypto';
import { until } from './queues.ts';

/** While they connect, each counts for itself. */
export async function untilShared(one: SharedLimits, other: SharedLimits): Promise<void> {
  await until('both count together', async () => {
    const claim = { key: randomBytes(6).toString('hex'), points: 1, perMinute: 1 };
    await one.take([claim], {});
    return !(await other.take([claim], {})).allowed;
  });
}
