import { createHash } from 'node:crypto';

/**
 * What makes two requests the same: SHA-256 over project, path and canonical body, hex. Members in any order, absent or null, make
 * no difference; a member more does, even one this server does not read.
 */
export function fingerprintOf(projectId: string, path: string, body: unknown): string {
  return createHash('sha256')
    .update(`${projectId}\n${path}\n${canonicalJson(body)}`)
    .digest('hex');
}

/** JSON with sorted members and without those that are null or undefined. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    const entries = Object.entries(member).filter(([, inner]) => inner !== null && inner !== undefined);
    return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
  });
}
