export interface BrokerHost {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly username: string | null;
  readonly password: string | null;
  readonly tls: boolean;
}

/** Where Redis is and how to get in, as `CONTINUO_BROKER_URL` says it. */
export type BrokerAddress =
  | (Access & { readonly kind: 'single'; readonly host: BrokerHost; readonly database: number })
  | (Access & {
      readonly kind: 'sentinel';
      readonly sentinels: readonly BrokerHost[];
      readonly master: string;
      readonly database: number;
      readonly sentinelUsername: string | null;
      readonly sentinelPassword: string | null;
    })
  | (Access & { readonly kind: 'cluster'; readonly nodes: readonly BrokerHost[] });

const REDIS_PORT = 6_379;
const SENTINEL_PORT = 26_379;

const FORM =
  /^(?<scheme>rediss?|redis\+(?:sentinel|cluster)(?:\+tls)?):\/\/(?:(?<user>[^/?#]*)@)?(?<hosts>[^/?#@]+)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/u;
const HOST = /^(?<host>\[[\da-fA-F:.]+\]|[\w.-]+)(?::(?<port>\d{1,5}))?$/u;

/**
 * Reads the address of a broker: `redis://`, `rediss://` (TLS), `redis+sentinel://HOST:PORT,HOST:PORT/MASTER`,
 * `redis+cluster://HOST:PORT,HOST:PORT`, the last two with `+tls`; `USER:PASSWORD@` before the hosts, percent-encoded; the number of a
 * database as (last) part of the path. Sentinels are asked with the same user and password unless `?sentinelUsername=` or
 * `?sentinelPassword=` say otherwise; an empty value means none.
 *
 * @throws Error that says what is wrong and quotes nothing of the address, because it may hold a password.
 */
export function parseBrokerUrl(url: string): BrokerAddress {
  const parts = FORM.exec(url.trim())?.groups;
  if (parts === undefined) throw wrong('expected redis://, rediss://, redis+sentinel:// or redis+cluster://, then hosts');
  const scheme = parts['scheme'] ?? '';
  const kind = scheme.includes('sentinel') ? 'sentinel' : scheme.includes('cluster') ? 'cluster' : 'single';
  const access: Access = { ...credentialsOf(parts['user']), tls: scheme === 'rediss' || scheme.endsWith('+tls') };
  const hosts = hostsOf(parts['hosts'] ?? '', kind === 'sentinel' ? SENTINEL_PORT : REDIS_PORT);
  const path = (parts['path'] ?? '').split('/').filter((part) => part !== '');
  const query = new URLSearchParams(parts['query'] ?? '');
  if (kind === 'sentinel') return sentinelAddress(access, hosts, path, query);
  if ([...query.keys()].length > 0) throw wrong(`there is no parameter ${[...query.keys()].join(', ')}`);
  if (kind === 'cluster') {
    if (path.length > 0) throw wrong('a cluster has no numbered databases');
    return { kind, ...access, nodes: hosts };
  }
  const [host, ...others] = hosts;
  if (host === undefined || others.length > 0) throw wrong('one host is expected; several need redis+sentinel:// or redis+cluster://');
  return { kind, ...access, host, database: databaseOf(path) };
}

function sentinelAddress(access: Access, sentinels: readonly BrokerHost[], path: readonly string[], query: URLSearchParams): BrokerAddress {
  const [master, ...database] = path;
  if (master === undefined) throw wrong("the name of the sentinels' master is missing: redis+sentinel://HOST:PORT/MASTER");
  const unknown = [...query.keys()].filter((name) => name !== 'sentinelUsername' && name !== 'sentinelPassword');
  if (unknown.length > 0) throw wrong(`there is no parameter ${unknown.join(', ')}`);
  const given = (name: string, otherwise: string | null): string | null => (query.has(name) ? query.get(name) || null : otherwise);
  return {
    kind: 'sentinel',
    ...access,
    sentinels,
    master: decoded(master),
    database: databaseOf(database),
    sentinelUsername: given('sentinelUsername', query.has('sentinelPassword') ? null : access.username),
    sentinelPassword: given('sentinelPassword', access.password),
  };
}

function credentialsOf(user: string | undefined): Pick<Access, 'username' | 'password'> {
  if (user === undefined || user === '') return { username: null, password: null };
  const colon = user.indexOf(':');
  const name = colon < 0 ? user : user.slice(0, colon);
  const password = colon < 0 ? '' : user.slice(colon + 1);
  return { username: name === '' ? null : decoded(name), password: password === '' ? null : decoded(password) };
}

function hostsOf(hosts: string, defaultPort: number): readonly BrokerHost[] {
  return hosts.split(',').map((text) => {
    const parts = HOST.exec(text.trim())?.groups;
    const port = Number(parts?.['port'] ?? defaultPort);
    if (parts === undefined || port < 1 || port > 65_535) throw wrong('a host is not HOST or HOST:PORT');
    return { host: (parts['host'] ?? '').replace(/^\[|\]$/gu, ''), port };
  });
}

function databaseOf(path: readonly string[]): number {
  if (path.length === 0) return 0;
  if (path.length > 1 || !/^\d{1,5}$/u.test(path[0] ?? '')) throw wrong('the path is not the number of a database');
  return Number(path[0]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('user or password are not percent-encoded');
  }
}

const wrong = (words: string): Error => new Error(`CONTINUO_BROKER_URL: ${words}.`);
