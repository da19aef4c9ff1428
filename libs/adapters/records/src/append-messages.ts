import { randomUUID } from 'node:crypto';
import { alignWithConversation, type Message, messageId } from '@continuo/domain';
import type { AppendInput, AppendResult } from '@continuo/ports';
import type { Insertable } from 'kysely';
import { idLists } from './rows/id-list.ts';
import { labelColumns, MESSAGE_COLUMNS, messageOf } from './rows/message-row.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import { settleTasks } from './rows/settle-tasks.ts';
import { toJson, wellFormed } from './rows/stored-text.ts';
import type { MessagesTable } from './schema/tables.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';

/** Rows per statement: engines limit how many values one may carry. */
const ROWS_PER_STATEMENT = 200;

/** Stores what was said. See `MessageRecords.append`. */
export function appendMessages(store: Store, raw: AppendInput): Promise<AppendResult> {
  // Before ids are derived, so that what is sent again meets what was kept.
  const input = wellFormed(raw);
  return store.database.transaction().execute(async (transaction) => new Append(transaction, store.dialect, input).run());
}

type Sent = AppendInput['messages'][number];

class Append {
  private readonly transaction: Database;
  private readonly dialect: SqlDialect;
  private readonly input: AppendInput;
  private readonly takenIds = new Set<string>();
  private epoch = 0;
  private nextPlace = 0;

  constructor(transaction: Database, dialect: SqlDialect, input: AppendInput) {
    this.transaction = transaction;
    this.dialect = dialect;
    this.input = input;
  }

  async run(): Promise<AppendResult> {
    const stored = await this.turnOfAnsweredRequest();
    if (stored !== null) return stored;
    await this.openConversation();
    await this.eraseReplaced();
    const held = this.input.mode === 'history' ? await this.recognised() : new Map<number, Message>();
    if (this.input.mode === 'turn') await this.findTakenIds();
    const { ids, rows } = this.newRows(held);
    const messages = await this.insert(rows);
    for (const message of held.values()) messages.set(message.id, message);
    const result = ids.flatMap((id) => messages.get(id) ?? []);
    const taskId = await this.task(rows, result.at(-1)?.taskId);
    await this.finishRequest(taskId, result);
    return { taskId, messages: result, appended: rows.length };
  }

  /** Two may run one request when a lease was lost; the first to get here has stored its turn. */
  private async turnOfAnsweredRequest(): Promise<AppendResult | null> {
    if (this.input.answered === null) return null;
    const request = await this.dialect
      .lockRows(this.transaction.selectFrom('requests').select(['task_id', 'turn_ids_json', 'status']).where('id', '=', this.input.answered.requestId))
      .executeTakeFirst();
    if (request?.status !== 'answered' || request.task_id === null || request.turn_ids_json === null) return null;
    const ids = JSON.parse(request.turn_ids_json) as string[];
    const messages = await this.byId(ids);
    return { taskId: request.task_id, messages: ids.flatMap((id) => messages.get(id) ?? []), appended: 0 };
  }

  private async openConversation(): Promise<void> {
    const { scope, conversationId, now } = this.input;
    const key = { project_id: scope.projectId, subject: scope.subject };
    const open = () =>
      this.dialect
        .lockRows(
          this.transaction
            .selectFrom('conversations')
            .select((row) => [
              'next_place',
              row.selectFrom('subjects').select('epoch').where('project_id', '=', scope.projectId).where('subject', '=', scope.subject).as('epoch'),
            ])
            .where('project_id', '=', scope.projectId)
            .where('subject', '=', scope.subject)
            .where('conversation_id', '=', conversationId),
        )
        .executeTakeFirst();

    let conversation = await open();
    if (conversation === undefined) {
      const unlessThere = { epoch: 0, revision: 0, created_at: now };
      await this.transaction.insertInto('subjects').values({ ...key, ...unlessThere }).onConflict((conflict) => conflict.doNothing()).execute();
      await this.transaction
        .insertInto('conversations')
        .values({ ...key, conversation_id: conversationId, next_place: 0, due_at: 0, attempts: 0 })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      conversation = await open();
    }
    if (conversation === undefined || conversation.epoch === null) throw new Error('a conversation was not created');
    this.epoch = conversation.epoch;
    this.nextPlace = conversation.next_place;
  }

