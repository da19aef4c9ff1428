import { alignWithConversation, type Message, messageId, nameBasedId, type Scope } from '@continuo/domain';
import type { AppendInput } from '@continuo/ports';
import type { Insertable } from 'kysely';
import { messagesById, openConversation } from './open-conversation.ts';
import { labelColumns, MESSAGE_COLUMNS, messageOf } from './rows/message-row.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import { rowSlices } from './rows/row-slices.ts';
import { toJson } from './rows/stored-text.ts';
import type { MessagesTable } from './schema/tables.ts';
import type { Database, SqlDialect } from './sql-dialect.ts';
import { mineAfterAll, toldMessages } from './told-messages.ts';

type Sent = AppendInput['messages'][number];

/** Messages left of a conversation that tell where it goes on; a single one does not. */
const FEWEST_RECOGNISED = 2;

/** What one append does in one scope: the one that is named, or that of a copy. Each has a conversation and a history of its own. */
export class AppendPart {
  readonly scope: Scope;
  private readonly transaction: Database;
  private readonly input: AppendInput;
  /** The task of what is new here. */
  readonly taskId: string;
  private readonly takenIds = new Set<string>();
  private epoch = 0;
  private nextPlace = 0;
  private ends: readonly (Message | null)[] = [];
  private isCut = false;
  /** How many of the messages sent were here once and have been erased since. */
  private erased = 0;
  private rows: readonly Insertable<MessagesTable>[] = [];
  private inserted: ReadonlyMap<string, Message> = new Map();
  /** How many were kept unmined of a turn cut short, and are mined now. */
  private resumed = 0;

  constructor(transaction: Database, input: AppendInput, scope: Scope, taskId: string) {
    this.transaction = transaction;
    this.input = input;
    this.scope = scope;
    this.taskId = taskId;
  }

  get added(): number {
    return this.rows.length + this.resumed;
  }

  get waits(): boolean {
    return this.resumed > 0 || this.rows.some((row) => row.state === 'pending');
  }

  /** Nobody else appends to the conversation until the transaction ends. */
  async open(dialect: SqlDialect): Promise<void> {
    const { conversationId, now, messages } = this.input;
    const ends = this.aligned ? messages.length + 1 : Number(this.isTold);
    const conversation = await openConversation(this.transaction, dialect, { scope: this.scope, conversationId, now, ends });
    this.epoch = conversation.epoch;
    this.nextPlace = conversation.nextPlace;
    this.ends = conversation.ends;
    this.isCut = conversation.isCut;
    this.erased = this.aligned && this.isCut ? erasedBefore(conversation.ends, messages) : 0;
  }

  /** Returns what the conversation now holds of the messages sent, in their order. */
  async append(): Promise<readonly Message[]> {
    const held = await this.recognised();
    const ids = this.takeIn(held);
    const messages = await this.insert();
    this.inserted = new Map(messages);
    for (const message of held.values()) messages.set(message.id, message);
    return ids.flatMap((id) => messages.get(id) ?? []);
  }

  /** What the index and the next append have to know. */
  async note(): Promise<void> {
    await Promise.all([this.tellIndex(), this.advanceConversation()]);
  }

  /** What is told about memories is no part of a conversation: it is neither compared with one nor found in one. */
  private get aligned(): boolean {
    return this.input.mode === 'history' && this.input.purpose === 'said';
  }

  private get isTold(): boolean {
    return this.input.mode === 'told' && this.input.purpose === 'said';
  }

  private async recognisedOfTold(): Promise<Map<number, Message>> {
    const { messages, mine } = this.input;
    const held = await toldMessages(this.transaction, this.scope, this.input, this.ends[0] ?? null);
    // What is told before all that is left was erased.
    if (this.isCut) this.erased = held.keys().next().value ?? 0;
    if (!mine) return held;
    const unmined = [...held].filter(([at, { state, partial }]) => state === 'unmined' && !partial && messages[at]?.recallable === true);
    const resumed = await mineAfterAll(
      this.transaction,
      this.scope,
      unmined.map(([, message]) => message),
      this.taskId,
    );
    this.resumed = resumed.length;
    for (const message of resumed) for (const [at, { id }] of unmined) if (id === message.id) held.set(at, message);
    return held;
  }

  /** What the conversation holds already, by its index among the messages sent. A turn is appended as it is. */
  private async recognised(): Promise<Map<number, Message>> {
    const { messages, now } = this.input;
    const held = new Map<number, Message>();
    if (this.input.purpose === 'feedback') return held;
    if (this.isTold) return this.recognisedOfTold();
    if (this.aligned) {
      alignWithConversation(this.ends, messages.slice(this.erased), now).forEach((at, index) => {
        const message = at === null ? undefined : this.ends[at];
        if (message !== undefined && message !== null) held.set(this.erased + index, message);
      });
    }
    const timed = messages.flatMap((message, index) =>
      message.chatTime !== null && index >= this.erased && !held.has(index) ? [{ index, id: this.idOf(message, 0) }] : [],
    );
    const known = await messagesById(
      this.transaction,
      this.scope,
      timed.map(({ id }) => id),
    );
    for (const { index, id } of timed) {
      const message = known.get(id);
      if (message === undefined) continue;
      if (this.aligned) held.set(index, message);
      else this.takenIds.add(id);
    }
    return held;
  }

