import { canonicalContent, nameBasedId, type NewMessage, type Scope } from '@continuo/domain';

/**
 * Where messages belong whose caller names no conversation: what begins alike is one, so that a history that grows from call to
 * call is recognised.
 */
export function conversationOf(scope: Scope, messages: readonly NewMessage[]): string {
  const first = messages.find((message) => message.role !== 'system') ?? messages[0];
  const opening = first === undefined ? '' : canonicalContent(first);
  return nameBasedId('conversation', scope.projectId, scope.subject, opening, first?.chatTime ?? '');
}
