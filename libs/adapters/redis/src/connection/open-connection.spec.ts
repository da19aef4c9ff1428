import { Redis } from 'ioredis';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexOutbox } from '@continuo/contracts';
import { job, laneOf, on } from '../../test/job.ts';
import { PrivateRedis, type PrivateRedisOptions } from '../../test/private-redis.ts';
import { aMoment, Queues, until } from '../../test/queues.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../../test/tls.ts';

const queues = new Queues();

const CLUSTER = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
let started: PrivateRedis[];

beforeEach(() => {
  started = [];
});
afterEach(async () => {
  for (const redis of started) await redis.stop();
});

async function aRedis(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
  const redis = await PrivateRedis.start(options);
  started.push(redis);
  return redis;
}

/** Signals, blocking waits, locks, schedules, limits of dead letters: everything that a queue does there. */
async function worksAt(url: string, tlsAuthority?: string): Promise<void> {
  const seen: string[] = [];
  let rounds = 0;
  const queue = queues.open({ url, ...(tlsAuthority === undefined ? {} : { tlsAuthority }) });
  queue.handle(
    job,
    async (payload) => {
      seen.push(laneOf(payload));
      if (laneOf(payload) === 'failing') throw new Error('on purpose');
    },
    2,
  );
  queue.handle(indexOutbox, async () => void (rounds += 1), 1);
  queue.schedule(indexOutbox, {}, 100);
  await until('signals arrive', async () => {
    await queue.enqueue(job, on('a'));
    return seen.includes('a');
  });
  await queue.enqueue(job, on('failing'));
  await until('it failed for good', async () => (await queue.failed(5)).length === 1);
  await until('the schedule comes round', () => rounds >= 3);
  expect((await queue.depth()).find(({ name }) => name === 'drain-inbox')).toMatchObject({ failed: 1 });
  await queue.ping();
}

const isRefused = async (url: string, words: string): Promise<void> => {
  const queue = queues.open({ url });
  await queue.enqueue(job, on('a'));
  await aMoment(100);
  await expect(queue.ping()).rejects.toThrow();
  expect(queues.eventsOf('signal_lost')).toHaveLength(1);
  expect(queues.eventsOf('broker_error').map(({ reason }) => reason)).toEqual([words]);
};

describe('a broker with a password', () => {
  it('lets in who has it', async () => {
    const { port } = await aRedis({ flags: ['--requirepass', 's3cr@t:/'] });
    await worksAt(`redis://:${encodeURIComponent('s3cr@t:/')}@127.0.0.1:${port}`);
  });

  it('lets in a user of its own, into the database that is named', async () => {
    const { port, url } = await aRedis({ file: 'user app on >pw ~{spec-* +@all\n' });
    await worksAt(`redis://app:pw@127.0.0.1:${port}/2`);
    const redis = new Redis(`${url}/2`);
    expect((await redis.keys('*')).length).toBeGreaterThan(0);
    redis.disconnect();
  });

  it('refuses who has it not, and asking still does not fail', async () => {
    const { port } = await aRedis({ flags: ['--requirepass', 'secret'] });
    await isRefused(`redis://:wrong@127.0.0.1:${port}`, 'ReplyError WRONGPASS');
  });
});

describe('a broker with TLS', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'continuo-tls-'));
    await writeFile(join(folder, 'certificate.pem'), CERTIFICATE);
    await writeFile(join(folder, 'key.pem'), PRIVATE_KEY);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const withTls = (...flags: readonly string[]): PrivateRedisOptions => ({
    tls: true,
    flags: [
      ...['--tls-cert-file', join(folder, 'certificate.pem'), '--tls-key-file', join(folder, 'key.pem')],
      ...['--tls-ca-cert-file', join(folder, 'certificate.pem'), '--tls-auth-clients', 'no', ...flags],
    ],
  });

  it('is trusted where its authority is known', async () => {
    const { port } = await aRedis(withTls('--requirepass', 'secret'));
    await worksAt(`rediss://:secret@localhost:${port}`, CERTIFICATE);
  });

  it('is not trusted where it is not', async () => {
    const { port } = await aRedis(withTls());
    await isRefused(`rediss://localhost:${port}`, 'Error DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('is trusted as a cluster, too', async () => {
    const redis = await aRedis(withTls(...CLUSTER, '--tls-cluster', 'yes'));
    await makeCluster(new Redis({ host: '127.0.0.1', port: redis.port, tls: { ca: CERTIFICATE } }));
    await worksAt(`redis+cluster+tls://127.0.0.1:${redis.port}`, CERTIFICATE);
  });
});

describe('a broker behind sentinels', () => {
  it('is asked at the master they name, each with its own password', async () => {
    const master = await aRedis({ flags: ['--requirepass', 'secret'] });
    const sentinel = await aRedis({
      file: `sentinel monitor main 127.0.0.1 ${master.port} 1\nsentinel auth-pass main secret\nrequirepass watch\n`,
      flags: ['--sentinel'],
    });
    await worksAt(`redis+sentinel://:secret@127.0.0.1:${sentinel.port}/main?sentinelPassword=watch`);
  });
});

describe('a broker that is a cluster', () => {
  it('holds all that belongs together in one slot', async () => {
    const redis = await aRedis({ flags: CLUSTER });
    await makeCluster(new Redis(redis.url));
    await worksAt(`redis+cluster://127.0.0.1:${redis.port}`);
  });
});

describe('a broker that may evict keys', () => {
  it('is reported, once', async () => {
    const redis = await aRedis({ flags: ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'] });
    const queue = queues.open({ url: redis.url });
    await until('it is reported', () => queues.eventsOf('eviction_possible').length > 0);
    await redis.kill();
    await redis.start();
    await until('it is there again', () =>
      queue.ping().then(
        () => true,
        () => false,
      ),
    );
    await aMoment(50);
    expect(queues.eventsOf('eviction_possible')).toEqual([{ type: 'eviction_possible', policy: 'allkeys-lru' }]);
  });

  it('is not reported where it may not', async () => {
    const redis = await aRedis();
    const queue = await queues.connected({ url: redis.url });
    await queue.enqueue(job, on('a'));
    await aMoment(50);
    expect(queues.events).toEqual([]);
  });
});

/** One node with all slots. */
async function makeCluster(redis: Redis): Promise<void> {
  await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await until('the cluster is well', async () => String(await redis.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  redis.disconnect();
}