  private async eraseReplaced(): Promise<void> {
    const { scope, replaces } = this.input;
    for (const ids of idLists(replaces)) {
      const erased = await this.transaction
        .deleteFrom('messages')
        .where('id', 'in', ids)
        .where('project_id', '=', scope.projectId)
        .where('subject', '=', scope.subject)
        .returning(['id', 'recallable', 'sequence', 'index_version', 'task_id', 'state'])
        .execute();
      await settleTasks(this.transaction, erased.filter((row) => row.state === 'pending').map((row) => row.task_id), this.input.now);
      await putIntoOutbox(
        this.transaction,
        erased
          .filter((row) => row.recallable === 1)
          .map((row) => ({ id: row.id, kind: 'turn', scope, newness: row.sequence, indexVersion: row.index_version + 1 })),
      );
      await this.transaction.deleteFrom('vectors').where('item_id', 'in', ids).execute();
    }
  }

  /** What the conversation holds already, by its index among the messages sent. */
  private async recognised(): Promise<Map<number, Message>> {
    const { messages, now } = this.input;
    const stored = await this.ends(messages.length + 1);
    const held = new Map<number, Message>();
    alignWithConversation(stored, messages, now).forEach((at, index) => {
      const message = at === null ? undefined : stored[at];
      if (message !== undefined && message !== null) held.set(index, message);
    });
    const timed = messages.flatMap((message, index) => (message.chatTime !== null && !held.has(index) ? [{ index, id: this.idOf(message, 0) }] : []));
    const known = await this.byId(timed.map(({ id }) => id));
    for (const { index, id } of timed) {
      const message = known.get(id);
      if (message !== undefined) held.set(index, message);
    }
    return held;
  }

  /** First and last messages of the conversation, with a null where others stand between them. */
  private async ends(count: number): Promise<readonly (Message | null)[]> {
    const { scope, conversationId } = this.input;
    const query = this.transaction
      .selectFrom('messages')
      .select(MESSAGE_COLUMNS)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('conversation_id', '=', conversationId)
      .where('epoch', '=', this.epoch);
    const head = (await query.orderBy('sequence').limit(count).execute()).map(messageOf);
    const last = head.at(-1);
    if (last === undefined || head.length < count) return head;
    const tail = (await query.where('sequence', '>', last.sequence).orderBy('sequence', 'desc').limit(count).execute()).map(messageOf).reverse();
    return tail.length < count ? [...head, ...tail] : [...head, null, ...tail];
  }

  /** A turn is appended as it is: what has the time of another message gets its id from its place. */
  private async findTakenIds(): Promise<void> {
    const timed = this.input.messages.filter((message) => message.chatTime !== null);
    for (const id of (await this.byId(timed.map((message) => this.idOf(message, 0)))).keys()) this.takenIds.add(id);
  }

  private newRows(held: ReadonlyMap<number, Message>): { readonly ids: readonly string[]; readonly rows: readonly Insertable<MessagesTable>[] } {
    const rows = new Map<string, Insertable<MessagesTable>>();
    const taskId = randomUUID();
    const ids = this.input.messages.map((message, index) => {
      const known = held.get(index);
      if (known !== undefined) return known.id;
      const id = this.idOf(message, this.nextPlace);
      // The same message twice in one call, told by its time.
      if (rows.has(id)) return id;
      rows.set(id, this.rowOf(message, id, this.nextPlace, taskId));
      this.nextPlace += 1;
      return id;
    });
    return { ids, rows: [...rows.values()] };
  }

