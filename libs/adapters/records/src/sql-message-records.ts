import type { Message, NewMessage, Scope } from '@continuo/domain';
import type { AppendInput, AppendResult, MessageRecords } from '@continuo/ports';
import { appendMessages } from './append-messages.ts';
import { epochOf } from './open-conversation.ts';
import { idLists } from './rows/id-list.ts';
import { MESSAGE_COLUMNS, messageOf } from './rows/message-row.ts';
import { wellFormed } from './rows/stored-text.ts';
import type { Store } from './sql-dialect.ts';
import { sweepTranscripts } from './sweep-transcripts.ts';

export class SqlMessageRecords implements MessageRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  append(input: AppendInput): Promise<AppendResult> {
    return appendMessages(this.store, input);
  }

  async latest(
    scope: Scope,
    conversationId: string,
    {
      roles,
      limit,
      erased,
    }: { readonly roles: readonly Message['role'][]; readonly limit: number; readonly erased: 'included' | 'left_out' },
  ): Promise<readonly Message[]> {
    if (roles.length === 0 || limit <= 0) return [];
    const messages = this.store.database.selectFrom('messages');
    const rows = await (erased === 'included' ? messages : messages.where('epoch', '=', epochOf(this.store.database, scope)))
      .select(MESSAGE_COLUMNS)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('conversation_id', '=', conversationId)
      .where('role', 'in', roles)
      .where('purpose', '=', 'said')
      .orderBy('sequence', 'desc')
      .limit(limit)
      .execute();
    return rows.map(messageOf).reverse();
  }

  async conversationHolding(scope: Scope, message: Pick<NewMessage, 'role' | 'content'>): Promise<string | null> {
    const { role, content } = wellFormed(message);
    const newest = await this.store.database
      .selectFrom('messages')
      .select('conversation_id')
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('epoch', '=', epochOf(this.store.database, scope))
      .where('role', '=', role)
      .where('content', '=', content)
      .where('purpose', '=', 'said')
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst();
    return newest?.conversation_id ?? null;
  }

  async byIds(scope: Scope, ids: readonly string[]): Promise<readonly Message[]> {
    const messages: Message[] = [];
    for (const list of idLists(ids)) {
      const rows = await this.store.database
        .selectFrom('messages')
        .select(MESSAGE_COLUMNS)
        .where('id', 'in', list)
        .where('project_id', '=', scope.projectId)
        .where('subject', '=', scope.subject)
        .orderBy('sequence')
        .execute();
      messages.push(...rows.map(messageOf));
    }
    return messages;
  }

  sweepTranscripts(projectId: string, beforeMs: number, now: number): Promise<number> {
    return sweepTranscripts(this.store, projectId, beforeMs, now);
  }
}
