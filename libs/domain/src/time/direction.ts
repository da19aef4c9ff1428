import type { Direction } from './span.ts';

const FUTURE_EN =
  /\b(?:will|shall|going to|gonna|plan(?:s|ning|ned)?|book(?:ed|ing)?|reserv(?:ed|ation|e)|scheduled?|upcoming|want to|wanna|hop(?:e|ing) to|looking forward|about to|intend|tickets?|soon|due)\b|['’]ll\b|\b(?:am|are|is|['’]m|['’]re|['’]s) (?:flying|leaving|moving|starting|travell?ing|getting|having|visiting|coming|taking)\b/iu;
const PAST_EN =
  /\b(?:was|were|did|had|went|got|took|saw|met|bought|came|left|ate|drank|stayed|spent|ran|flew|drove|began|became|made|broke|lost|won|found|gave|ago|been)\b|\b\p{L}{3,}ed\b/iu;
const FUTURE_ZH = /要|会|将|打算|计划|准备|想|[定订]好|预[订定]|[订定]了|[订定]的|即将|马上|快/u;
const PAST_ZH = /了|(?<![难通经超不])过(?![敏程年节去来分])|曾|刚|当时|那时|之前|以前/u;
const SENTENCE_END = /[.!?;。！？；\n]/u;

/** Which way a sentence looks: plans win over past forms, because "I've booked" speaks of what comes. */
export function directionOf(sentence: string): Direction {
  if (FUTURE_EN.test(sentence) || FUTURE_ZH.test(sentence)) return 'future';
  if (PAST_EN.test(sentence) || PAST_ZH.test(sentence)) return 'past';
  return 'none';
}

/** How far a sentence is looked at on either side; what stands further away says nothing of a time. */
const REACH = 200;

/** The sentence around an offset, or as much of it as matters. */
export function sentenceAround(text: string, offset: number): string {
  let start = offset;
  while (start > 0 && offset - start < REACH && !SENTENCE_END.test(text.charAt(start - 1))) start -= 1;
  let end = offset;
  while (end < text.length && end - offset < REACH && !SENTENCE_END.test(text.charAt(end))) end += 1;
  return text.slice(start, end);
}

/** True where a sentence speaks of what returns ("every summer", "my birthday is"), so that no single date is meant. */
export const isRecurring = (sentence: string): boolean =>
  /\b(?:every|each|usually|always|birthday|annual(?:ly)?|yearly|weekly)\b|每|生日|通常|经常|总是|一到/iu.test(sentence);
