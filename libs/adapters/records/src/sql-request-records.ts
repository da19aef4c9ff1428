import { randomUUID } from 'node:crypto';
import { AppError } from '@continuo/contracts';
import type { RequestBegin, RequestBeginning, RequestRecords } from '@continuo/ports';
import type { Selectable } from 'kysely';
import { holdSubject } from './open-conversation.ts';
import { fromJson, wellFormedText } from './rows/stored-text.ts';
import type { RequestsTable } from './schema/tables.ts';
import type { Database, Store } from './sql-dialect.ts';

type RequestRow = Selectable<RequestsTable>;

/** How often a request is looked for that others begin and end at the same time. */
const START_ATTEMPTS = 20;

/**
 * A row is `running` under a lease, `answered`, or `cut` when its streamed answer was cut short. It holds its repeat key until
 * a repeat would not be one any more; joiners still find it by its id then.
 */
export class SqlRequestRecords implements RequestRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  begin(input: RequestBegin): Promise<RequestBeginning> {
    return this.store.transact(async (transaction) => {
      const { dialect } = this.store;
      // An erasure waits for this, or this for it: no request from before outlives it.
      await holdSubject(transaction, dialect, input.scope);
      for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
        const row = await dialect
          .lockRows(
            transaction
              .selectFrom('requests')
              .selectAll()
              .where('project_id', '=', input.scope.projectId)
              .where('subject', '=', input.scope.subject)
              .where('repeat_key', '=', repeatKeyOf(input)),
            'change',
          )
          .executeTakeFirst();
        const beginning = row === undefined ? await start(transaction, input) : await meet(transaction, row, input);
        if (beginning !== null) return beginning;
      }
      throw new AppError('records_unavailable', 'the records cannot be reached: too many changes at once');
    });
  }

  async renew(requestId: string, owner: string, leaseUntil: number): Promise<boolean> {
    const { numUpdatedRows } = await this.store.database
      .updateTable('requests')
      .set({ lease_until: leaseUntil })
      .where('id', '=', requestId)
      .where('owner', '=', owner)
      .where('status', '=', 'running')
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async answer(requestId: string, answer: string, now: number): Promise<void> {
    await this.store.database
      .updateTable('requests')
      .set({ status: 'answered', answer: wellFormedText(answer), settled_at: now, replaces_json: '[]' })
      .where('id', '=', requestId)
      .execute();
  }

  async delivered(requestId: string): Promise<void> {
    await this.store.database.updateTable('requests').set({ delivered: 1 }).where('id', '=', requestId).execute();
  }

  /** What it was to replace must still be replaced by the next run. An answer that is stored stays. */
  async abandon(requestId: string): Promise<void> {
    await this.store.transact(async (transaction) => {
      const query = transaction
        .selectFrom('requests')
        .select('replaces_json')
        .where('id', '=', requestId)
        .where('status', '<>', 'answered');
      const row = await this.store.dialect.lockRows(query, 'change').executeTakeFirst();
      if (row === undefined) return;
      if (row.replaces_json === '[]') await transaction.deleteFrom('requests').where('id', '=', requestId).execute();
      else {
        await transaction
          .updateTable('requests')
          .set((set) => ({ status: 'cut', settled_at: set.ref('lease_until') }))
          .where('id', '=', requestId)
          .execute();
      }
    });
  }

  async state(
    requestId: string,
    now: number,
  ): Promise<{ readonly status: 'running' | 'orphaned' } | { readonly status: 'answered'; readonly answer: string } | null> {
    const row = await this.store.database
      .selectFrom('requests')
      .select(['status', 'lease_until', 'answer'])
      .where('id', '=', requestId)
      .executeTakeFirst();
    if (row === undefined) return null;
    if (row.status === 'answered') return { status: 'answered', answer: row.answer ?? '' };
    return { status: row.status === 'running' && row.lease_until > now ? 'running' : 'orphaned' };
  }

  async sweep(beforeMs: number): Promise<void> {
    await this.store.transact(async (transaction) => {
      await transaction.deleteFrom('requests').where('created_at', '<', beforeMs).where('lease_until', '<', beforeMs).execute();
    });
  }
}

const repeatKeyOf = ({ kind, idempotencyKey, fingerprint }: RequestBegin): string =>
  idempotencyKey === null ? `${kind}:same:${fingerprint}` : `${kind}:key:${idempotencyKey}`;

/** An answer or a partial turn is only tied to a repeat for a while. */
const isKept = (row: RequestRow, { now, keepMs }: RequestBegin): boolean => row.settled_at !== null && now - row.settled_at < keepMs;

/** A chat that has reached its client may well be asked again; adding the same again is no news. */
const isRepeat = (row: RequestRow): boolean => row.keyed === 1 || row.kind === 'add' || row.delivered === 0;

/** A key is bound to what it came with first, until that is forgotten. */
function isOtherBody(row: RequestRow, input: RequestBegin): boolean {
  if (row.keyed === 0 || row.fingerprint === input.fingerprint) return false;
  return row.status === 'running' ? input.now - row.lease_until < input.keepMs : isKept(row, input);
}

/** Null when somebody else has begun the same meanwhile. */
async function start(transaction: Database, input: RequestBegin): Promise<RequestBeginning | null> {
  const requestId = randomUUID();
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('requests')
    .values({
      id: requestId,
      project_id: input.scope.projectId,
      subject: input.scope.subject,
      kind: input.kind,
      repeat_key: repeatKeyOf(input),
      keyed: input.idempotencyKey === null ? 0 : 1,
      fingerprint: input.fingerprint,
      status: 'running',
      owner: input.owner,
      lease_until: input.now + input.leaseMs,
      answer: null,
      delivered: 0,
      replaces_json: '[]',
      task_id: null,
      turn_ids_json: null,
      created_at: input.now,
      settled_at: null,
    })
    .onConflict((conflict) => conflict.columns(['project_id', 'subject', 'repeat_key']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n ? { status: 'started', requestId, replaces: [] } : null;
}

/** What to do about a request that is known already. The row is locked. */
async function meet(transaction: Database, row: RequestRow, input: RequestBegin): Promise<RequestBeginning | null> {
  if (isOtherBody(row, input)) throw new AppError('invalid_request', 'Idempotency-Key was used before with another body');
  if (row.status === 'running') {
    if (row.lease_until > input.now) return { status: 'running', requestId: row.id };
    return row.fingerprint === input.fingerprint ? takeOver(transaction, row, input) : replace(transaction, row, input);
  }
  if (!isKept(row, input)) return replace(transaction, row, input);
  if (row.status === 'cut') return takeOver(transaction, row, input);
  if (!isRepeat(row)) return replace(transaction, row, input);
  return { status: 'answered', requestId: row.id, answer: row.answer ?? '' };
}

async function takeOver(transaction: Database, row: RequestRow, input: RequestBegin): Promise<RequestBeginning> {
  await transaction
    .updateTable('requests')
    .set({ status: 'running', owner: input.owner, lease_until: input.now + input.leaseMs, settled_at: null, delivered: 0 })
    .where('id', '=', row.id)
    .execute();
  return { status: 'started', requestId: row.id, replaces: fromJson<string[]>(row.replaces_json) };
}

/** The row stays for those who wait on it; it only is no repeat of anything any more. */
async function replace(transaction: Database, row: RequestRow, input: RequestBegin): Promise<RequestBeginning | null> {
  await transaction.updateTable('requests').set({ repeat_key: null }).where('id', '=', row.id).execute();
  return start(transaction, input);
}
