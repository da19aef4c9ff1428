import { CHINESE_INJECTION, CHINESE_META, CHINESE_SMALL_TALK } from './chinese-words.ts';
import { ENGLISH_INJECTION, ENGLISH_META, ENGLISH_SMALL_TALK } from './english-words.ts';

/** A longer text says something, however polite. */
const LONGEST_SMALL_TALK = 80;

/** Greetings, thanks and acknowledgements that neither say nor ask anything ("hello", "ok, thanks", 好的). */
export function isSmallTalk(text: string): boolean {
  let rest = text.normalize('NFKC').replace(/^[^\p{L}\p{N}]+/u, '');
  if (rest.length > LONGEST_SMALL_TALK) return false;
  while (rest !== '') {
    const said = (ENGLISH_SMALL_TALK.exec(rest) ?? CHINESE_SMALL_TALK.exec(rest))?.[0] ?? '';
    if (said === '') return false;
    rest = rest.slice(said.length);
  }
  return true;
}

/** Talk about the assistant itself, its memory, its answers or its instructions, and attempts to instruct it. */
export const isMetaTalk = (text: string): boolean => ENGLISH_META.test(text) || CHINESE_META.test(text) || isInjection(text);

export const isInjection = (text: string): boolean => ENGLISH_INJECTION.test(text) || CHINESE_INJECTION.test(text);
