import { describeSharedLimitsContract } from '@continuo/testing';
import { aBrokerUrl, aPrefix, removeKeys } from '../../test/broker.ts';
import { openRedisLimits, type RedisLimits } from './redis-limits.ts';
import { untilShared } from '../../test/limits.ts';

let opened: readonly RedisLimits[] = [];
let prefix: string;

describeSharedLimitsContract({
  name: 'Redis, two processes',
  open: async (minuteMs) => {
    prefix = aPrefix();
    const [one, other] = [0, 1].map(() => openRedisLimits({ url: aBrokerUrl(), prefix, minuteMs })) as [RedisLimits, RedisLimits];
    opened = [one, other];
    await untilShared(one, other);
    return [one, other];
  },
  dispose: async () => {
    for (const limits of opened) await limits.close();
    await removeKeys(prefix);
  },
});
