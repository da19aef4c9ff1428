import type { Configuration } from '@continuo/platform';
import type { BullQueue } from '@continuo/redis';
import { openBroker } from '../infrastructure.ts';

/** Lends the broker of the configured installation; null: it has none. */
export async function withBroker<Result>(
  configuration: Configuration,
  work: (broker: BullQueue | null) => Promise<Result>,
): Promise<Result> {
  const broker = await openBroker(configuration);
  try {
    return await work(broker);
  } finally {
    await broker?.close(0);
  }
}
