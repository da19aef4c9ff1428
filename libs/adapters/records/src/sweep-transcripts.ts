import type { Scope } from '@continuo/domain';
import { eraseMessages } from './erase-messages.ts';
import { forgetMessages } from './forget-messages.ts';
import { lockMessages, lockSubject } from './rows/lock-items.ts';
import { scopeOf } from './rows/message-row.ts';
import type { Store } from './sql-dialect.ts';

/** Messages of one subject that are erased together, so that nobody waits long for it. */
const PAGE = 200;

/** Erases messages that have outlived their project's retention. See `MessageRecords.sweepTranscripts`. */
export async function sweepTranscripts(store: Store, projectId: string, beforeMs: number, now: number): Promise<number> {
  let erased = 0;
  for (;;) {
    const scope = await oldest(store, projectId, beforeMs);
    if (scope === null) return erased;
    const page = await sweepPage(store, scope, beforeMs, now);
    if (page === 0) return erased;
    erased += page;
  }
}

const overdue = (database: Store['database'], projectId: string, beforeMs: number) =>
  database.selectFrom('messages').where('project_id', '=', projectId).where('created_at', '<', beforeMs).where('state', '!=', 'pending');

async function oldest({ database }: Store, projectId: string, beforeMs: number): Promise<Scope | null> {
  const row = await overdue(database, projectId, beforeMs).select(['project_id', 'subject']).limit(1).executeTakeFirst();
  return row === undefined ? null : scopeOf(row);
}

function sweepPage(store: Store, scope: Scope, beforeMs: number, now: number): Promise<number> {
  const { dialect } = store;
  return store.transact(
    async (transaction) => {
      await lockSubject(transaction, dialect, scope);
      const rows = await overdue(transaction, scope.projectId, beforeMs)
        .select('id')
        .where('subject', '=', scope.subject)
        .orderBy('created_at')
        .limit(PAGE)
        .execute();
      const ids = rows.map(({ id }) => id);
      await lockMessages(transaction, dialect, scope, ids);
      await forgetMessages(transaction, dialect, scope, ids, { quotes: 'kept', now });
      await eraseMessages(transaction, dialect, scope, ids, now);
      return ids.length;
    },
    { patient: true },
  );
}
