import { AppError, type ChatCompletionRequest, MAX_SYSTEM_PROMPT_CHARACTERS } from '@continuo/contracts';
import type { NewMessage } from '@continuo/domain';

/** A conversation as a client of OpenAI's form tells it. */
export interface ToldConversation {
  /** Its system messages, one below the other; null: there are none. */
  readonly instructions: string | null;
  /** What was said before the question. */
  readonly turns: readonly NewMessage[];
  readonly query: string;
}

/** @throws AppError `invalid_request` when the last message is no question of the user, or the system says too much. */
export function readCompletion(messages: ChatCompletionRequest['messages']): ToldConversation {
  const ofSystem = messages.filter(({ role }) => role === 'system' || role === 'developer');
  const instructions = ofSystem.map(({ content }) => content).join('\n\n');
  if (instructions.length > MAX_SYSTEM_PROMPT_CHARACTERS)
    throw new AppError(
      'invalid_request',
      `messages must have at most ${MAX_SYSTEM_PROMPT_CHARACTERS} characters of the roles system and developer together.`,
    );
  const spoken = messages.flatMap(({ role, content }) => (role === 'user' || role === 'assistant' ? [turnOf(role, content)] : []));
  const question = spoken.at(-1);
  if (question?.role !== 'user' || question.content === '')
    throw new AppError('invalid_request', 'messages must end with what the user says: a message of the role user that is not empty.');
  return {
    instructions: ofSystem.length === 0 ? null : instructions,
    turns: spoken.slice(0, -1).filter(({ content }) => content !== ''),
    query: question.content,
  };
}

/** Without white space around it: clients give answers back with it or without it, and either way it is the same turn. */
const turnOf = (role: 'user' | 'assistant', content: string): NewMessage => ({
  role,
  content: content.trim(),
  parts: null,
  chatTime: null,
  roleName: null,
  speakerId: null,
});
