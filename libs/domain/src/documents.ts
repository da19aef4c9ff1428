import { callOf, namedText, speakersOf } from './extraction/speakers.ts';
import type { DocumentContent, Language, Memory } from './memory.ts';
import { type Labels, type Message, saidAt } from './message.ts';
import { subjectKind } from './scope.ts';
import { detectLanguage } from './text/language.ts';
import { recallableWords } from './turn-words.ts';

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
    text: recallableWords(message) ?? '',
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
  const words = recallableWords(message) ?? '';
  const speaker = anotherSpeaker(message);
  return speaker === null ? words : namedText(words, speaker, detectLanguage(words.slice(0, LONGEST_SAMPLE)));
}

/** Labels as an index may hold them that an earlier version wrote: what it did not know yet is empty. */
export const completeLabels = (labels: Omit<Labels, 'relatedIds'> & Partial<Pick<Labels, 'relatedIds'>>): Labels =>
  labels.relatedIds === undefined ? { ...labels, relatedIds: [] } : { ...labels, relatedIds: labels.relatedIds };

/** The text that is embedded for a document: of a turn also the day it was said and who spoke, if known. */
export function passageOf({ kind, text, keys, statedAt }: Pick<DocumentContent, 'kind' | 'text' | 'keys' | 'statedAt'>): string {
  if (kind !== 'turn') return text;
  const said = keys[0] === undefined ? text : `${keys[0]}: ${text}`;
  return `[${writtenDay(statedAt, detectLanguage(text.slice(0, LONGEST_SAMPLE)))}] ${said}`;
}

/** The day in UTC, as people write it in a text of this language. */
function writtenDay(time: number, language: Language): string {
  const locale = language === 'zh' || language === 'ja' ? DAY_IN_RUNS : DAY_IN_WORDS;
  return locale.format(time);
}

const DAY_IN_WORDS = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const DAY_IN_RUNS = new Intl.DateTimeFormat('zh-CN', { dateStyle: 'long', timeZone: 'UTC' });
