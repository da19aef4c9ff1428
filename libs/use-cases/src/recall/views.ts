import type { IndexedDocument, Memory, MemoryKind } from '@continuo/domain';
import type { RecallRequest } from '@continuo/ports';

type DocumentKind = IndexedDocument['kind'];
type Limits = RecallRequest['limits'];

/** Kinds of documents that can answer a request; none where nothing is asked for. Turns count as facts, and the event view shows dated facts, too. */
export function kindsToFind(limits: Limits): readonly DocumentKind[] {
  const kinds = new Set<DocumentKind>();
  if (limits.fact > 0) kinds.add('fact').add('turn');
  if (limits.preference > 0) kinds.add('preference');
  if (limits.event > 0) kinds.add('event').add('fact');
  for (const kind of ['tool', 'skill', 'profile'] as const) if (limits[kind] > 0) kinds.add(kind);
  return [...kinds];
}

/** The lists in which something is shown: a dated fact stands in two. @param memory null: a turn. */
export function viewsOf(memory: Memory | null, limits: Limits): readonly MemoryKind[] {
  const kind = memory?.kind ?? 'fact';
  const views: readonly MemoryKind[] = kind === 'fact' && memory?.details.event !== undefined ? ['fact', 'event'] : [kind];
  return views.filter((view) => limits[view] > 0);
}
