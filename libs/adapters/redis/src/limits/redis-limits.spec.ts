import type { Claim } from '@continuo/ports';
import { untilShared } from '../../test/limits.ts';
import { PrivateRedis } from '../../test/private-redis.ts';
import { openRedisLimits, type RedisLimits } from './redis-limits.ts';

let redis: PrivateRedis;
let opened: RedisLimits[];

beforeEach(async () => {
  redis = await PrivateRedis.start();
  opened = [];
});
afterEach(async () => {
  for (const limits of opened) await limits.close();
  await redis.stop();
});

function limits(): RedisLimits {
  const one = openRedisLimits({ url: redis.url, prefix: 'spec' });
  opened.push(one);
  return one;
}

const claim: Claim = { key: 'provider', points: 1, perMinute: 3 };
const granted = async (one: RedisLimits, times: number): Promise<number> => {
  let count = 0;
  for (let asked = 0; asked < times; asked += 1) if ((await one.take([claim], {})).allowed) count += 1;
  return count;
};

describe('limits while Redis is away', () => {
  it('hold in each process', async () => {
    const [one, other] = [limits(), limits()];
    await untilShared(one, other);
    await redis.kill();
    expect([await granted(one, 10), await granted(other, 10)]).toEqual([3, 3]);
  });

  it('hold in each process where Redis hangs without a word', async () => {
    const [one, other] = [limits(), limits()];
    await untilShared(one, other);
    redis.hang(true);
    expect(await granted(one, 4)).toBe(3);
    redis.hang(false);
  });

  it('are shared again when it is back', async () => {
    const [one, other] = [limits(), limits()];
    await untilShared(one, other);
    await redis.kill();
    await granted(one, 1);
    await redis.start();
    await untilShared(one, other);
    expect((await granted(one, 2)) + (await granted(other, 3))).toBe(3);
  });
});
