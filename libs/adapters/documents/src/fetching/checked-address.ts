import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { AppError } from '@continuo/contracts';
import { isPublicAddress } from './address-guard.ts';

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true });

/** @throws AppError `invalid_request` when the text is no address that can be fetched. */
export function parseAddress(text: string, from?: URL): URL {
  const url = URL.parse(text, from?.href);
  if (url === null) throw refused('The address of the file is none.');
  // Of these two schemes no address is without a host.
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refused('The address of the file has to begin with http:// or https://.');
  if (url.username !== '' || url.password !== '')
    throw refused('The address of the file holds a user name or a password, which are not sent.');
  return url;
}

/**
 * Where to connect to for an address: resolved once, and each result checked, so that what was checked is what is connected to.
 *
 * @throws AppError `invalid_request` when any of them is private; `file_invalid` when there is none.
 */
export async function checkedAddresses(url: URL, allowPrivate: ReadonlySet<string>, resolve: Resolve): Promise<readonly LookupAddress[]> {
  const hostname = url.hostname.replace(/^\[|\]$/gu, '');
  const family = isIP(hostname);
  const addresses = family > 0 ? [{ address: hostname, family }] : await resolve(hostname).catch(() => []);
  if (addresses.length === 0) throw new AppError('file_invalid', 'The address of the file leads nowhere: its host is not known.');
  if (!allowPrivate.has(hostAndPort(url)) && !addresses.every(({ address }) => isPublicAddress(address)))
    throw refused('The address of the file leads into a private network.');
  return addresses;
}

const hostAndPort = (url: URL): string => `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port}`;

const refused = (message: string): AppError => new AppError('invalid_request', message);
