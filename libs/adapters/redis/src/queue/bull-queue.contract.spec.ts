import { jest } from '@jest/globals';
import { describeJobQueueContract } from '@continuo/testing';
import { aBrokerUrl, aPrefix, removeKeys } from '../../test/broker.ts';
import { answers, until } from '../../test/queues.ts';
import { openBullQueue } from './bull-queue.ts';

// The random load is some thousands of round trips, on a machine that may be busy.
jest.setTimeout(60_000);

let prefix: string;

describeJobQueueContract({
  name: 'BullMQ on Redis',
  open: async () => {
    prefix = aPrefix();
    const queue = openBullQueue({ url: aBrokerUrl(), prefix, onFailure: () => undefined });
    await until('the broker answers', () => answers(queue));
    return { queue, runner: queue };
  },
  dispose: () => removeKeys(prefix),
});
