import type { Draft } from './draft.ts';
import type { Clause } from './clauses.ts';
import { entitiesOf } from './entities.ts';
import { chineseHead, englishHead, mentionedPeople } from './relations.ts';
import { withoutLeadingTime } from './leading-time.ts';
import { patternDraft, type SpokenStatement } from './understand.ts';

/** The one person a clause was about, whom "she" or 他 right after it can only mean. */
export interface Referent {
  /** How the speaker named them: "My sister Mia". */
  readonly head: string;
  readonly about: string;
  readonly language: 'en' | 'zh';
  readonly gender: 'she' | 'he' | null;
}

const SHE = /^(?:mother|sister|wife|daughter|grandmother|aunt|niece|girlfriend|mother-in-law|sister-in-law)$/u;
const HE = /^(?:father|brother|husband|son|grandfather|uncle|nephew|boyfriend|father-in-law|brother-in-law)$/u;
/** Names after these are places and firms rather than people. */
const OF_A_PLACE = /\b(?:in|at|for|to|from|near|of|on) (?:\p{Lu}[\p{L}\d'’-]*\s?)+/gu;

/** Someone else, or an animal, that the pronoun may mean as well. */
const INTRODUCES =
  /\b(?:dogs?|cats?|pupp(?:y|ies)|kittens?|pets?|horses?|parrot|rabbit|bab(?:y|ies)|m[ae]n|wom[ae]n|guys?|girls?|boys?|someone|somebody)\b|[狗猫马兔]|宠物|[男女]孩|[男女]人|有人/iu;

/** Whom a clause leaves behind to be meant by a pronoun; null where it speaks of nobody, or of more than one. */
export function referentOf(clause: Clause, drafts: readonly Draft[]): Referent | null {
  const [only] = drafts;
  if (only === undefined || drafts.length > 1 || only.about === null) return null;
  const bare = withoutLeadingTime(clause.text);
  const found = clause.language === 'zh' ? chineseHead(bare) : englishHead(bare);
  if (found === null || mentionedPeople(bare, clause.language) !== 1) return null;
  const others = entitiesOf(bare.replace(OF_A_PLACE, ''), clause.language).filter(
    (name) => !found.head.includes(name) && name !== only.about,
  );
  if (clause.language === 'en' && others.length > 0) return null;
  if (INTRODUCES.test(bare.slice(found.head.length))) return null;
  const gender = SHE.test(found.relation) ? 'she' : HE.test(found.relation) ? 'he' : null;
  return { head: found.head, about: only.about, language: clause.language, gender };
}

const ENGLISH_PRONOUN = /^(?:(?:and|but|so|also) )?(?<pronoun>she|he)(?=['’]s\s|\s)/iu;
const CHINESE_PRONOUN = /^(?<pronoun>她|他)(?!们|的|说|自己)/u;

const isMeant = (pronoun: string, { gender }: Referent): boolean =>
  gender === null || gender === (/^(?:she|她)$/iu.test(pronoun) ? 'she' : 'he');

export const beginsWithPronoun = (clause: Clause): boolean =>
  (clause.language === 'zh' ? CHINESE_PRONOUN : ENGLISH_PRONOUN).test(clause.text);

/** "She lives in Bergen" right after "My sister Mia is a nurse", with the person in the pronoun's place. */
export function statementOfReferent(clause: Clause, referent: Referent): SpokenStatement | null {
  const { text, language } = clause;
  const pronoun = (language === 'zh' ? CHINESE_PRONOUN : ENGLISH_PRONOUN).exec(text)?.groups?.['pronoun'];
  if (pronoun === undefined || language !== referent.language || !isMeant(pronoun, referent)) return null;
  const rest = text.slice(text.indexOf(pronoun) + pronoun.length);
  if (/[你您]|\b(?:you|your|it|that|this|him|her|them)\b/iu.test(rest) || mentionedPeople(text, language) > 0) return null;
  const whole = `${referent.head}${rest}`;
  const draft = patternDraft(whole, language);
  if (draft === null || draft.about === null) return null;
  return {
    text: whole,
    quote: text,
    draft: { ...draft, about: referent.about, entities: [...new Set([referent.about, ...draft.entities])] },
  };
}
