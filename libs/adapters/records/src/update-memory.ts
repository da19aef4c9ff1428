import { AppError } from '@continuo/contracts';
import type { Memory } from '@continuo/domain';
import type { MemoryEdit, MemoryVersion } from '@continuo/ports';
import { applyRewrites, planRewrites } from './rewrite-memories.ts';
import { turnsOf, withholdWords } from './rows/hide-turns.ts';
import { refuseUnlinked } from './rows/linked-bases.ts';
import { lockMessages, lockSubject, raiseRevision } from './rows/lock-items.ts';
import { memoryOf } from './rows/memory-row.ts';
import { scopeOf } from './rows/message-row.ts';
import { wellFormed } from './rows/stored-text.ts';
import type { Database, Store } from './sql-dialect.ts';

interface Update {
  readonly projectId: string;
  readonly memoryId: string;
  readonly edit: MemoryEdit;
  readonly endedBy: MemoryVersion['endedBy'];
  readonly now: number;
}

/** Changes one memory in place. See `MemoryRecords.update`. */
export function updateMemory(store: Store, raw: Update): Promise<Memory> {
  const { projectId, memoryId, edit, endedBy, now } = wellFormed(raw);
  const { dialect } = store;
  return store.transact(async (transaction) => {
    const scope = scopeOf(await liveMemory(transaction, projectId, memoryId));
    await refuseUnlinked(transaction, projectId, [scope]);
    await lockSubject(transaction, dialect, scope);
    // Somebody may have deleted or erased it until now.
    await liveMemory(transaction, projectId, memoryId);
    const rewrites = await planRewrites(transaction, dialect, scope, [{ id: memoryId, edit }], now);
    if (rewrites.after.size > 0) {
      const hidden = await turnsOf(
        transaction,
        scope,
        rewrites.withhold.map(({ messageId }) => messageId),
      );
      await lockMessages(transaction, dialect, scope, hidden);
      await withholdWords(transaction, scope, hidden, rewrites.withhold);
      await applyRewrites(transaction, dialect, scope, rewrites, endedBy, now);
      await raiseRevision(transaction, scope);
    }
    return memoryOf(await liveMemory(transaction, projectId, memoryId));
  });
}

async function liveMemory(transaction: Database, projectId: string, memoryId: string) {
  const row = await transaction
    .selectFrom('memories')
    .selectAll()
    .where('id', '=', memoryId)
    .where('project_id', '=', projectId)
    .where('status', '!=', 'deleted')
    .executeTakeFirst();
  if (row === undefined) throw new AppError('memory_not_found', 'there is no such memory');
  return row;
}
