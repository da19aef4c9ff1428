import { randomUUID } from 'node:crypto';
import { type Message, type Scope, scopeKey } from '@continuo/domain';
import type { AppendInput, AppendResult } from '@continuo/ports';
import { AppendPart } from './append-part.ts';
import { eraseMessages } from './erase-messages.ts';
import { holdSubject, messagesById } from './open-conversation.ts';
import { toJson, wellFormed } from './rows/stored-text.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';

/** Stores what was said. See `MessageRecords.append`. */
export function appendMessages(store: Store, raw: AppendInput): Promise<AppendResult> {
  // Before ids are derived, so that what is sent again meets what was kept.
  const input = wellFormed(raw);
  return store.transact((transaction) => new Append(transaction, store.dialect, input).run());
}

interface TaskEnd {
  readonly status: string;
  readonly reason: string | null;
  readonly finished_at: number | null;
}

class Append {
  private readonly transaction: Database;
  private readonly dialect: SqlDialect;
  private readonly input: AppendInput;
  private readonly taskId = randomUUID();
  /** The named scope and those of the copies, in the order in which everybody locks them. */
  private readonly scopes: readonly Scope[];

  constructor(transaction: Database, dialect: SqlDialect, input: AppendInput) {
    this.transaction = transaction;
    this.dialect = dialect;
    this.input = input;
    const scopes = new Map([input.scope, ...input.copies].map((scope) => [scopeKey(scope), scope]));
    this.scopes = [...scopes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, scope]) => scope);
  }

  /** Statements that do not need each other's results are asked together: each trip to the store costs. */
  async run(): Promise<AppendResult> {
    // Held first: an erasure waits for this turn, or this turn for it and then finds its request gone.
    for (const scope of this.scopes) await holdSubject(this.transaction, this.dialect, scope);
    const ended = (await this.turnOfAnsweredRequest()) ?? (await this.nothingOfEndedRequest());
    if (ended !== null) return ended;
    const { replaces, now } = this.input;
    for (const scope of this.scopes) await eraseMessages(this.transaction, this.dialect, scope, replaces, now);
    const parts = this.scopes.map((scope) => this.partIn(scope));
    for (const part of parts) await part.open(this.dialect);
    const turns = new Map<AppendPart, readonly Message[]>();
    for (const part of parts) turns.set(part, await part.append());
    const main = parts.find((part) => this.isMain(part.scope)) as AppendPart;
    const result = turns.get(main) ?? [];
    const added = parts.some((part) => part.added > 0);
    // Nothing new needs no task: the one of the last message recognised is given again.
    const known = added ? undefined : result.at(-1)?.taskId;
    const taskId = known ?? this.taskId;
    await Promise.all([
      ...parts.map((part) => part.note()),
      known === undefined ? this.openTasks(main, parts) : null,
      this.finishRequest(taskId, result),
      this.rememberCut([...turns.values()].flat()),
    ]);
    return { taskId, messages: result, appended: main.added };
  }

  private isMain(scope: Scope): boolean {
    return scopeKey(scope) === scopeKey(this.input.scope);
  }

  private partIn(scope: Scope): AppendPart {
    return new AppendPart(this.transaction, this.input, scope, this.isMain(scope) ? this.taskId : randomUUID());
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
      .lockRows(
        this.transaction.selectFrom('requests').select(['status', 'owner']).where('id', '=', this.input.cutShort.requestId),
        'change',
      )
      .executeTakeFirst();
    // Whoever has taken it over stores the turn: what its first owner had said of it would stand beside it.
    return request?.status === 'running' && request.owner === this.input.cutShort.owner ? null : this.keepNothing();
  }

  private async keepNothing(): Promise<AppendResult> {
    const end = { status: 'failed', reason: 'erased', finished_at: this.input.now };
    await this.insertTasks([{ id: this.taskId, scope: this.input.scope, parentId: null, end }]);
    return { taskId: this.taskId, messages: [], appended: 0 };
  }

  /** One for the named scope, whatever is new in it, and one for each copy that has something new. */
  private async openTasks(main: AppendPart, parts: readonly AppendPart[]): Promise<void> {
    await this.insertTasks(
      parts
        .filter((part) => part === main || part.added > 0)
        .map((part) => ({
          id: part.taskId,
          scope: part.scope,
          parentId: part === main ? null : main.taskId,
          end: { status: part.waits ? 'running' : 'completed', reason: null, finished_at: part.waits ? null : this.input.now },
        })),
    );
  }

  private async insertTasks(
    tasks: readonly { readonly id: string; readonly scope: Scope; readonly parentId: string | null; readonly end: TaskEnd }[],
  ): Promise<void> {
    const counts = { added: 0, updated: 0, deleted: 0, memory_ids_json: '{}' };
    await this.transaction
      .insertInto('tasks')
      .values(
        tasks.map(({ id, scope, parentId, end }) => ({
          id,
          parent_id: parentId,
          project_id: scope.projectId,
          subject: scope.subject,
          ...counts,
          ...end,
          created_at: this.input.now,
        })),
      )
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

  /** The copies of a turn that is cut are replaced with it. */
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
