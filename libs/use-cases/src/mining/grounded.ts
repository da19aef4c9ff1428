import { analyse, type Message, queryTerms } from '@continuo/domain';

/** A word that is written large inside a sentence, or holds two digits or more. */
const NAME_OR_NUMBER = /(?<=[\p{L}\p{N},;:] )\p{Lu}[\p{L}\p{N}'’-]{2,}|\p{N}*\p{Nd}{2,}/gu;
/** Dates are worked out from when something was said, so that their parts need not stand in it. */
const OF_DATES =
  /^(?:\d{1,2}|(?:19|20)\d{2}|january|february|march|april|may|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)$/u;

/**
 * Whether a model's statement can rest on what it quotes: the quote says something ("I" does not, unless nothing else was said), and a
 * statement that shares no word with the messages it names brings no name and no number that nobody mentioned.
 *
 * @param named the messages it names.
 * @param shown everything the model was shown.
 */
export function isGrounded(
  { text, quote }: { readonly text: string; readonly quote: string },
  named: readonly Message[],
  shown: readonly Message[],
): boolean {
  if (queryTerms(quote).contentTermCount === 0 && !named.some(({ content }) => wordsOf(content) === wordsOf(quote))) return false;
  const stated = queryTerms(text).terms;
  const said = new Set(named.flatMap(({ content, roleName }) => analyse(`${roleName ?? ''} ${content}`)));
  if (stated.some((term) => said.has(term))) return true;
  const known = shown.map(({ content, roleName }) => `${roleName ?? ''} ${content}`.toLowerCase()).join('\n');
  const brought = (text.match(NAME_OR_NUMBER) ?? []).map((word) => word.toLowerCase());
  return brought.every((word) => OF_DATES.test(word) || known.includes(word));
}

const wordsOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
