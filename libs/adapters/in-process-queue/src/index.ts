export { InProcessQueue } from './in-process-queue.ts';
export type { InProcessQueueOptions } from './in-process-queue.ts';
export type { JobSettings, QueueDepth } from './lane-pool.ts';
