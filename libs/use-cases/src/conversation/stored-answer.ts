import type { ChatAnswer } from './chat-run.ts';

/** What is stored with a turn for whoever repeats the request. */
export const storedAnswer = (response: string, conversationId: string): string => JSON.stringify({ response, conversationId });

/** The answer, given again. */
export function replayOf(stored: string): ChatAnswer {
  const { response, conversationId } = JSON.parse(stored) as { response: string; conversationId: string };
  return { response, conversationId, recall: null, replayed: true, usage: null, finish: 'stop' };
}
