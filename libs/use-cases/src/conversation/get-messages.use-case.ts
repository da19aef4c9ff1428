import type { Message, Scope } from '@continuo/domain';
import type { MessageRecords } from '@continuo/ports';

/** The newest messages of a conversation, oldest first. */
export class GetMessages {
  private readonly records: MessageRecords;

  constructor(records: MessageRecords) {
    this.records = records;
  }

  /** An unknown conversation is empty. */
  execute({
    scope,
    conversationId,
    limit,
  }: {
    readonly scope: Scope;
    readonly conversationId: string;
    readonly limit: number;
  }): Promise<readonly Message[]> {
    return this.records.latest(scope, conversationId, { roles: ['user', 'assistant'], limit, erased: 'included' });
  }
}
