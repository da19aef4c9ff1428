import { draft, slot, type Draft, type DraftRule } from './draft.ts';
import { isFood, preferenceThing } from './things.ts';

const ADVERB =
  '(?:\\s+(?:really|absolutely|also|always|just|truly|generally|usually|personally|totally|especially|particularly|still|now|actually|do|very much|simply|both|mainly|mostly|usually|strongly|honestly|kind of|completely))*';
/** What follows the thing that is liked and is no part of its name. */
const AFTER =
  /\s*(?:[,;(–—]|\s(?:because|but|when|whenever|since|so|for|again|now|these days|any ?more|any longer|at all|a lot|very much|so much|too|as well|to me|with me|from now on|please|more than|over|rather than|instead of|while|especially|although|though|who|which|that|if|after|before|on (?:weekends?|sundays?|saturdays?|fridays?|mondays?)|in the (?:morning|evening|summer|winter|afternoon)|every|than|the most|best|such as|like|and (?:I|we|my))\b).*$/iu;
const REASON =
  /\s*(?:[,;(–—]\s*)?(?:because|but|especially|since|so|when|which|who|as|though|although|while|instead|please|too|and (?:I|we|my))\b.*$/iu;
const NO_THING =
  /^(?:then|now|so|too|to go|you|your|it|its|that|this|these|those|them|him|her|they|he|she|me|us|my|our|how|what|when|where|who|why|the (?:way|idea|sound|look|first|second|third|last|one|other|fact|suggestion|answer|list|plan|option)|everything|anything|nothing|something|one|to (?:know|see|hear|say|ask|think|help|share|talk|add|mention|learn more)|both|either|all (?:of|that|this))\b/iu;
/** Where a plain word that looks like a thing is only a turn of speech. */
const LONGEST_THING_WORDS = 7;

function preferenceOf(phrase: string, value: string, negated = false): Draft | null {
  const thing = phrase.replace(AFTER, '').trim();
  if (thing === '' || NO_THING.test(thing) || thing.split(/\s+/u).length > LONGEST_THING_WORDS) return null;
  // Several things at once fill no slot: each could be taken back alone.
  if (/,\s*\p{L}/u.test(phrase.replace(REASON, '')) || /\s(?:and|or)\s/iu.test(thing))
    return draft({ kind: 'preference', negated, spheres: ['preference'] });
  const key = preferenceThing(thing);
  return key === '' ? null : preferenceSlot(key, value, negated);
}

const preferenceSlot = (key: string, value: string, negated: boolean): Draft =>
  draft({ kind: 'preference', topicKey: `preference.${key}`, topicValue: value, negated, spheres: ['preference'] });

const LANGUAGES: Readonly<Record<string, string>> = {
  english: 'en',
  chinese: 'zh',
  mandarin: 'zh',
  french: 'fr',
  german: 'de',
  spanish: 'es',
  italian: 'it',
  japanese: 'ja',
  korean: 'ko',
  portuguese: 'pt',
  russian: 'ru',
  dutch: 'nl',
  arabic: 'ar',
};
const LANGUAGE = `(?<language>${Object.keys(LANGUAGES).join('|')})`;
const languageDraft = (group: (name: string) => string): Draft =>
  slot('language.answer', LANGUAGES[group('language').toLowerCase()] ?? group('language'), {
    kind: 'preference',
    spheres: ['language.answer'],
  });

const DIETS = 'vegetarian|vegan|pescatarian|pescetarian|lactose[- ]intolerant|gluten[- ]free|halal|kosher|celiac|coeliac';

const STANDING: readonly DraftRule[] = [
  {
    pattern: new RegExp(
      `\\b(?:always|from now on|in (?:the )?future)\\b.*\\b(?:answer|reply|respond|write|speak|talk)\\b.*\\bin ${LANGUAGE}\\b`,
      'iu',
    ),
    make: languageDraft,
  },
  {
    pattern: new RegExp(
      `\\b(?:answer|reply|respond|write|speak|talk)\\b.*\\bin ${LANGUAGE}\\b.*\\b(?:always|from now on|in (?:the )?future|every time)\\b`,
      'iu',
    ),
    make: languageDraft,
  },
  {
    pattern: new RegExp(
      `^I (?:would )?prefer (?:to (?:chat|talk|speak|communicate|get answers?)|answers?|replies|responses|you to (?:answer|reply|respond)) in ${LANGUAGE}\\b`,
      'iu',
    ),
    make: languageDraft,
  },
  {
    pattern:
      /^(?:from now on,? |in (?:the )?future,? |please |also |so )*(?:never|don['’]t(?: ever)?|do not(?: ever)?|stop|no more|avoid) (?:suggest(?:ing|ions? (?:of|for|with))?|recommend(?:ing|ations? (?:of|for|with))?|offer(?:ing)?|propos(?:e|ing)|giv(?:e|ing) me|show(?:ing)? me|send(?:ing)? me|recipes? with|includ(?:e|ing)|us(?:e|ing)|mention(?:ing)?) (?:me )?(?:any |anything with )?(?<thing>.+?)(?: to me| for me| in your (?:answers|replies))?(?: again| any ?more| ever| please| from now on)*$/iu,
    make: (group) => preferenceOf(group('thing'), 'avoid'),
  },
  {
    pattern:
      /^(?:please |but |and )*no (?!problem|worries|idea|thanks?|need|way|rush|hurry|more\b|longer\b|one\b|wonder|doubt|offen[cs]e|pressure)(?<thing>[\p{L} -]{3,30}?)(?: suggestions?| recommendations?)?(?: for me)?,? please$/iu,
    make: (group) => preferenceOf(group('thing'), 'avoid'),
  },
  {
    pattern: /^(?:please |from now on,? )*no (?<thing>[\p{L} -]{3,30}?)(?: for me)?(?:,? please)?(?: from now on| ever again)$/iu,
    make: (group) => preferenceOf(group('thing'), 'avoid'),
  },
  {
    pattern:
      /^(?:please |absolutely |but |and )*(?:no|nothing (?:with|containing)) (?:any )?(?<thing>[\p{L} -]{3,30}?)(?:,? (?:for (?:me|us)|ever|at all))(?:,? (?:please|ever|at all))*$/iu,
    make: (group) => (isFood(preferenceThing(group('thing'))) ? preferenceOf(group('thing'), 'avoid') : null),
  },
  {
    pattern: /^(?:from now on,? |in (?:the )?future,? )(?:please )?(?<rule>(?:always |only |never |don['’]t |do not )?\p{L}+ .+)/iu,
    make: (group) =>
      /^(?:I|we|my|our|he|she|they|it|the|you|there)\b/iu.test(group('rule'))
        ? null
        : draft({ kind: 'preference', spheres: ['preference'] }),
  },
  {
    pattern:
      /^(?:please )?(?:always|never) (?<rule>(?:answer|reply|respond|use|give|keep|include|start|end|write|add|explain|call|address|cite|show|be|ask|check|format|put|greet|speak)\b.+)/iu,
    make: () => draft({ kind: 'preference', spheres: ['preference'] }),
  },
];

const SPOKEN_STYLE =
  /^(?:please )?keep (?:the |all )?(?:answers|replies|responses|explanations) (?:\p{L}+)(?: and \p{L}+)?(?:,? please)?$/iu;

const REVERSALS: readonly DraftRule[] = [
  {
    pattern:
      /^(?<thing>(?!(?:the|that|this|it|which|everything|all)\b)\p{L}+(?:[ -]\p{L}+){0,2}?) (?:is|are)(?: now| actually| totally| perfectly)? (?:fine|ok|okay|good|all right|alright|allowed)(?: (?:again|now|with me|for me|by me|after all|these days))+$/iu,
    make: (group) => preferenceOf(group('thing'), 'allow'),
  },
  {
    pattern:
      /^you (?:can|may) (?:now )?(?:suggest|recommend|offer|include|mention|use|give me) (?<thing>.+?)(?: to me| for me)?(?: (?:again|now|any ?time))+$/iu,
    make: (group) => preferenceOf(group('thing'), 'allow'),
  },
  {
    pattern: /^I (?:do |can |did start to |started to )?(?:eat|drink) (?<thing>.+?)(?: (?:again|now|these days))+$/iu,
    make: (group) => preferenceOf(group('thing'), 'allow'),
  },
  {
    pattern: /^I(?:['’]ve| have)? started (?:eating|drinking|liking|enjoying) (?<thing>.+?)(?: (?:again|now|these days|recently))*$/iu,
    make: (group) => preferenceOf(group('thing'), 'allow'),
  },
  { pattern: /^I (?:don['’]t|do not) mind (?<thing>.+)/iu, make: (group) => preferenceOf(group('thing'), 'allow') },
];

const LIKES: readonly DraftRule[] = [
  {
    pattern:
      /^(?:I['’]m|I am|we['’]re|we are)(?<no>(?: no longer| not)?)(?: an?| both| all| strictly| a strict| now| mostly| currently| a lifelong| also| still)* (?<diet>DIET)s?\b/iu,
    make: (group, clause) =>
      slot('diet', group('diet').replace(' ', '-'), {
        kind: 'preference',
        negated: group('no') !== '' || /\bany ?more\b/iu.test(clause),
        spheres: ['diet', 'food'],
      }),
  },
  {
    pattern: /^my (?:all-time |absolute )?favou?rite (?<what>[\p{L} ]{2,30}?) (?:is|are|has always been|has to be) (?<value>.+)/iu,
    make: (group) =>
      slot(`preference.favorite.${group('what').toLowerCase()}`, group('value').replace(AFTER, ''), {
        kind: 'preference',
        spheres: ['preference'],
      }),
  },
  {
    pattern: new RegExp(
      `^(?:I|we)${ADVERB} (?:no longer (?:like|love|enjoy|prefer|eat|drink|want)|(?:don['’]t|do not|didn['’]t)${ADVERB} (?:like|love|enjoy|care for|fancy|want)(?: any)?|dislike|hate|detest|despise|loathe|can['’]?t stand|cannot stand|can['’]t bear|am not (?:a (?:big )?fan of|into|fond of)|stopped (?:liking|enjoying)) (?<thing>.+)`,
      'iu',
    ),
    make: (group, clause) =>
      /\bwant\b/iu.test(clause) ? null : preferenceOf(group('thing'), 'dislike', /\bno longer\b|\bany ?more\b|stopped/iu.test(clause)),
  },
  {
    pattern:
      /^I(?:['’]m| am) not(?: really| particularly| at all)? (?:a (?:big |huge )?fan of|into|fond of|keen on|interested in) (?<thing>.+)/iu,
    make: (group) => preferenceOf(group('thing'), 'dislike'),
  },
  {
    pattern: new RegExp(
      `^(?:I|we)${ADVERB} (?:avoid|never (?:eat|drink|have|watch|order|use)|(?:don['’]t|do not|can['’]?t|cannot) (?:eat|drink|tolerate)|stopped (?:eating|drinking)|gave up) (?<thing>.+)`,
      'iu',
    ),
    make: (group) =>
      /^(?:alcohol|smoking)$/iu.test(group('thing')) ? preferenceOf(group('thing'), 'avoid') : preferenceOf(group('thing'), 'avoid'),
  },
  {
    pattern: new RegExp(`^(?:I|we)${ADVERB} prefer (?<thing>.+?)(?: (?:to|over|rather than|instead of) .+)?$`, 'iu'),
    make: (group) => preferenceOf(group('thing'), 'like'),
  },
  {
    pattern: new RegExp(`^(?:I|we)${ADVERB} (?:love|adore|like|enjoy)(?! to (?:think|know|say|ask|see if))(?: to)? (?<thing>.+)`, 'iu'),
    make: (group) => preferenceOf(group('thing'), 'like'),
  },
  {
    pattern:
      /^(?:I['’]m|I am)(?: really| also| very| quite| totally| super)* (?:a (?:big |huge |massive |great )?fan of|into|fond of|obsessed with|crazy about|keen on|passionate about) (?<thing>.+)/iu,
    make: (group) => preferenceOf(group('thing'), 'like'),
  },
];

/** Explicit preferences in English; standing wishes and changes of mind before plain likes. */
export const ENGLISH_PREFERENCES: readonly DraftRule[] = [
  ...STANDING,
  { pattern: SPOKEN_STYLE, make: () => draft({ kind: 'preference', spheres: ['preference'] }) },
  ...REVERSALS,
  ...LIKES.map((rule) => ({ ...rule, pattern: new RegExp(rule.pattern.source.replace('DIET', DIETS), rule.pattern.flags) })),
];
