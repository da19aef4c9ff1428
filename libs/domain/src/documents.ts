import type { DocumentContent, Memory } from './memory.ts';
import { type Message, saidAt } from './message.ts';

/** What the index holds of a memory. */
export function documentOfMemory(memory: Memory): DocumentContent {
  return {
    id: memory.id,
    scope: memory.scope,
    kind: memory.kind,
    role: null,
    origin: memory.origin,
    about: memory.about,
    conversationId: memory.conversationId,
    text: memory.text,
    keys: [...new Set([memory.title, ...memory.entities, ...memory.keyPhrases])].filter((key) => key !== ''),
    source: memory.quotes.filter((quote) => quote !== memory.text).join('\n'),
    labels: memory.labels,
    statedAt: memory.statedAt,
    createdAt: memory.createdAt,
    updatedAt: memory.updatedAt,
    eventTime: memory.eventTime,
    indexVersion: memory.indexVersion,
  };
}

/** What the index holds of a message recalled verbatim. */
export function documentOfMessage(message: Message, indexVersion: number): DocumentContent {
  return {
    id: message.id,
    scope: message.scope,
    kind: 'turn',
    role: message.role,
    origin: message.role === 'assistant' ? 'assistant' : 'user',
    about: null,
    conversationId: message.conversationId,
    text: message.content,
    keys: message.roleName === null ? [] : [message.roleName],
    source: '',
    labels: message.labels,
    statedAt: saidAt(message),
    createdAt: message.createdAt,
    updatedAt: message.createdAt,
    eventTime: null,
    indexVersion,
  };
}

/** The text that is embedded for a document: who spoke, if known, and what was said. */
export function passageOf(document: Pick<DocumentContent, 'kind' | 'role' | 'text' | 'keys'>): string {
  return document.kind === 'turn' && document.keys[0] !== undefined ? `${document.keys[0]}: ${document.text}` : document.text;
}
