import { type Scope, SUBJECT_KEY, type SubjectKey } from '@continuo/domain';

/** Characters that mean the same everywhere: in a routing value, where a comma would part two, and in a list of routing values. */
const PLAIN = /[^A-Za-z0-9_.-]/g;

const escape = (text: string): string => text.replace(PLAIN, (unit) => `~${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const unescape = (text: string): string =>
  text.replace(/~([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/**
 * A scope in one word, `u:<project>/<subject>`: what every document is routed by and what every search is filtered by. Different
 * scopes give different words.
 *
 * @throws RangeError for a scope that names nobody: there is no unscoped read or write.
 */
export function ownerOf({ projectId, subject }: Scope): string {
  if (typeof projectId !== 'string' || projectId === '' || !SUBJECT_KEY.test(subject))
    throw new RangeError('A scope needs a project and a subject.');
  return `u:${escape(projectId)}/${escape(subject)}`;
}

/** The scope of an owner. */
export function scopeOf(owner: string): Scope {
  const slash = owner.indexOf('/');
  return { projectId: unescape(owner.slice(2, slash)), subject: unescape(owner.slice(slash + 1)) as SubjectKey };
}
