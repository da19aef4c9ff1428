import type { Candidate, Language } from '../memory.ts';
import type { Message } from '../message.ts';
import { subjectId, subjectKind } from '../scope.ts';

/** Whose words a message of the role `user` holds, seen from the space it was written to. */
export interface Speaker {
  /** How the speaker is called; null: unknown, or the subject without a name. */
  readonly name: string | null;
  /** True when it is the subject whose space this is: nobody has to be named. */
  readonly isSubject: boolean;
  /** Begins the slots of what the speaker says; empty for the subject; null: nobody can tell who it is, so it fills no slot. */
  readonly slots: string | null;
}

/** The speaker's id where a group chat does not tell who spoke: nobody's statement becomes another's. */
export const UNNAMED_SPEAKER = 'somebody';

const LONGEST_NAME = 60;
const UNKNOWN: Readonly<Record<Language, string>> = { en: 'User', zh: '用户', ja: 'ユーザー', other: 'User' };

/** Who speaks, for every message of a conversation; names that were given once hold for all messages of that speaker. */
export function speakersOf(messages: readonly Message[]): (message: Message) => Speaker {
  const names = new Map<string, string>();
  for (const message of messages) {
    const { speakerId } = message;
    const name = givenName(message);
    if (speakerId !== null && name !== null) names.set(speakerId, name);
  }
  return (message) => speakerOf(message, names);
}

function speakerOf(message: Message, names: ReadonlyMap<string, string>): Speaker {
  const { scope, speakerId } = message;
  const given = givenName(message);
  const subject = subjectId(scope.subject);
  if (subjectKind(scope.subject) === 'user' && (speakerId === null || speakerId === subject))
    return { name: given ?? names.get(subject) ?? null, isSubject: true, slots: '' };
  if (speakerId === UNNAMED_SPEAKER && !message.labels.relatedIds.includes(speakerId))
    return { name: given, isSubject: false, slots: null };
  const others = message.labels.relatedIds.filter((id) => id !== subject && id !== message.labels.agentId);
  const id = speakerId ?? (others.length === 1 ? others[0] : undefined);
  if (id !== undefined) return { name: names.get(id) ?? given ?? nameOf(id), isSubject: false, slots: `person.${slotPart(id)}.` };
  if (given !== null) return { name: given, isSubject: false, slots: `person.${slotPart(given)}.` };
  // One conversation without any names has one person in it; of several nobody knows who this is.
  const slots = others.length > 1 ? null : `person.in_${slotPart(message.conversationId)}.`;
  return { name: null, isSubject: false, slots };
}

/** Words for whoever speaks or listens: as a name they would make one person's words another's. */
const NO_NAME = /^(?:i|me|my|myself|you|we|us|user|assistant|我|我们|咱|你|您|用户|助手|助理)$/iu;

/** The name a message gives its speaker; none where it is another participant's id, or a word for everybody. */
function givenName({ roleName, speakerId, labels }: Message): string | null {
  const name = nameOf(roleName);
  if (name === null || NO_NAME.test(name)) return null;
  return name !== speakerId && speakerId !== null && labels.relatedIds.includes(name) ? null : name;
}

function nameOf(written: string | null): string | null {
  const name = (written ?? '').replace(/\s+/gu, ' ').trim().slice(0, LONGEST_NAME).trim();
  return name === '' ? null : name;
}

/** Different ids never give the same part, and none holds a dot. */
const slotPart = (id: string): string => id.replace(/[.%\s]/gu, (character) => `%${character.codePointAt(0)?.toString(16) ?? ''}`);

/** What a speaker is called where somebody has to be named. */
export const callOf = (speaker: Speaker, language: Language): string => speaker.name ?? UNKNOWN[language];

/**
 * A statement as it is kept in a space of somebody else's: with its speaker's name, about them, in slots of their own. What another
 * person wants is a fact here, not a wish of the subject.
 *
 * @param answer the speaker's own words where the text begins with somebody's question; null: all of it is theirs.
 */
export function asSaidBy(candidate: Candidate, speaker: Speaker, answer: string | null = null): Candidate {
  if (speaker.isSubject) return candidate;
  const name = callOf(speaker, candidate.language);
  return {
    ...candidate,
    kind: candidate.kind === 'preference' ? 'fact' : candidate.kind,
    preferenceType: null,
    reasoning: '',
    title: namedText(answer ?? candidate.title, name, candidate.language),
    text: namedAnswer(candidate.text, name, candidate.language, answer),
    about: candidate.about ?? name,
    topicKey: candidate.topicKey === null || speaker.slots === null ? null : `${speaker.slots}${candidate.topicKey}`,
    topicValue: speaker.slots === null ? null : candidate.topicValue,
    entities: [...new Set([name, ...candidate.entities])],
  };
}

function namedAnswer(text: string, name: string, language: Language, answer: string | null): string {
  const at = answer === null ? -1 : text.lastIndexOf(answer);
  return at <= 0 ? namedText(text, name, language) : `${text.slice(0, at)}${namedText(text.slice(at), name, language)}`;
}

/** `Ben: I live in Paris`, `小本：我住在巴黎`. */
export const namedText = (text: string, name: string, language: Language): string => `${name}${language === 'zh' ? '：' : ': '}${text}`;

/**
 * The messages before one of a speaker as they bear on it: what somebody else said right before may be a question to them, as an
 * assistant's is, unless it calls somebody else by name.
 *
 * @param names of everybody in the conversation.
 */
export function heardBy(
  before: readonly Message[],
  message: Message,
  speakerOfMessage: (message: Message) => Speaker,
  names: readonly string[],
): readonly Message[] {
  const position = before.findLastIndex(({ role }) => role === 'user' || role === 'assistant');
  const last = before[position];
  const speaker = speakerOfMessage(message);
  if (last === undefined || (last.role === 'user' && isSame(speakerOfMessage(last), speaker))) return before;
  const toAnother = names.some((name) => name !== speaker.name && calls(last.content, name));
  if (last.role === 'assistant' && !toAnother) return before;
  return before.with(position, { ...last, role: 'assistant', ...(toAnother ? { content: '' } : {}) });
}

/** "@Ana I live in Oslo" without the one it is said to. */
export const withoutAddressee = (message: Message): Message => ({
  ...message,
  content: message.content.replace(/^\s*(?:@[\p{L}\p{N}_.-]{1,40}[\s,，:：]+)+/u, ''),
});

const isSame = (one: Speaker, other: Speaker): boolean =>
  one.isSubject === other.isSubject && one.slots === other.slots && (one.slots !== null || one.name === other.name);

/** "Ben, where do you live?", "@Ben …", "…, Ben?" */
function calls(content: string, name: string): boolean {
  const text = content.toLowerCase();
  const called = name.toLowerCase();
  const start = text.trimStart().replace(/^(?:and|so|hey|hi|hello|那|嘿|你好)[\s,，]+/u, '');
  return (
    text.includes(`@${called}`) ||
    (start.startsWith(called) && /^\s*[,，:：]/u.test(start.slice(called.length))) ||
    new RegExp(`[,，]\\s*${called.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}\\s*[?？]`, 'u').test(text)
  );
}
