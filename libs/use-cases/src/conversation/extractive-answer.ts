import { answerFromMemory, detectLanguage, extractByRules, type Message } from '@continuo/domain';
import type { RecallResult } from '@continuo/ports';
import type { ChatInput } from './chat-run.ts';
import { type EarlierMessage, promptItems } from './prompt-writer.ts';

/** The answer where no model is configured: what is remembered, and what the rules will take from the message. */
export function extractiveAnswer(input: ChatInput, recall: RecallResult, history: readonly EarlierMessage[], timeZone: string): string {
  const messages = [asMessage(input, { role: 'user', content: input.query })];
  const context = history.slice(-2).map((message) => asMessage(input, message));
  const noted = input.remember ? extractByRules({ messages, context, timeZone }) : [];
  return answerFromMemory({ recalled: promptItems(recall), noted: noted.map(({ text }) => text) }, detectLanguage(input.query), timeZone);
}

/** A message as it will be stored; only its words and time matter here. */
const asMessage = (input: ChatInput, { role, content }: EarlierMessage): Message => ({
  id: '',
  scope: input.scope,
  conversationId: input.conversationId ?? '',
  sequence: 0,
  place: 0,
  withheld: [],
  role,
  content,
  parts: null,
  chatTime: null,
  roleName: null,
  speakerId: null,
  purpose: 'said',
  extraction: null,
  state: 'pending',
  partial: false,
  labels: input.labels,
  taskId: '',
  createdAt: input.now,
});
