import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FileFetcher } from '@continuo/ports';
import { failureOf } from '../../test/expect-failure.ts';
import { isPublicAddress } from './address-guard.ts';
import type { Resolve } from './checked-address.ts';
import { type FetcherSettings, openFileFetcher } from './file-fetcher.ts';
import { fileNameOf } from './file-name.ts';

const PRIVATE = 'invalid_request: The address of the file leads into a private network.';
const limits = { maxBytes: 100_000 };

describe('the file fetcher', () => {
  let server: Server;
  let port: number;
  let answer: (response: ServerResponse, path: string) => void;
  let asked: string[];
  let sent: Record<string, string | string[] | undefined>[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      sent.push(request.headers);
      answer(response, request.url ?? '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    asked = [];
    sent = [];
    answer = (response) => response.end('nothing');
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const address = (path: string): string => `http://127.0.0.1:${port}${path}`;
  const open = (settings: FetcherSettings = {}): FileFetcher => openFileFetcher({ allowPrivate: [`127.0.0.1:${port}`], ...settings });
  const connections = (): Promise<number> =>
    new Promise((resolve, reject) => server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))));

  it('brings a file with its name and its declared type', async () => {
    answer = (response) =>
      response
        .writeHead(200, { 'content-type': 'Application/PDF; a=b', 'content-disposition': `attachment; filename="report.pdf"` })
        .end('%PDF-1.7');
    const { bytes, ...rest } = await open().fetch(address('/download?id=1'), limits, {});
    expect(Buffer.from(bytes).toString()).toBe('%PDF-1.7');
    expect(rest).toEqual({ name: 'report.pdf', declaredType: 'application/pdf' });
    expect(sent[0]).toMatchObject({ 'accept-encoding': 'identity', connection: 'close' });
    expect(Object.keys(sent[0] ?? {})).not.toContain('cookie');
  });

  it('connects to nothing private that is not listed, whatever its name', async () => {
    const fetcher = openFileFetcher({ allowPrivate: [`127.0.0.1:${port + 1}`, `localhost:${port}`] });
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.0.0.1',
      '0177.0.0.1',
      '0',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[::127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[::]',
    ];
    for (const host of hosts)
      expect([host, await failureOf(fetcher.fetch(`http://${host}:${port}/`, limits, {}))]).toEqual([host, PRIVATE]);
    for (const host of [
      '169.254.169.254',
      '10.0.0.1',
      '192.168.1.1',
      '172.16.0.1',
      '100.64.0.1',
      '[fe80::1]',
      '[fd00::1]',
      '[fec0::1]',
      '224.0.0.1',
    ])
      expect([host, await failureOf(fetcher.fetch(`https://${host}/`, limits, {}))]).toEqual([host, PRIVATE]);
    expect(asked).toEqual([]);
  });

  it('connects to what is listed', async () => {
    const fetcher = openFileFetcher({
      allowPrivate: [`localhost:${port}`],
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    });
    expect((await fetcher.fetch(`http://LOCALHOST:${port}/a.txt`, limits, {})).name).toBe('a.txt');
    expect(await failureOf(fetcher.fetch(`http://other.example:${port}/a.txt`, limits, {}))).toBe(PRIVATE);
  });

  it('refuses a name of which any address is private', async () => {
    const resolve: Resolve = () =>
      Promise.resolve([
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    expect(await failureOf(open({ resolve }).fetch(`http://two.example:${port}/`, limits, {}))).toBe(PRIVATE);
    expect(asked).toEqual([]);
  });

  it('asks for a name once, and connects to what was checked', async () => {
    let lookups = 0;
    // The first answer is good, every later one leads elsewhere.
    const resolve: Resolve = () => Promise.resolve([{ address: (lookups += 1) === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]);
    const fetcher = openFileFetcher({ allowPrivate: [`rebound.example:${port}`], resolve });
    expect((await fetcher.fetch(`http://rebound.example:${port}/a.txt`, limits, {})).name).toBe('a.txt');
    expect(lookups).toBe(1);
    expect(sent[0]?.['host']).toBe(`rebound.example:${port}`);
  });

  it('checks a name anew at every redirect, and what it then leads to', async () => {
    let lookups = 0;
    const resolve: Resolve = () => Promise.resolve([{ address: (lookups += 1) === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
    answer = (response) => response.writeHead(302, { location: `http://other.example:${port}/secret` }).end();
    const fetcher = openFileFetcher({ allowPrivate: [`first.example:${port}`], resolve });
    expect(await failureOf(fetcher.fetch(`http://first.example:${port}/`, limits, {}))).toBe(PRIVATE);
    expect([lookups, asked]).toEqual([2, ['/']]);
  });

  it('follows redirects, five of them, and checks each', async () => {
    answer = (response, path) => {
      const left = Number(path.slice(1));
      if (left === 0) response.end('here');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    };
    expect(Buffer.from((await open().fetch(address('/5'), limits, {})).bytes).toString()).toBe('here');
    expect(await failureOf(open().fetch(address('/6'), limits, {}))).toBe(
      'file_invalid: The file could not be fetched: more than 5 redirects.',
    );
    for (const [location, failure] of [
      ['http://169.254.169.254/latest/meta-data', PRIVATE],
      ['http://[::1]/', PRIVATE],
      [`http://localhost:${port}/`, PRIVATE],
      ['file:///etc/passwd', 'invalid_request: The address of the file has to begin with http:// or https://.'],
      ['http://user:secret@example.org/', 'invalid_request: The address of the file holds a user name or a password, which are not sent.'],
    ] as const) {
      answer = (response) => response.writeHead(301, { location }).end();
      expect([location, await failureOf(open().fetch(address('/'), limits, {}))]).toEqual([location, failure]);
    }
  });

  it('refuses what is no address of the web', async () => {
    const of = (url: string): Promise<string> => failureOf(open().fetch(url, limits, {}));
    expect(await of('no address')).toBe('invalid_request: The address of the file is none.');
    expect(await of('')).toBe('invalid_request: The address of the file is none.');
    for (const url of ['ftp://example.org/a', 'file:///etc/passwd', 'data:text/plain,a', 'javascript:1', 'gopher://example.org'])
      expect([url, await of(url)]).toEqual([url, expect.stringMatching(/^invalid_request: /u)]);
    expect(await of('http://user@example.org/')).toMatch(/^invalid_request: .*password/u);
  });

  it('stops as soon as a file is too large, said or unsaid', async () => {
    answer = (response) => response.writeHead(200, { 'content-length': '1000000' }).write('x');
    expect(await failureOf(open().fetch(address('/'), limits, {}))).toMatch(/^file_too_large: /u);
    let written = 0;
    answer = (response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && written < 500_000_000) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
        }
      };
      more();
    };
    expect(await failureOf(open().fetch(address('/'), limits, {}))).toMatch(/^file_too_large: /u);
    expect(written).toBeLessThan(50_000_000);
  });

  it('fails when the file comes in part, compressed, as an error, or not at all', async () => {
    const failure = (): Promise<string> => failureOf(open().fetch(address('/'), limits, {}));
    answer = (response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('the first half');
      setTimeout(() => response.destroy(), 20);
    };
    expect(await failure()).toBe('file_invalid: The file came only in part.');
    answer = (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    expect(await failure()).toMatch(/^file_invalid: .*compressed/u);
    answer = (response) => response.writeHead(404).end('<html>');
    expect(await failure()).toBe('file_invalid: The file could not be fetched: the server answered 404.');
    answer = (response) => response.writeHead(304).end();
    expect(await failure()).toBe('file_invalid: The file could not be fetched: the server answered 304.');
    answer = (response) => void response.destroy();
    expect(await failure()).toBe('file_invalid: The file could not be fetched: no answer came.');
    const nowhere = open({ resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    expect(await failureOf(nowhere.fetch('http://nowhere.example/', limits, {}))).toMatch(/^file_invalid: .*host is not known/u);
  });

  it('waits no longer than its limit, the deadline or the caller, and leaves no connection open', async () => {
    answer = (response) => response.writeHead(200).write('slowly');
    expect(await failureOf(open({ timeLimitMs: 60 }).fetch(address('/'), limits, {}))).toMatch(
      /^file_invalid: The file did not come within/u,
    );
    expect(await failureOf(open().fetch(address('/'), limits, { deadlineAt: Date.now() + 60 }))).toMatch(/^deadline_exceeded: /u);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('given up')), 60);
    await expect(open().fetch(address('/'), limits, { signal: controller.signal })).rejects.toThrow('given up');
    answer = () => undefined;
    expect(await failureOf(open({ timeLimitMs: 60 }).fetch(address('/'), limits, {}))).toMatch(
      /^file_invalid: The file did not come within/u,
    );
    const never = open({ timeLimitMs: 60, resolve: () => new Promise(() => undefined) });
    expect(await failureOf(never.fetch('http://slow.example/', limits, {}))).toMatch(/^file_invalid: The file did not come within/u);
    for (let round = 0; round < 100 && (await connections()) > 0; round += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await connections()).toBe(0);
  });

  it('reads no proxy from the environment', async () => {
    process.env['HTTP_PROXY'] = process.env['http_proxy'] = 'http://127.0.0.1:1';
    process.env['NODE_USE_ENV_PROXY'] = '1';
    try {
      expect((await open().fetch(address('/a.txt'), limits, {})).name).toBe('a.txt');
    } finally {
      for (const name of ['HTTP_PROXY', 'http_proxy', 'NODE_USE_ENV_PROXY']) delete process.env[name];
    }
  });
});

describe('isPublicAddress', () => {
  it('is true for addresses of the internet', () => {
    for (const address of ['93.184.216.34', '8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
  });

  it('is false for everything else', () => {
    const addresses = [
      '0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.255 169.254.169.254 172.16.0.1 172.31.255.255 192.168.0.1',
      '192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16',
      ':: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1',
      '2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 4000::1',
      'localhost 1 0x7f000001 127.1',
    ].flatMap((line) => line.split(' '));
    for (const address of [...addresses, '', ' ']) expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });
});

describe('the name of a fetched file', () => {
  const nameOf = (url: string, disposition?: string, type: string | null = null): string => fileNameOf(new URL(url), disposition, type);

  it('is the one the server gives, else the end of the address', () => {
    expect(nameOf('http://a.example/b/c%20d.pdf?x=y.txt')).toBe('c d.pdf');
    expect(nameOf('http://a.example/')).toBe('');
    expect(nameOf('http://a.example/b', 'attachment; filename=report.docx; size=3')).toBe('report.docx');
    expect(nameOf('http://a.example/b', `attachment; filename="x.pdf"; filename*=UTF-8''%E6%89%8B%E5%86%8C.pdf`)).toBe('手册.pdf');
    expect(nameOf('http://a.example/b', `attachment; filename="${Buffer.from('手册.pdf').toString('latin1')}"`)).toBe('手册.pdf');
  });

  it('never has a folder', () => {
    expect(nameOf('http://a.example/b', 'attachment; filename="../../etc/passwd.txt"')).toBe('passwd.txt');
    expect(nameOf('http://a.example/b', 'attachment; filename="C:\\windows\\a.txt"')).toBe('a.txt');
    expect(nameOf('http://a.example/..%2f..%2fpasswd.txt')).toBe('passwd.txt');
    expect(nameOf('http://a.example/%ff%fe')).toBe('%ff%fe');
  });

  it('gets the ending of its type where it has none of ours', () => {
    expect(nameOf('http://a.example/export.php', undefined, 'application/pdf')).toBe('export.php.pdf');
    expect(nameOf('http://a.example/', undefined, 'text/markdown')).toBe('file.md');
    expect(nameOf('http://a.example/a.md', undefined, 'text/plain')).toBe('a.md');
    expect(nameOf('http://a.example/skill.zip', undefined, 'text/plain')).toBe('skill.zip');
    expect(nameOf('http://a.example/a.png', undefined, 'image/png')).toBe('a.png');
  });
});