  /** Makes rows of what is new. Returns the ids of all, in the order of the messages sent. */
  private takeIn(held: ReadonlyMap<number, Message>): readonly string[] {
    const rows = new Map<string, Insertable<MessagesTable>>();
    const ids = this.input.messages.flatMap((message, index) => {
      if (index < this.erased) return [];
      const known = held.get(index);
      if (known !== undefined) return known.id;
      const id = this.input.purpose === 'feedback' ? nameBasedId('feedback', this.taskId, index) : this.idOf(message, this.nextPlace);
      // The same message twice in one history, told by its time. In a turn it was said twice.
      if (rows.has(id)) return id;
      if (!this.aligned) this.takenIds.add(id);
      rows.set(id, this.rowOf(message, id));
      // A place tells equal messages of the transcript apart; feedback leaves the places, and so the ids, as they were without it.
      if (this.input.purpose === 'said') this.nextPlace += 1;
      return id;
    });
    this.rows = [...rows.values()];
    return ids;
  }

  private rowOf(message: Sent, id: string): Insertable<MessagesTable> {
    const { conversationId, labels, mine, now, purpose, extraction } = this.input;
    return {
      id,
      project_id: this.scope.projectId,
      subject: this.scope.subject,
      epoch: this.epoch,
      conversation_id: conversationId,
      place: this.nextPlace,
      role: message.role,
      content: message.content,
      parts_json: message.parts === null ? null : toJson(message.parts),
      chat_time: message.chatTime,
      role_name: message.roleName,
      speaker_id: message.speakerId,
      purpose,
      extraction_json: extraction === null ? null : toJson(extraction),
      state: mine && !message.partial ? 'pending' : 'unmined',
      partial: message.partial ? 1 : 0,
      recallable: message.recallable && purpose === 'said' ? 1 : 0,
      hidden: 0,
      ...labelColumns(labels),
      task_id: this.taskId,
      batch_id: null,
      index_version: 1,
      embedded_with: null,
      created_at: now,
    };
  }

  private idOf(message: Sent, place: number): string {
    const { projectId, subject } = this.scope;
    const { role, content, parts, chatTime } = message;
    const { conversationId } = this.input;
    const identity = { projectId, subject, epoch: this.epoch, conversationId, role, content, parts, place };
    const id = messageId({ ...identity, chatTime });
    return this.takenIds.has(id) ? messageId({ ...identity, chatTime: null }) : id;
  }

  private async insert(): Promise<Map<string, Message>> {
    const messages = new Map<string, Message>();
    for (const slice of rowSlices(this.rows)) {
      const inserted = await this.transaction.insertInto('messages').values(slice).returning(MESSAGE_COLUMNS).execute();
      for (const row of inserted) messages.set(row.id, messageOf(row));
    }
    return messages;
  }

  private async tellIndex(): Promise<void> {
    const { scope } = this;
    await putIntoOutbox(
      this.transaction,
      this.rows
        .filter((row) => row.recallable === 1)
        .map((row) => ({ id: row.id, kind: 'turn', scope, newness: this.inserted.get(row.id)?.sequence ?? 0, indexVersion: 1 })),
    );
  }

  private async advanceConversation(): Promise<void> {
    if (this.rows.length === 0 || this.input.purpose === 'feedback') return;
    await this.transaction
      .updateTable('conversations')
      .set({ next_place: this.nextPlace })
      .where('project_id', '=', this.scope.projectId)
      .where('subject', '=', this.scope.subject)
      .where('conversation_id', '=', this.input.conversationId)
      .execute();
  }
}

/**
 * How many of these messages stood before all that is left of a conversation whose beginning was erased: a client that sends its whole
 * history sends that, too, and it is not said again. Told by what is left, all of it or more than one message of it, right after them;
 * one message alone may well have been said twice.
 */
function erasedBefore(stored: readonly (Message | null)[], sent: readonly Sent[]): number {
  const left = stored.slice(0, stored.includes(null) ? stored.indexOf(null) : stored.length);
  if (left.length < FEWEST_RECOGNISED) return 0;
  for (let from = 0; from + FEWEST_RECOGNISED <= sent.length; from += 1) if (followedBy(left, sent, from)) return from;
  return 0;
}

/** Whether what is left stands in what was sent, from there on to the end of one of them. */
function followedBy(left: readonly (Message | null)[], sent: readonly Sent[], from: number): boolean {
  const length = Math.min(left.length, sent.length - from);
  for (let index = 0; index < length; index += 1) {
    const [kept, message] = [left[index], sent[from + index]];
    if (kept?.role !== message?.role || kept?.content !== message?.content) return false;
  }
  return true;
}
