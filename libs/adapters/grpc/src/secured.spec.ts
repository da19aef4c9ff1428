import { readFileSync } from 'node:fs';
import { INDEX_RPC, TOKEN_METADATA } from '@continuo/contracts';
import type { RpcServer } from '@continuo/entrypoints';
import { rawCall } from '../test/raw-call.ts';
import { NO_INDEX, Services, TOKEN } from '../test/services.ts';

const services = new Services();
afterEach(() => services.close());

/** Made once for a hundred years with `openssl`; their authorities' keys were thrown away. */
const pem = (name: string): string => readFileSync(new URL(`../test/certificates/${name}`, import.meta.url), 'utf8');

const SERVICE = { certificate: pem('service.pem'), key: pem('service.key') };
const STRANGER = { certificate: pem('stranger.pem'), key: pem('stranger.key') };
const AUTHORITY = pem('authority.pem');
const ANONYMOUS = { certificate: null, key: null };
const index = { ...NO_INDEX, count: async () => 3 };

const serverOf = (authority: string | null, identity = SERVICE): Promise<RpcServer> =>
  services.recallServer({ index, tls: { ...identity, authority } });

describe('TLS between the services', () => {
  it.each(['127.0.0.1:', 'localhost:', 'dns:///localhost:'])('lets in who knows the authority, by %s', async (address) => {
    const { port } = await serverOf(null);
    const client = await services.recallClient(`${address}${port}`, { tls: { authority: AUTHORITY, ...ANONYMOUS } });
    expect(await client.index.count(null)).toBe(3);
    expect(await client.isServing()).toBe(true);
  });

  it('works with several replicas', async () => {
    const servers = await Promise.all([serverOf(null), serverOf(null)]);
    const client = await services.recallClient(servers.map(({ port }) => `localhost:${port}`).join(','), {
      tls: { authority: AUTHORITY, ...ANONYMOUS },
    });
    expect(await Promise.all(Array.from({ length: 6 }, () => client.index.count(null)))).toEqual([3, 3, 3, 3, 3, 3]);
  });

  it('does not talk to a server of another authority, nor to one in the clear, nor in the clear to one with TLS', async () => {
    const away = { code: 'index_unavailable' };
    const tls = { authority: AUTHORITY, ...ANONYMOUS };
    const strange = await services.recallClient(await serverOf(null, STRANGER), { tls });
    await expect(strange.index.count(null)).rejects.toMatchObject(away);
    const clear = await services.recallClient(await services.recallServer({ index }), { tls });
    await expect(clear.index.count(null)).rejects.toMatchObject(away);
    const server = await serverOf(null);
    await expect((await services.recallClient(server)).index.count(null)).rejects.toMatchObject(away);
    expect((await rawCall(server.port, INDEX_RPC.count, {}, { [TOKEN_METADATA]: TOKEN })).status).toBe('UNAVAILABLE');
  });

  it('lets in only clients with a certificate of the authority when the server names one', async () => {
    const server = await serverOf(AUTHORITY);
    const known = await services.recallClient(server, { tls: { authority: AUTHORITY, ...SERVICE } });
    expect(await known.index.count(null)).toBe(3);
    for (const identity of [ANONYMOUS, STRANGER]) {
      const unknown = await services.recallClient(server, { tls: { authority: AUTHORITY, ...identity } });
      await expect(unknown.index.count(null)).rejects.toMatchObject({ code: 'index_unavailable' });
    }
  });
});
