import type { Candidate } from '@continuo/domain';
import type { TaskReason } from '@continuo/ports';

/** What one extraction found, as it is written down before anything is decided. */
export interface Extraction {
  readonly candidates: readonly Candidate[];
  /** Why rules worked where a model was to; null when all went as configured. */
  readonly reason: TaskReason | null;
  /** True when a model was paid for it, whatever it found. */
  readonly byModel: boolean;
}

const VERSION = 2;

export const journalOf = (extraction: Extraction): unknown => ({ version: VERSION, ...extraction });

/** Null when there is none, or one of another version: then the batch is extracted anew. */
export function readJournal(journal: unknown): Extraction | null {
  if (typeof journal !== 'object' || journal === null) return null;
  const { version, candidates, reason } = journal as Partial<Extraction> & { version?: unknown };
  if (version !== VERSION || !Array.isArray(candidates)) return null;
  return { candidates: candidates as readonly Candidate[], reason: reason ?? null, byModel: true };
}
