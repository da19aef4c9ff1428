import { createHash } from 'node:crypto';

/** Our own namespace for name-based ids. Changing it changes every id ever given out. */
const NAMESPACE = Buffer.from('6f1d2f0c5b0e4d3a9c7a5e21c0a70b11', 'hex');

/** UUID version 5 (RFC 9562) over parts that cannot run into each other. */
export function nameBasedId(...parts: readonly (string | number)[]): string {
  const hash = createHash('sha1').update(NAMESPACE).update(JSON.stringify(parts)).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
