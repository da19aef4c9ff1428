/**
 * Whose memories these are, as one key: `user:<id>`, `agent:<id>`, `base:<id of a knowledge base>`, or the project's public space. The id
 * of a user or an agent is what the caller sent, at most 100 characters.
 */
export type SubjectKey = `user:${string}` | `agent:${string}` | `base:${string}` | `public:${string}`;

/** Where the contract's sources differ: each can have a filter of its own. */
export type SubjectKind = 'user' | 'agent' | 'base' | 'public';

/** Project and subject, always together. There is no unscoped read. A knowledge base belongs to the project that made it. */
export interface Scope {
  readonly projectId: string;
  readonly subject: SubjectKey;
}

/** Every subject key: a kind, a colon, an id. */
export const SUBJECT_KEY = /^(?:user|agent|base|public):[\s\S]+$/u;

export const userSubject = (userId: string): SubjectKey => `user:${userId}`;
export const agentSubject = (agentId: string): SubjectKey => `agent:${agentId}`;
export const baseSubject = (knowledgeBaseId: string): SubjectKey => `base:${knowledgeBaseId}`;

/** What is written for everybody in a project. */
export const PUBLIC_SUBJECT: SubjectKey = 'public:all';

/** The id without its kind, as the wire shows it. */
export const subjectId = (subject: SubjectKey): string => subject.slice(subject.indexOf(':') + 1);

export const subjectKind = (subject: SubjectKey): SubjectKind => subject.slice(0, subject.indexOf(':')) as SubjectKind;

/** One string per scope, for maps and locks. A line feed cannot occur in a project id. */
export const scopeKey = (scope: Scope): string => `${scope.projectId}\n${scope.subject}`;

export const sameScope = (a: Scope, b: Scope): boolean => a.projectId === b.projectId && a.subject === b.subject;