  private rowOf(message: Sent, id: string, place: number, taskId: string): Insertable<MessagesTable> {
    const { scope, conversationId, labels, mine, now } = this.input;
    return {
      id,
      project_id: scope.projectId,
      subject: scope.subject,
      epoch: this.epoch,
      conversation_id: conversationId,
      place,
      role: message.role,
      content: message.content,
      parts_json: message.parts === null ? null : toJson(message.parts),
      chat_time: message.chatTime,
      role_name: message.roleName,
      state: mine && !message.partial ? 'pending' : 'unmined',
      partial: message.partial ? 1 : 0,
      recallable: message.recallable ? 1 : 0,
      hidden: 0,
      ...labelColumns(labels),
      task_id: taskId,
      batch_id: null,
      index_version: 1,
      embedded_with: null,
      created_at: now,
    };
  }

  private idOf(message: Sent, place: number): string {
    const { scope, conversationId } = this.input;
    const { role, content, parts, chatTime } = message;
    const identity = { projectId: scope.projectId, subject: scope.subject, epoch: this.epoch, conversationId, role, content, parts, place };
    const id = messageId({ ...identity, chatTime });
    return this.takenIds.has(id) ? messageId({ ...identity, chatTime: null }) : id;
  }

  private async insert(rows: readonly Insertable<MessagesTable>[]): Promise<Map<string, Message>> {
    const { scope } = this.input;
    const messages = new Map<string, Message>();
    for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
      const slice = rows.slice(start, start + ROWS_PER_STATEMENT);
      const inserted = await this.transaction.insertInto('messages').values(slice).returning(MESSAGE_COLUMNS).execute();
      for (const row of inserted) messages.set(row.id, messageOf(row));
    }
    if (rows.length === 0) return messages;
    await putIntoOutbox(
      this.transaction,
      rows
        .filter((row) => row.recallable === 1)
        .map((row) => ({ id: row.id, kind: 'turn', scope, newness: messages.get(row.id)?.sequence ?? 0, indexVersion: 1 })),
    );
    await this.transaction
      .updateTable('conversations')
      .set({ next_place: this.nextPlace })
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('conversation_id', '=', this.input.conversationId)
      .execute();
    return messages;
  }

  /** The new task; without anything new the one of the last message recognised. */
  private async task(rows: readonly Insertable<MessagesTable>[], lastTaskId: string | undefined): Promise<string> {
    const { scope, now } = this.input;
    if (rows.length === 0 && lastTaskId !== undefined) return lastTaskId;
    const id = rows[0]?.task_id ?? randomUUID();
    const waits = rows.some((row) => row.state === 'pending');
    await this.transaction
      .insertInto('tasks')
      .values({
        id,
        project_id: scope.projectId,
        subject: scope.subject,
        status: waits ? 'running' : 'completed',
        added: 0,
        updated: 0,
        deleted: 0,
        memory_ids_json: '{"fact":[],"preference":[]}',
        reason: null,
        created_at: now,
        finished_at: waits ? null : now,
      })
      .execute();
    return id;
  }

  private async finishRequest(taskId: string, turn: readonly Message[]): Promise<void> {
    const { answered, conversationId, now } = this.input;
    if (answered === null) return;
    await this.transaction
      .updateTable('requests')
      .set({
        status: 'answered',
        answer: answered.answer,
        settled_at: now,
        replaces_json: '[]',
        conversation_id: conversationId,
        through_sequence: Math.max(0, ...turn.map((message) => message.sequence)),
        task_id: taskId,
        turn_ids_json: toJson(turn.map((message) => message.id)),
      })
      .where('id', '=', answered.requestId)
      .execute();
  }

  private async byId(ids: readonly string[]): Promise<Map<string, Message>> {
    const { scope } = this.input;
    const messages = new Map<string, Message>();
    for (const list of idLists(ids)) {
      const rows = await this.transaction
        .selectFrom('messages')
        .select(MESSAGE_COLUMNS)
        .where('id', 'in', list)
        .where('project_id', '=', scope.projectId)
        .where('subject', '=', scope.subject)
        .execute();
      for (const row of rows) messages.set(row.id, messageOf(row));
    }
    return messages;
  }
}
