import { parseBrokerUrl, type BrokerAddress } from './broker-address.ts';

const OPEN = { username: null, password: null, tls: false };

describe('the address of a broker', () => {
  it.each<[string, BrokerAddress]>([
    ['redis://redis', { kind: 'single', ...OPEN, host: { host: 'redis', port: 6379 }, database: 0 }],
    ['redis://127.0.0.1:7000/3', { kind: 'single', ...OPEN, host: { host: '127.0.0.1', port: 7000 }, database: 3 }],
    ['redis://[::1]:7000/', { kind: 'single', ...OPEN, host: { host: '::1', port: 7000 }, database: 0 }],
    ['redis://:s%40:x@h', { kind: 'single', ...OPEN, password: 's@:x', host: { host: 'h', port: 6379 }, database: 0 }],
    ['rediss://app:pw@h:1', { kind: 'single', username: 'app', password: 'pw', tls: true, host: { host: 'h', port: 1 }, database: 0 }],
    [
      'redis+sentinel://app:pw@s1:1,s2/main/4',
      {
        kind: 'sentinel',
        username: 'app',
        password: 'pw',
        tls: false,
        sentinels: [
          { host: 's1', port: 1 },
          { host: 's2', port: 26_379 },
        ],
        master: 'main',
        database: 4,
        sentinelUsername: 'app',
        sentinelPassword: 'pw',
      },
    ],
    [
      'redis+sentinel+tls://app:pw@s1/main?sentinelPassword=other',
      {
        kind: 'sentinel',
        username: 'app',
        password: 'pw',
        tls: true,
        sentinels: [{ host: 's1', port: 26_379 }],
        master: 'main',
        database: 0,
        sentinelUsername: null,
        sentinelPassword: 'other',
      },
    ],
    [
      'redis+cluster+tls://:pw@n1:1,n2:2',
      {
        kind: 'cluster',
        username: null,
        password: 'pw',
        tls: true,
        nodes: [
          { host: 'n1', port: 1 },
          { host: 'n2', port: 2 },
        ],
      },
    ],
  ])('reads %s', (url, address) => {
    expect(parseBrokerUrl(url)).toEqual(address);
  });

  it('asks sentinels without a password where an empty one is given', () => {
    expect(parseBrokerUrl('redis+sentinel://:pw@s1/main?sentinelPassword=')).toMatchObject({ password: 'pw', sentinelPassword: null });
  });

  it.each([
    ['http://h', 'expected redis://'],
    ['redis://', 'expected redis://'],
    ['redis://h1,h2', 'one host'],
    ['redis://h/name', 'number of a database'],
    ['redis://h:99999', 'HOST:PORT'],
    ['redis://h?db=1', 'no parameter db'],
    ['redis+sentinel://s1', 'master'],
    ['redis+sentinel://s1/main?password=x', 'no parameter password'],
    ['redis+cluster://n1/1', 'no numbered databases'],
    ['redis://a:%E0%A4%A@h', 'percent-encoded'],
  ])('says what is wrong with %s', (url, words) => {
    expect(() => parseBrokerUrl(url)).toThrow(words);
  });

  it('never quotes a password', () => {
    for (const url of ['redis://u:hunter2@h/x', 'redis+cluster://u:hunter2@h:0', 'ftp://u:hunter2@h', 'redis+sentinel://u:hunter2@s']) {
      expect(() => parseBrokerUrl(url)).toThrow(/^(?!.*hunter2)/u);
    }
  });
});
