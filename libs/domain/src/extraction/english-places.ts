import { placeValue } from './places.ts';

const STOP =
  /^(?:i|we|my|now|with|and|but|for|since|because|at|right|currently|these|this|last|next|where|which|when|as|near|by|from|in|on|to|until|after|again|too|anymore|any|no|not|alone|together|temporarily|permanently|full|part|ever|all|yesterday|today|tomorrow|recently|before|during|while|so|or|about|around|two|three|four|five|six|seven|eight|nine|ten|a|an|the|every|only|just|already|soon|later|long|instead|actually|though|if|is|was|are|who|that)$/iu;
const NO_PLACE =
  /^(?:a|an|the|my|our|his|her|their|your|this|that|these|those|it|them|here|there|fear|peace|hope|town|general|fact|case|order|time|front|bed|one|two|with|home|school|out|in|on)$/iu;
const CONNECTING = /^(?:de|del|la|le|les|da|do|of|upon|am|an|der|den)$/u;

/** The name of a place at the beginning of a text, as written; null where none stands there. */
export function placeAt(text: string): string | null {
  const tokens = text.split(/\s+/u);
  const first = tokens[0]?.replace(/[,.;:!?)]+$/u, '') ?? '';
  if (first === '' || NO_PLACE.test(first) || /^[\d\uE000]/u.test(first)) return null;
  const capitalised = /^\p{Lu}/u.test(first);
  const taken: string[] = [];
  for (const token of tokens.slice(0, 6)) {
    const bare = token.replace(/[,.;:!?)]+$/u, '');
    const fits = capitalised
      ? /^\p{Lu}/u.test(bare) || (CONNECTING.test(bare) && taken.length > 0)
      : taken.length < 3 && /^\p{L}[\p{L}'’-]*$/u.test(bare) && !STOP.test(bare);
    if (!fits) break;
    taken.push(bare);
    if (bare !== token && !/^,$/u.test(token.slice(bare.length))) break;
    if (bare !== token && !capitalised) break;
    if (bare !== token) taken[taken.length - 1] = token;
  }
  while (
    taken.length > 0 &&
    (CONNECTING.test(taken.at(-1) ?? '') ||
      (/^(?:I|Mon|Tue|Wed|Thu|Fri|Sat|Sun)/u.test(taken.at(-1) ?? '') && taken.length > 1 && /^I$/u.test(taken.at(-1) ?? '')))
  )
    taken.pop();
  const place = taken.join(' ').replace(/,$/u, '');
  return place === '' ? null : place;
}

/** The place as it is compared, without the country or state said after it. */
export const cityOf = (place: string): string => placeValue(place);
