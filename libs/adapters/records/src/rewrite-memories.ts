import { type ChangeTime, editedMemory, excludeEachOther, type Memory, type Scope } from '@continuo/domain';
import type { MemoryEdit, MemoryVersion } from '@continuo/ports';
import { sql } from 'kysely';
import { denialOf, insertDenials, newestSequence } from './rows/denial-rows.ts';
import { idLists } from './rows/id-list.ts';
import type { Withholding } from './rows/hide-turns.ts';
import { lockMemories } from './rows/lock-items.ts';
import { columnsOfChange, memoryOf, type MemoryRow } from './rows/memory-row.ts';
import { type ChangedItem, putIntoOutbox } from './rows/outbox-rows.ts';
import { rowSlices } from './rows/row-slices.ts';
import { toJson } from './rows/stored-text.ts';
import type { Database, SqlDialect } from './sql-dialect.ts';

/** What some edits come to, before anything is written. */
export interface Rewrites {
  /** Every memory that changes, as it will be: the edited ones, and those that lose their slot to one that is brought back. */
  readonly after: ReadonlyMap<string, Memory>;
  /** The edited ones as they were, in the order of the edits. */
  readonly before: readonly Memory[];
  /** Messages that say what does not hold any more, and in which words. */
  readonly withhold: readonly Withholding[];
}

export interface Rewrite {
  readonly id: string;
  readonly edit: MemoryEdit;
}

/**
 * Decides what edits of memories of one subject come to. The subject is locked; what is deleted or not of this subject is left alone.
 * @param told when a message told us to, and which: what was said after it is newer than the edit; null: the edit is newest.
 */
export async function planRewrites(
  transaction: Database,
  dialect: SqlDialect,
  scope: Scope,
  rewrites: readonly Rewrite[],
  now: number,
  told: ChangeTime | null = null,
): Promise<Rewrites> {
  if (rewrites.length === 0) return { after: new Map(), before: [], withhold: [] };
  const ids = rewrites.map(({ id }) => id);
  const state = new Map((await concerned(transaction, dialect, scope, ids)).map((row) => [row.id, memoryOf(row)]));
  const at = told ?? { now, sequence: await newestSequence(transaction) };
  const after = new Map<string, Memory>();
  const before: Memory[] = [];
  const withhold: Withholding[] = [];
  const withholdOf = ({ sourceMessageIds, quotes }: Memory, kept: readonly string[] = []): void => {
    for (const messageId of sourceMessageIds) if (!kept.includes(messageId)) withhold.push({ messageId, quotes });
  };
  for (const { id, edit } of rewrites) {
    const memory = state.get(id);
    if (memory === undefined || memory.status === 'deleted' || isSaidAfter(memory, told) || !changes(memory, edit)) continue;
    const edited = editedMemory(memory, edit, at);
    before.push(memory);
    if (edited.text !== memory.text || (memory.status === 'current' && edited.status !== 'current')) {
      withholdOf(memory);
    }
    for (const rival of edited.status === 'current' ? state.values() : []) {
      if (rival.status !== 'current' || !excludeEachOther(edited, rival)) continue;
      const ended = { ...rival, status: 'superseded' as const, supersededBy: id, validTo: Math.max(rival.validFrom, now), updatedAt: now };
      withholdOf(rival, edited.sourceMessageIds);
      state.set(rival.id, ended);
      after.set(rival.id, ended);
    }
    state.set(id, edited);
    after.set(id, edited);
  }
  return { after, before, withhold };
}

