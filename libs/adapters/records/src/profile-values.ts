import { randomUUID } from 'node:crypto';
import {
  detectLanguage,
  EDITED_EXTRACTOR,
  type Memory,
  type MemoryDetails,
  type ProfileField,
  profileSlot,
  profileStatement,
  type Scope,
} from '@continuo/domain';
import { sql } from 'kysely';
import { newestSequence } from './rows/denial-rows.ts';
import { lockSubject, raiseRevision } from './rows/lock-items.ts';
import { rowOfMemory } from './rows/memory-row.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import { fromJson } from './rows/stored-text.ts';
import type { Database, SqlDialect } from './sql-dialect.ts';

/** Locks the subjects, which are created where they are new, in one order. Returns their epochs. */
export async function holdProfiles(
  transaction: Database,
  dialect: SqlDialect,
  scopes: readonly Scope[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const epochs = new Map<string, number>();
  const inOrder = [...new Map(scopes.map((scope) => [scope.subject, scope])).values()].toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
  for (const scope of inOrder) {
    await transaction
      .insertInto('subjects')
      .values({ project_id: scope.projectId, subject: scope.subject, epoch: 0, revision: 0, created_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    epochs.set(scope.subject, (await lockSubject(transaction, dialect, scope))?.epoch ?? 0);
  }
  return epochs;
}

/** Values that hold now, by template and path, parted by a line feed. */
export async function currentValues(
  database: Database,
  scope: Scope,
): Promise<ReadonlyMap<string, { readonly value: string; readonly at: number }>> {
  const rows = await currentProfileMemories(database, scope).select(['details_json', 'updated_at']).orderBy('updated_at').execute();
  return new Map(
    rows.flatMap((row) => {
      const { profile } = fromJson<MemoryDetails>(row.details_json);
      return profile === undefined
        ? []
        : [[`${profile.templateId}\n${profile.path}`, { value: profile.value, at: row.updated_at }] as const];
    }),
  );
}

/** Puts an end to the values of these paths, or of all of the template (null). They stay as history. */
export async function clearValues(
  transaction: Database,
  scope: Scope,
  templateId: string,
  paths: readonly string[] | null,
  now: number,
): Promise<void> {
  const rows = await currentProfileMemories(transaction, scope).select(['id', 'topic_key']).orderBy('id').execute();
  const prefix = profileSlot(templateId, '');
  const slots = paths === null ? null : new Set(paths.map((path) => profileSlot(templateId, path)));
  const ids = rows.flatMap(({ id, topic_key: slot }) => (slot !== null && (slots?.has(slot) ?? slot.startsWith(prefix)) ? [id] : []));
  for (const id of ids) {
    const [ended] = await transaction
      .updateTable('memories')
      .set({ status: 'superseded', valid_to: now, updated_at: now, index_version: sql<number>`index_version + 1`, embedded_with: null })
      .where('id', '=', id)
      .returning('index_version')
      .execute();
    await transaction.deleteFrom('vectors').where('item_id', '=', id).execute();
    await putIntoOutbox(transaction, [{ id, kind: 'memory', scope, newness: now, indexVersion: ended?.index_version ?? 1 }]);
  }
  if (ids.length > 0) await raiseRevision(transaction, scope);
}

interface SetValue {
  readonly scope: Scope;
  readonly epoch: number;
  readonly templateId: string;
  readonly field: ProfileField;
  readonly now: number;
}

/** Keeps a value that a caller set, as said after everything that has arrived. */
export async function setValue(transaction: Database, input: SetValue): Promise<void> {
  const { scope, epoch, now } = input;
  const memory = memoryOfValue(input, await newestSequence(transaction));
  const { id } = memory;
  await transaction.insertInto('memories').values(rowOfMemory(memory, epoch)).execute();
  await putIntoOutbox(transaction, [{ id, kind: 'memory', scope, newness: now, indexVersion: 1 }]);
  await raiseRevision(transaction, scope);
}

function memoryOfValue({ scope, templateId, field, now }: SetValue, sourceSequence: number): Memory {
  const statement = profileStatement({ ...field, templateId }, field.value);
  return {
    ...statement,
    id: randomUUID(),
    scope,
    conversationId: '',
    language: detectLanguage(statement.text),
    origin: 'user',
    entities: [],
    keyPhrases: [...field.names],
    eventTime: null,
    confidence: 1,
    sourceMessageIds: [],
    quotes: [],
    evidence: 1,
    statedAt: now,
    sourceSequence,
    status: 'current',
    supersededBy: null,
    validFrom: now,
    validTo: null,
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    extractor: EDITED_EXTRACTOR,
    createdAt: now,
    updatedAt: now,
    indexVersion: 1,
  };
}

const currentProfileMemories = (database: Database, scope: Scope) =>
  database
    .selectFrom('memories')
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .where('kind', '=', 'profile')
    .where('status', '=', 'current');
