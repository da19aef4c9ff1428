import { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';

/** The real Redis of the stack. */
export function aBrokerUrl(): string {
  const url = process.env['CONTINUO_BROKER_URL'];
  if (url === undefined || url === '')
    throw new Error('These specs need a real Redis: run `npm run stack` and export what `npm run stack -- status` prints.');
  return url;
}

/** Keys of its own for one test. */
export const aPrefix = (): string => `spec-${randomBytes(6).toString('hex')}`;

export async function removeKeys(prefix: string, url: string = aBrokerUrl()): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `{${prefix}}*`, count: 1_000 }) as AsyncIterable<string[]>) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}
