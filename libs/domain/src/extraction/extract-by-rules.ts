import type { Candidate } from '../memory.ts';
import type { Message } from '../message.ts';
import { readMessages } from './as-written.ts';
import { CHINESE_JOKE, CHINESE_LASTING_ROLE_PLAY, CHINESE_ROLE_PLAY_END } from './chinese-words.ts';
import { ENGLISH_JOKE, ENGLISH_LASTING_ROLE_PLAY, ENGLISH_ROLE_PLAY_END } from './english-words.ts';
import { withEvent } from './events.ts';
import { fromMessage } from './from-message.ts';
import { shadowOf } from './masking.ts';
import { asSaidBy, heardBy, speakersOf, withoutAddressee, type Speaker } from './speakers.ts';
import { LONGEST_READ } from '../text/longest-read.ts';

export interface RuleExtraction {
  /** The pending messages of one conversation, in order. */
  readonly messages: readonly Message[];
  /** Up to ten messages before them, to understand choices by; nothing is extracted from these. */
  readonly context: readonly Message[];
  /** IANA name of the zone in which relative dates are counted. */
  readonly timeZone: string;
}

/**
 * Draws candidates from what people say, in English and Chinese, without a model. Verbatim clauses only, completed by
 * nothing but words of the conversation and resolved dates; what is asked, supposed, quoted, played, joked, pasted or said
 * about the assistant is left out, and so is everything that an assistant, a tool or the system says. What anyone but the subject
 * says bears that speaker's name.
 */
export function extractByRules({ messages, context, timeZone }: RuleExtraction): readonly Candidate[] {
  const whole = [...context, ...messages].map(beginningOf);
  const speakerOf = speakersOf(whole);
  const names = namesIn(whole, speakerOf);
  const { read, restore } = readMessages(whole);
  const found = new Map<string, readonly Candidate[]>();
  const before: Message[] = read.slice(0, context.length);
  const previous = new Map<string, string>();
  let playing = before.reduce(playsOn, false);
  for (const message of read.slice(context.length)) {
    if (message.role === 'user') {
      playing = playsOn(playing, message);
      const joke = jokeOf(message.content);
      const voice = voiceOf(speakerOf(message));
      if (joke === 'about-before') found.delete(previous.get(voice) ?? '');
      if (!playing && joke === 'none') {
        const candidates = fromMessage(withoutAddressee(message), heardBy(before, message, speakerOf, names), timeZone);
        takeBack(found, candidates);
        found.set(message.id, candidates);
      }
      previous.set(voice, message.id);
    }
    before.push(message);
  }
  const byId = new Map(whole.map((message) => [message.id, message]));
  return [...found].flatMap(([id, candidates]) => {
    const message = byId.get(id);
    if (message === undefined) return [];
    const speaker = speakerOf(message);
    return candidates.map((candidate) => {
      const restored = restore(candidate);
      return withEvent(asSaidBy(restored, speaker, answerIn(candidate, restored)), speaker.name, timeZone);
    });
  });
}

/** What one of the candidates puts right is not kept as it was said first. */
function takeBack(found: Map<string, readonly Candidate[]>, candidates: readonly Candidate[]): void {
  for (const { text, quotes, sourceMessageIds } of candidates) {
    const [source = ''] = sourceMessageIds;
    const [wrong = ''] = quotes;
    const before = found.get(source);
    if (before === undefined || quotes.length !== 2 || text.startsWith(wrong)) continue;
    found.set(
      source,
      before.filter((candidate) => !candidate.quotes.includes(wrong)),
    );
  }
}

const namesIn = (messages: readonly Message[], speakerOf: (message: Message) => Speaker): readonly string[] => [
  ...new Set(messages.flatMap((message) => (message.role === 'user' ? (speakerOf(message).name ?? []) : []))),
];

const voiceOf = ({ isSubject, slots, name }: Speaker): string => (isSubject ? '' : `${slots ?? ''}\n${name ?? ''}`);

/** The answer in a text that is a question and its answer; null where it is no such text. */
function answerIn({ text, quotes }: Candidate, restored: Candidate): string | null {
  const [question, answer] = quotes;
  return quotes.length === 2 && question !== undefined && answer !== undefined && text.startsWith(question)
    ? (restored.quotes[1] ?? null)
    : null;
}

const beginningOf = (message: Message): Message =>
  message.content.length <= LONGEST_READ ? message : { ...message, content: message.content.slice(0, LONGEST_READ) };

/** Whether a role play that was begun goes on after this message. */
function playsOn(playing: boolean, { role, content }: Message): boolean {
  if (role !== 'user') return playing;
  const shadow = shadowOf(content);
  if (ENGLISH_ROLE_PLAY_END.test(shadow) || CHINESE_ROLE_PLAY_END.test(shadow)) return false;
  return playing || ENGLISH_LASTING_ROLE_PLAY.test(shadow) || CHINESE_LASTING_ROLE_PLAY.test(shadow);
}

/** A joke takes back its whole message; one that begins with the confession takes back the message before, too. */
function jokeOf(content: string): 'none' | 'here' | 'about-before' {
  const shadow = shadowOf(content);
  const at = Math.max(ENGLISH_JOKE.exec(shadow)?.index ?? -1, CHINESE_JOKE.exec(shadow)?.index ?? -1);
  if (at < 0)
    return /(?:(?:^|[.!?]\s{0,9})(?:well,? )?not (?:really|true)|\b(?:lol|lmao|rofl|haha+)|哈哈+|[😂🤣😜😝🙃😏🙄🤪])[\s.!！。]{0,9}$/iu.test(
      shadow.trimEnd(),
    )
      ? 'here'
      : 'none';
  return at < 20 && shadow.trim().length < 60 ? 'about-before' : 'here';
}
