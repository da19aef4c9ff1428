import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Public by its number, private by its use: a service of the machine's host at one large provider. */
const PRIVATE_BY_USE = new Set(['168.63.129.16']);
/** Of IPv6 only this part has been given to anyone (RFC 4291, 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');
const GLOBAL_UNICAST_BITS = 3;

/**
 * True for an address that anyone on the internet may be asked for. Everything that is not plainly public is not: private, local,
 * shared and reserved ranges, and every IPv6 range that carries an IPv4 address inside it.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast' || PRIVATE_BY_USE.has(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST, GLOBAL_UNICAST_BITS);
}
