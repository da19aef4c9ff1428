import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** What a channel is opened with: the address as gRPC writes it, and the name that certificates are checked against. */
export interface ChannelTarget {
  readonly address: string;
  /** Null: gRPC knows from the address. */
  readonly authority: string | null;
}

/**
 * Reads where a service is.
 *
 * `dns:///name:port`, `name:port`: all addresses of that name, looked up again when a connection ends. `a:1,b:2`: these replicas and no
 * others; their names are looked up once, now. Certificates have to name the first.
 *
 * @throws Error that names the part which cannot be read or found.
 */
export async function readTarget(target: string): Promise<ChannelTarget> {
  if (/^(?:dns|ipv4|ipv6|unix):/u.test(target)) return { address: target, authority: null };
  const parts = target
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const [first] = parts;
  if (first === undefined) throw new Error('The address of the service is empty.');
  const places = parts.map(readPlace);
  if (places.length === 1 && isIP(places[0]?.host ?? '') === 0) return { address: `dns:///${first}`, authority: null };
  const addresses = await Promise.all(places.map(addressOf));
  const families = new Set(addresses.map(({ family }) => family));
  if (families.size > 1) throw new Error(`The addresses of ${target} are partly IPv4, partly IPv6.`);
  const list = addresses.map(({ host, family, port }) => (family === 6 ? `[${host}]:${port}` : `${host}:${port}`));
  return { address: `ipv${addresses[0]?.family ?? 4}:${list.join(',')}`, authority: first };
}

interface Place {
  readonly host: string;
  readonly port: number;
}

function readPlace(part: string): Place {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/u.exec(part) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined) throw new Error(`"${part}" is no address of a service: write host:port.`);
  return { host, port: Number(port) };
}

async function addressOf({ host, port }: Place): Promise<Place & { readonly family: number }> {
  if (isIP(host) !== 0) return { host, port, family: isIP(host) };
  // IPv4 first: services listen there unless told otherwise, and `localhost` means both.
  const { address, family } = await lookup(host, { order: 'ipv4first' });
  return { host: address, port, family };
}
