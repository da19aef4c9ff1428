import type { BatchChanges } from '@continuo/ports';
import type { MemoryRow } from './rows/memory-row.ts';

/**
 * What somebody has edited is not undone by words that had arrived before the edit, whoever judged them to say something newer: what they
 * say goes straight into history, and they are not quoted for the new wording.
 */
export function keepLate(changes: BatchChanges, known: ReadonlyMap<string, MemoryRow>): BatchChanges {
  const edited = new Map([...known].filter(([, row]) => row.edited_at !== null && row.status === 'current'));
  if (edited.size === 0) return changes;
  const sequences = new Map(changes.insert.map((memory) => [memory.id, memory.sourceSequence]));
  const late = new Map<string, MemoryRow>();
  for (const { id, by } of changes.supersede) {
    const row = edited.get(id);
    const sequence = by === null ? undefined : sequences.get(by);
    if (by !== null && row !== undefined && sequence !== undefined && sequence <= row.source_sequence) late.set(by, row);
  }
  const lateSources = changes.insert
    .filter(({ id }) => late.has(id))
    .flatMap(({ sourceMessageIds, quotes }) => sourceMessageIds.map((messageId) => ({ messageId, quotes })));
  return {
    ...changes,
    insert: changes.insert.map((memory) => {
      const holder = late.get(memory.id);
      if (holder === undefined) return memory;
      return { ...memory, status: 'superseded', supersededBy: holder.id, validTo: Math.max(memory.validFrom, holder.valid_from) };
    }),
    supersede: changes.supersede.filter(({ by }) => by === null || !late.has(by)),
    evidence: changes.evidence.map((evidence) => {
      const row = edited.get(evidence.id);
      return row === undefined || evidence.sourceSequence > row.source_sequence ? evidence : { ...evidence, quotes: [] };
    }),
    hide: [...changes.hide, ...lateSources.map(({ messageId }) => messageId)],
    withhold: [...(changes.withhold ?? []), ...lateSources],
  };
}
