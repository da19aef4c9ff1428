import type { Scope } from '@continuo/domain';
import { sql } from 'kysely';
import { idLists } from './rows/id-list.ts';
import { lockMemories } from './rows/lock-items.ts';
import { memoryOf } from './rows/memory-row.ts';
import { messagesById } from './open-conversation.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import { toJson } from './rows/stored-text.ts';
import type { Database, SqlDialect } from './sql-dialect.ts';

/**
 * Takes messages, which are locked and about to go, from the sources of the memories of their scope. Returns the memories that rested on
 * them alone, or are in words of theirs alone. Quotes: forgotten with the words they are from, in memories that rest on others, too; or kept as what is known of a source.
 */
export async function forgetMessages(
  transaction: Database,
  dialect: SqlDialect,
  scope: Scope,
  messageIds: readonly string[],
  { quotes, now }: { readonly quotes: 'forgotten' | 'kept'; readonly now: number },
): Promise<{ readonly orphaned: readonly string[] }> {
  const gone = new Set(messageIds);
  const contents = quotes === 'kept' ? [] : await contentsOf(transaction, scope, messageIds);
  const resting = await restingOn(transaction, messageIds);
  await lockMemories(transaction, dialect, resting);
  const orphaned: string[] = [];
  for (const ids of idLists(resting)) {
    for (const row of await ownMemories(transaction, scope, ids)) {
      const memory = memoryOf(row);
      const sources = memory.sourceMessageIds.filter((id) => !gone.has(id));
      const theirs = memory.quotes.filter((quote) => contents.some((content) => content.includes(quote)));
      const said = theirs.length === 0 ? [] : await contentsOf(transaction, scope, sources);
      const left = memory.quotes.filter((quote) => !theirs.includes(quote) || said.some((content) => content.includes(quote)));
      // What has other sources, but is in these words alone, goes with them.
      const isOrphaned = sources.length === 0 || (left.length === 0 && memory.quotes.length > 0);
      if (isOrphaned) orphaned.push(memory.id);
      const requoted = !isOrphaned && left.length < memory.quotes.length;
      const change = { source_message_ids_json: toJson(sources), ...(requoted ? { quotes_json: toJson(left) } : {}) };
      const indexed = requoted && memory.status === 'current';
      await transaction
        .updateTable('memories')
        .set({ ...change, ...(indexed ? { index_version: sql<number>`index_version + 1` } : {}) })
        .where('id', '=', memory.id)
        .execute();
      if (!indexed) continue;
      await putIntoOutbox(transaction, [{ id: memory.id, kind: 'memory', scope, newness: now, indexVersion: row.index_version + 1 }]);
    }
  }
  for (const ids of idLists(messageIds)) await transaction.deleteFrom('memory_sources').where('message_id', 'in', ids).execute();
  return { orphaned };
}

const contentsOf = async (transaction: Database, scope: Scope, messageIds: readonly string[]): Promise<readonly string[]> =>
  [...(await messagesById(transaction, scope, messageIds)).values()].map(({ content }) => content);

const ownMemories = (transaction: Database, scope: Scope, ids: readonly string[]) =>
  transaction
    .selectFrom('memories')
    .selectAll()
    .where('id', 'in', ids)
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .execute();

async function restingOn(transaction: Database, messageIds: readonly string[]): Promise<readonly string[]> {
  const memories = new Set<string>();
  for (const ids of idLists(messageIds)) {
    const rows = await transaction.selectFrom('memory_sources').select('memory_id').distinct().where('message_id', 'in', ids).execute();
    for (const row of rows) memories.add(row.memory_id);
  }
  return [...memories];
}
