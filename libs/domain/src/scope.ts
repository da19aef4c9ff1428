/** Whose memories these are, as one key: `user:<id>` or `agent:<id>`. The id is what the caller sent, at most 100 characters. */
export type SubjectKey = `user:${string}` | `agent:${string}`;

/** Project and subject, always together. There is no unscoped read. */
export interface Scope {
  readonly projectId: string;
  readonly subject: SubjectKey;
}

export const userSubject = (userId: string): SubjectKey => `user:${userId}`;

/** The id without its kind, as the wire shows it. */
export const subjectId = (subject: SubjectKey): string => subject.slice(subject.indexOf(':') + 1);

/** One string per scope, for maps and locks. A line feed cannot occur in a project id. */
export const scopeKey = (scope: Scope): string => `${scope.projectId}\n${scope.subject}`;

export const sameScope = (a: Scope, b: Scope): boolean => a.projectId === b.projectId && a.subject === b.subject;
