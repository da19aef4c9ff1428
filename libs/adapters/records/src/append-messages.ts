import { randomUUID } from 'node:crypto';
import { alignWithConversation, type Message, messageId } from '@continuo/domain';
import type { AppendInput, AppendResult } from '@continuo/ports';
import type { Insertable } from 'kysely';
import { eraseMessages } from './erase-messages.ts';
import { holdSubject, messagesById, openConversation } from './open-conversation.ts';
import { labelColumns, MESSAGE_COLUMNS, messageOf } from './rows/message-row.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import { rowSlices } from './rows/row-slices.ts';
import { toJson, wellFormed } from './rows/stored-text.ts';
import type { MessagesTable } from './schema/tables.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';

/** Stores what was said. See `MessageRecords.append`. */
export function appendMessages(store: Store, raw: AppendInput): Promise<AppendResult> {
  // Before ids are derived, so that what is sent again meets what was kept.
  const input = wellFormed(raw);
  return store.transact((transaction) => new Append(transaction, store.dialect, input).run());
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

  /** Statements that do not need each other's results are asked together: each trip to the store costs. */
  async run(): Promise<AppendResult> {
    const { scope, conversationId, messages: sent, mode, replaces, now } = this.input;
    // Held first: an erasure waits for this turn, or this turn for it and then finds its request gone.
    await holdSubject(this.transaction, this.dialect, scope);
    const ended = (await this.turnOfAnsweredRequest()) ?? (await this.nothingOfEndedRequest());
    if (ended !== null) return ended;
    await eraseMessages(this.transaction, this.dialect, scope, replaces, now);
    const conversation = await openConversation(this.transaction, this.dialect, {
      scope,
      conversationId,
      now,
      ends: mode === 'history' ? sent.length + 1 : 0,
    });
    this.epoch = conversation.epoch;
    this.nextPlace = conversation.nextPlace;
    const held = await this.recognised(conversation.ends);
    const { ids, rows } = this.newRows(held);
    const messages = await this.insert(rows);
    for (const message of held.values()) messages.set(message.id, message);
    const result = ids.flatMap((id) => messages.get(id) ?? []);
    const taskId = rows[0]?.task_id ?? result.at(-1)?.taskId ?? randomUUID();
    await Promise.all([
      this.tellIndex(rows, messages),
      this.advanceConversation(rows),
      this.openTask(taskId, rows, result),
      this.finishRequest(taskId, result),
      this.rememberCut(result),
    ]);
    return { taskId, messages: result, appended: rows.length };
  }

  /**
   * Two may run one request when a lease was lost; the first to get here has stored its turn. A request that is gone was erased
   * with its subject while it ran: its answer may say again what was erased, so nothing of the turn is kept.
   */
  private async turnOfAnsweredRequest(): Promise<AppendResult | null> {
    if (this.input.answered === null) return null;
    const request = await this.dialect
      .lockRows(
        this.transaction
          .selectFrom('requests')
          .select(['task_id', 'turn_ids_json', 'status'])
          .where('id', '=', this.input.answered.requestId),
        'change',
      )
      .executeTakeFirst();
    if (request === undefined) return this.keepNothing();
    if (request.status !== 'answered' || request.task_id === null || request.turn_ids_json === null) return null;
    const ids = JSON.parse(request.turn_ids_json) as string[];
    const messages = await messagesById(this.transaction, this.input.scope, ids);
    return { taskId: request.task_id, messages: ids.flatMap((id) => messages.get(id) ?? []), appended: 0 };
  }

  /** What was said before a cut is only kept for the request that is cut: not when it has ended otherwise or was erased. */
  private async nothingOfEndedRequest(): Promise<AppendResult | null> {
    if (this.input.cutShort === null) return null;
    const request = await this.dialect
      .lockRows(this.transaction.selectFrom('requests').select('status').where('id', '=', this.input.cutShort.requestId), 'change')
      .executeTakeFirst();
    return request?.status === 'running' ? null : this.keepNothing();
  }

  private async keepNothing(): Promise<AppendResult> {
    const taskId = randomUUID();
    await this.insertTask(taskId, { status: 'failed', reason: 'erased', finished_at: this.input.now });
    return { taskId, messages: [], appended: 0 };
  }

  /** What the conversation holds already, by its index among the messages sent. A turn is appended as it is. */
  private async recognised(ends: readonly (Message | null)[]): Promise<Map<number, Message>> {
    const { messages, mode, now } = this.input;
    const held = new Map<number, Message>();
    if (mode === 'history') {
      alignWithConversation(ends, messages, now).forEach((at, index) => {
        const message = at === null ? undefined : ends[at];
        if (message !== undefined && message !== null) held.set(index, message);
      });
    }
    const timed = messages.flatMap((message, index) =>
      message.chatTime !== null && !held.has(index) ? [{ index, id: this.idOf(message, 0) }] : [],
    );
    const known = await messagesById(
      this.transaction,
      this.input.scope,
      timed.map(({ id }) => id),
    );
    for (const { index, id } of timed) {
      const message = known.get(id);
      if (message === undefined) continue;
      if (mode === 'history') held.set(index, message);
      else this.takenIds.add(id);
    }
    return held;
  }

  private newRows(held: ReadonlyMap<number, Message>): {
    readonly ids: readonly string[];
    readonly rows: readonly Insertable<MessagesTable>[];
  } {
    const rows = new Map<string, Insertable<MessagesTable>>();
    const taskId = randomUUID();
    const ids = this.input.messages.map((message, index) => {
      const known = held.get(index);
      if (known !== undefined) return known.id;
      const id = this.idOf(message, this.nextPlace);
      // The same message twice in one history, told by its time. In a turn it was said twice.
      if (rows.has(id)) return id;
      if (this.input.mode === 'turn') this.takenIds.add(id);
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
    const messages = new Map<string, Message>();
    for (const slice of rowSlices(rows)) {
      const inserted = await this.transaction.insertInto('messages').values(slice).returning(MESSAGE_COLUMNS).execute();
      for (const row of inserted) messages.set(row.id, messageOf(row));
    }
    return messages;
  }

  private async tellIndex(rows: readonly Insertable<MessagesTable>[], messages: ReadonlyMap<string, Message>): Promise<void> {
    const { scope } = this.input;
    await putIntoOutbox(
      this.transaction,
      rows
        .filter((row) => row.recallable === 1)
        .map((row) => ({ id: row.id, kind: 'turn', scope, newness: messages.get(row.id)?.sequence ?? 0, indexVersion: 1 })),
    );
  }

  private async advanceConversation(rows: readonly Insertable<MessagesTable>[]): Promise<void> {
    const { scope, conversationId } = this.input;
    if (rows.length === 0) return;
    await this.transaction
      .updateTable('conversations')
      .set({ next_place: this.nextPlace })
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('conversation_id', '=', conversationId)
      .execute();
  }

  /** Nothing new needs no task: the one of the last message recognised is given again. */
  private async openTask(id: string, rows: readonly Insertable<MessagesTable>[], held: readonly Message[]): Promise<void> {
    if (rows.length === 0 && held.length > 0) return;
    const waits = rows.some((row) => row.state === 'pending');
    await this.insertTask(id, { status: waits ? 'running' : 'completed', reason: null, finished_at: waits ? null : this.input.now });
  }

  private async insertTask(
    id: string,
    end: { readonly status: string; readonly reason: string | null; readonly finished_at: number | null },
  ) {
    const { scope, now } = this.input;
    const key = { id, project_id: scope.projectId, subject: scope.subject };
    const counts = { added: 0, updated: 0, deleted: 0, memory_ids_json: '{"fact":[],"preference":[]}' };
    await this.transaction
      .insertInto('tasks')
      .values({ ...key, ...counts, ...end, created_at: now })
      .execute();
  }

  private async finishRequest(taskId: string, turn: readonly Message[]): Promise<void> {
    const { answered, now } = this.input;
    if (answered === null) return;
    await this.transaction
      .updateTable('requests')
      .set({
        status: 'answered',
        answer: answered.answer ?? taskId,
        settled_at: now,
        replaces_json: '[]',
        task_id: taskId,
        turn_ids_json: toJson(turn.map((message) => message.id)),
      })
      .where('id', '=', answered.requestId)
      .execute();
  }

  private async rememberCut(turn: readonly Message[]): Promise<void> {
    const { cutShort, now } = this.input;
    if (cutShort === null) return;
    await this.transaction
      .updateTable('requests')
      .set({ status: 'cut', settled_at: now, replaces_json: toJson(turn.map((message) => message.id)) })
      .where('id', '=', cutShort.requestId)
      .execute();
  }
}
