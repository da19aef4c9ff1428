import { describeJobQueueContract } from '@continuo/testing';
import { InProcessQueue } from './in-process-queue.ts';

describeJobQueueContract({
  name: 'in process',
  open: async () => {
    const queue = new InProcessQueue({ onFailure: () => undefined });
    return { queue, runner: queue };
  },
  dispose: async () => undefined,
});
