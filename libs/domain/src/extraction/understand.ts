import { CHINESE_PREFERENCES } from './chinese-preferences.ts';
import { CHINESE_SLOTS } from './chinese-slots.ts';
import type { SpokenLanguage } from './clauses.ts';
import { firstDraft, type Draft } from './draft.ts';
import { ENGLISH_PREFERENCES } from './english-preferences.ts';
import { ENGLISH_SLOTS } from './english-slots.ts';
import { withoutLeadingTime } from './leading-time.ts';
import { chinesePerson, englishPerson } from './relations.ts';
import { namesThing } from './things.ts';

/** A statement of the speaker: its words, where they stand in the message, and what they were understood to say. */
export interface SpokenStatement {
  /** Self-contained; the quote itself, or the quote with the subject said before it. */
  readonly text: string;
  readonly quote: string;
  readonly draft: Draft;
}

/** Slots of which one is always filled: that one value is denied does not say that the known one ended. */
const ALWAYS_FILLED = /^(?:home\.city|work\.role|work\.employer)$/u;
const ENDED = /\b(?:no longer|any ?more|any longer|quit|left|resigned|fired|laid off|stopped)\b|不再|已经不|没有再|了$/iu;

/** "I am allergic to it" fills no slot: what it names stands elsewhere, or nowhere. */
function isHollow({ topicKey, topicValue }: Draft): boolean {
  if (topicKey === null) return false;
  const thing = /^(?:preference|health\.allergy)\.(?<thing>.+)$/u.exec(topicKey)?.groups?.['thing'];
  if (thing?.startsWith('favorite.') === true && topicValue !== null && !namesThing(topicValue)) return true;
  return (thing !== undefined && !namesThing(thing)) || (topicValue !== null && !/[\p{L}\p{N}\p{Emoji}]/u.test(topicValue));
}

/** What the patterns make of a text that begins at its subject; null where none fits. */
export function patternDraft(text: string, language: SpokenLanguage): Draft | null {
  const found = rawDraft(text, language);
  if (found !== null && isHollow(found)) return null;
  const denies = found !== null && found.negated && found.topicKey !== null && ALWAYS_FILLED.test(found.topicKey) && !ENDED.test(text);
  return denies ? { ...found, topicKey: null, topicValue: null } : found;
}

/** "My wife and I live" and 我和老婆住 say of the speaker what "we live" says. */
const asWe = (text: string): string =>
  text
    .replace(/^(?:my|our) \p{L}[\p{L}'’ -]{1,30}? and I (?=\p{L})/iu, 'we ')
    .replace(/^我[和跟与](?:我的?)?\p{Script=Han}{1,4}?(?:都|一起|现在)*(?=住|搬|定居|喜欢|爱|不吃|不喝)/u, '我们');

const LEADING_NOW = /^(?:now|right now|currently|nowadays|these days|at the moment|lately|at present),? (?=(?:I|we|my|our)\b)/iu;

function rawDraft(text: string, language: SpokenLanguage): Draft | null {
  const bare = asWe(withoutLeadingTime(text));
  if (language === 'zh')
    return (
      firstDraft(CHINESE_PREFERENCES, bare) ?? chinesePerson(bare) ?? firstDraft(CHINESE_SLOTS, bare) ?? firstDraft(CHINESE_SLOTS, text)
    );
  const now = bare.replace(LEADING_NOW, '');
  return firstDraft(ENGLISH_PREFERENCES, now) ?? englishPerson(now) ?? firstDraft(ENGLISH_SLOTS, now);
}

/** "我" or "我们" where the speaker is the subject, and not their cat or their mother. */
export function chineseSubject(clause: string): string | null {
  const bare = withoutLeadingTime(clause).replace(/^(?:以前|之前|曾经|过去|现在|目前|最近|平时)/u, '');
  const word = /^(?<word>我们|我)(?!的|家|们的|们家)/u.exec(bare)?.groups?.['word'];
  return word === undefined || chinesePerson(bare) !== null ? null : word;
}