/** Writes planned edits: rows, history, denials, outbox. The turns to hide are locked and hidden by the caller, before. */
export async function applyRewrites(
  transaction: Database,
  dialect: SqlDialect,
  scope: Scope,
  { after, before }: Rewrites,
  endedBy: MemoryVersion['endedBy'],
  now: number,
  told: ChangeTime | null = null,
): Promise<readonly ChangedItem[]> {
  const edited = new Set(before.map(({ id }) => id));
  await lockMemories(transaction, dialect, [...after.keys()]);
  const changed: ChangedItem[] = [];
  for (const memory of after.values()) {
    const { index_version: indexVersion } = await transaction
      .updateTable('memories')
      .set({
        ...columnsOfChange(memory),
        index_version: sql<number>`index_version + 1`,
        embedded_with: null,
        ...(edited.has(memory.id) ? { edited_at: now } : {}),
      })
      .where('id', '=', memory.id)
      .returning('index_version')
      .executeTakeFirstOrThrow();
    changed.push({ id: memory.id, kind: 'memory', scope, newness: now, indexVersion });
  }
  for (const ids of idLists([...after.keys()])) await transaction.deleteFrom('vectors').where('item_id', 'in', ids).execute();
  const reworded = before.filter((memory) => showsDifferently(memory, after.get(memory.id) ?? memory));
  await insertVersions(transaction, reworded, endedBy, now);
  const denials = before.flatMap((memory) => denialBy(memory, after.get(memory.id) ?? memory, told?.now ?? now));
  await insertDenials(transaction, denials, now, told?.sequence);
  await putIntoOutbox(transaction, changed);
  return changed;
}

/** What was said or edited after somebody told us to change it is not what they meant. */
export const isSaidAfter = (memory: Pick<Memory, 'statedAt' | 'sourceSequence'>, told: ChangeTime | null): boolean =>
  told !== null && memory.statedAt > told.now && memory.sourceSequence >= told.sequence;

async function insertVersions(
  transaction: Database,
  before: readonly Memory[],
  endedBy: MemoryVersion['endedBy'],
  now: number,
): Promise<void> {
  const versions = before.map(({ id, text, title, status }) => ({
    memory_id: id,
    text,
    title,
    status,
    ended_by: endedBy,
    ended_at: now,
  }));
  for (const slice of rowSlices(versions)) await transaction.insertInto('memory_versions').values(slice).execute();
}

const showsDifferently = (before: Memory, after: Memory): boolean =>
  before.text !== after.text || before.title !== after.title || before.status !== after.status;

/**
 * What older evidence cannot bring back: a wording that was replaced, or what was archived. The edit says it now, so whatever was said
 * before, and arrives late, is older. A value of a slot that the new wording has, too, is not denied.
 */
function denialBy(before: Memory, after: Memory, now: number) {
  const reworded = after.text !== before.text;
  if (!reworded && (before.status !== 'current' || after.status === 'current')) return [];
  const keepsValue = reworded && after.topicKey === before.topicKey && after.topicValue === before.topicValue;
  const denial = denialOf({ ...before, statedAt: Math.max(before.statedAt, now - 1) });
  return [keepsValue ? { ...denial, topic_key: null, topic_value: null } : denial];
}

/** The memories themselves, and what holds now in the slots that they are about. */
async function concerned(
  transaction: Database,
  dialect: SqlDialect,
  scope: Scope,
  memoryIds: readonly string[],
): Promise<readonly MemoryRow[]> {
  const ofSubject = transaction
    .selectFrom('memories')
    .selectAll()
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject);
  const named: MemoryRow[] = [];
  for (const ids of idLists(memoryIds)) named.push(...(await ofSubject.where('id', 'in', ids).execute()));
  const slots = named.flatMap((row) => row.topic_key ?? []);
  const rivals: MemoryRow[] = [];
  for (const keys of idLists(slots)) {
    const current = ofSubject.where('status', '=', 'current');
    rivals.push(...(await current.where((memory) => dialect.isOneOfKeys(memory.ref('topic_key'), keys)).execute()));
  }
  return [...named, ...rivals];
}

/** A text that repeats the present one says it now. */
const changes = (memory: Memory, { text, title, status, details }: MemoryEdit): boolean =>
  (text !== null && (text !== memory.text || memory.status === 'current')) ||
  (title !== null && title !== memory.title) ||
  (status !== null && status !== memory.status) ||
  (details !== null && toJson(details) !== toJson(memory.details));
