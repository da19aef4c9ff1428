import type { ChatModel } from '@continuo/ports';
import type { WatchedPart } from './parts-readiness.ts';

/** Without a model answers only quote what is remembered. */
export const modelPart = (chat: Pick<ChatModel, 'describe'>): WatchedPart => ({
  name: 'model',
  required: false,
  look: async () => {
    const { available, reason } = chat.describe();
    return { state: available ? 'ready' : 'degraded', words: reason };
  },
});
