import { callOf, namedText, speakersOf } from './extraction/speakers.ts';
import type { DocumentContent, Memory } from './memory.ts';
import { type Labels, type Message, saidAt } from './message.ts';
import { subjectKind } from './scope.ts';
import { detectLanguage } from './text/language.ts';

/** Enough of a message to see its language. */
const LONGEST_SAMPLE = 500;

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
    place: null,
    sourceMessageIds: memory.sourceMessageIds,
    text: memory.text,
    keys: [...new Set([memory.title, ...memory.entities, ...memory.keyPhrases, ...namesIn(memory.details)])].filter((key) => key !== ''),
    source: memory.quotes.filter((quote) => quote !== memory.text).join('\n'),
    labels: memory.labels,
    statedAt: memory.statedAt,
    createdAt: memory.createdAt,
    updatedAt: memory.updatedAt,
    eventTime: memory.eventTime,
    indexVersion: memory.indexVersion,
  };
}

/** Names by which it is asked for, and which its text need not hold: tools, the skill, the titles above a part of a document. */
const namesIn = ({ tool, skill, profile, document }: Memory['details']): readonly string[] => [
  ...(tool?.used.map((use) => use.tool) ?? []),
  ...(skill === undefined ? [] : [skill.name]),
  ...(profile === undefined ? [] : [profile.category, profile.field]),
  ...(document?.headings ?? []),
];

/** What the index holds of a message recalled verbatim. */
export function documentOfMessage(message: Message, indexVersion: number): DocumentContent {
  return {
    id: message.id,
    scope: message.scope,
    kind: 'turn',
    role: message.role,
    origin: message.role === 'assistant' ? 'assistant' : 'user',
    about: anotherSpeaker(message),
    conversationId: message.conversationId,
    place: message.place,
    sourceMessageIds: [message.id],
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

/** Who said it, where that is another user than the one whose space it is; null otherwise. */
function anotherSpeaker(message: Message): string | null {
  if (message.role !== 'user' || subjectKind(message.scope.subject) !== 'user') return null;
  const speaker = speakersOf([message])(message);
  return speaker.isSubject ? null : callOf(speaker, detectLanguage(message.content.slice(0, LONGEST_SAMPLE)));
}

/** What was said, as it is shown in a space: another one's words bear their name, because "I" would be somebody else there. */
export function wordsOfTurn(message: Message): string {
  const speaker = anotherSpeaker(message);
  return speaker === null ? message.content : namedText(message.content, speaker, detectLanguage(message.content.slice(0, LONGEST_SAMPLE)));
}

/** Labels as an index may hold them that an earlier version wrote: what it did not know yet is empty. */
export const completeLabels = (labels: Omit<Labels, 'relatedIds'> & Partial<Pick<Labels, 'relatedIds'>>): Labels =>
  labels.relatedIds === undefined ? { ...labels, relatedIds: [] } : { ...labels, relatedIds: labels.relatedIds };

/** The text that is embedded for a document: who spoke, if known, and what was said. */
export function passageOf(document: Pick<DocumentContent, 'kind' | 'role' | 'text' | 'keys'>): string {
  return document.kind === 'turn' && document.keys[0] !== undefined ? `${document.keys[0]}: ${document.text}` : document.text;
}
