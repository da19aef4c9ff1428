import type { LookupAddress } from 'node:dns';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { AppError } from '@continuo/contracts';

/** A server's first words; the body is still to be read, or destroyed. */
export type Reply = IncomingMessage;

/**
 * Asks one server, at one of the addresses that were checked, and over a connection of its own: nothing is taken from a pool, a proxy or
 * a second look at the name.
 *
 * @throws AppError `file_invalid` when no answer comes, and the signal's reason when it is aborted.
 */
export function requestFile(url: URL, addresses: readonly LookupAddress[], signal: AbortSignal): Promise<Reply> {
  const isSecure = url.protocol === 'https:';
  const options: RequestOptions = {
    method: 'GET',
    lookup: lookupAmong(addresses),
    agent: isSecure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false }),
    headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'continuo' },
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = isSecure ? requestHttps(url, options) : requestHttp(url, options);
    request.once('response', resolve);
    request.on('error', (error) =>
      // Why is not said: whether a port is open in there is nobody's business.
      reject(
        signal.aborted
          ? (signal.reason as Error)
          : new AppError('file_invalid', 'The file could not be fetched: no answer came.', { cause: error }),
      ),
    );
    request.end();
  });
}

/** Answers with what was resolved and checked before, whatever is asked. */
function lookupAmong(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (first === undefined) callback(new Error('There is no address.'), '', 4);
    else if (options.all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
