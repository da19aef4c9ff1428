import type { Candidate } from '../memory.ts';
import type { Message } from '../message.ts';
import { readMessages } from './as-written.ts';
import { CHINESE_JOKE, CHINESE_LASTING_ROLE_PLAY, CHINESE_ROLE_PLAY_END } from './chinese-words.ts';
import { ENGLISH_JOKE, ENGLISH_LASTING_ROLE_PLAY, ENGLISH_ROLE_PLAY_END } from './english-words.ts';
import { fromMessage } from './from-message.ts';
import { shadowOf } from './masking.ts';

export interface RuleExtraction {
  /** The pending messages of one conversation, in order. */
  readonly messages: readonly Message[];
  /** Up to ten messages before them, to understand choices by; nothing is extracted from these. */
  readonly context: readonly Message[];
  /** IANA name of the zone in which relative dates are counted. */
  readonly timeZone: string;
}

/**
 * Draws candidates from what the user says, in English and Chinese, without a model. Verbatim clauses only, completed by
 * nothing but words of the conversation and resolved dates; what is asked, supposed, quoted, played, joked, pasted or said
 * about the assistant is left out, and so is everything that anyone but the user says.
 */
export function extractByRules({ messages, context, timeZone }: RuleExtraction): readonly Candidate[] {
  const { read, restore } = readMessages([...context, ...messages].map(beginningOf));
  const found = new Map<string, readonly Candidate[]>();
  const before: Message[] = read.slice(0, context.length);
  let playing = before.reduce(playsOn, false);
  let previousUser: string | null = null;
  for (const message of read.slice(context.length)) {
    if (message.role === 'user') {
      playing = playsOn(playing, message);
      const joke = jokeOf(message.content);
      if (joke === 'about-before' && previousUser !== null) found.delete(previousUser);
      if (!playing && joke === 'none') found.set(message.id, fromMessage(message, before, timeZone));
      previousUser = message.id;
    }
    before.push(message);
  }
  return [...found.values()].flat().map(restore);
}

/** The event loop waits while a message is read: beyond this nothing is drawn from it, though it can still be recalled verbatim. */
const LONGEST_MESSAGE = 12_000;

const beginningOf = (message: Message): Message =>
  message.content.length <= LONGEST_MESSAGE ? message : { ...message, content: message.content.slice(0, LONGEST_MESSAGE) };

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
    return /(?:(?:^|[.!?]\s{0,9})(?:well,? )?not (?:really|true)|\b(?:lol|lmao|rofl|haha+)|哈哈+|[😂🤣😜😝🙃😏])[\s.!！。]{0,9}$/iu.test(
      shadow.trimEnd(),
    )
      ? 'here'
      : 'none';
  return at < 20 && shadow.trim().length < 60 ? 'about-before' : 'here';
}
