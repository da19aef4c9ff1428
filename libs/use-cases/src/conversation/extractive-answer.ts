import { answerFromMemory, detectLanguage, extractByRules, type Message } from '@continuo/domain';
import type { RecallResult } from '@continuo/ports';
import type { ChatInput } from './chat-run.ts';
import { promptItems } from './prompt-writer.ts';

/** The answer where no model is configured: what is remembered, and what the rules will take from the message. */
export function extractiveAnswer(input: ChatInput, recall: RecallResult, history: readonly Message[], timeZone: string): string {
  const noted = input.remember ? extractByRules({ messages: [asMessage(input)], context: history.slice(-2), timeZone }) : [];
  return answerFromMemory({ recalled: promptItems(recall), noted: noted.map(({ text }) => text) }, detectLanguage(input.query), timeZone);
}

/** The message as it will be stored; only its words and time matter here. */
const asMessage = (input: ChatInput): Message => ({
  id: '',
  scope: input.scope,
  conversationId: input.conversationId ?? '',
  sequence: 0,
  role: 'user',
  content: input.query,
  parts: null,
  chatTime: null,
  roleName: null,
  state: 'pending',
  partial: false,
  labels: input.labels,
  taskId: '',
  createdAt: input.now,
});
