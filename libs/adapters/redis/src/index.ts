export { parseBrokerUrl, type BrokerAddress, type BrokerHost } from './connection/broker-address.ts';
export { BullQueue, openBullQueue, type BullQueueOptions } from './queue/bull-queue.ts';
export type { BrokerEvent } from './queue/broker-event.ts';
export type { DeadLetter, Replay } from './queue/dead-letters.ts';
export type { JobSettings } from './queue/job-settings.ts';
export type { QueueDepth } from './queue/queue-depth.ts';
export { countBrokerEvents } from './count-events.ts';
export { openRedisLimits, RedisLimits, type RedisLimitsOptions } from './limits/redis-limits.ts';
