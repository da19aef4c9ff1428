import { entitiesOf } from './entities.ts';
import { chinesePlaceAt } from './chinese-places.ts';
import { placeAt } from './english-places.ts';
import { isKnownPlace } from './places.ts';

/** After these a name is that of a place. */
const ENGLISH_BEFORE_PLACE =
  /\b(?:in|near|outside|around|visit(?:s|ed|ing)?|(?:fly|flying|flew|go|going|goes|gone|went|travel(?:s|l?ed|l?ing)?|trip|drive|driving|drove|move|moved|moving|back|return(?:ed|ing)?|come|came|coming|train|bus|flight|heading|journey|tour|way) (?:back )?to|(?:arrived?|arriving|stay(?:ed|ing)?|land(?:ed|ing)?|met|meet|meeting|married|born|stop(?:ped)?) at) (?:the )?(?=\p{Lu})/gu;
const CHINESE_BEFORE_PLACE =
  /(?:去|(?<!搬|遇|看|听|想|感|得|收|找|达)到|搬到|飞往|飞|来自|离开|前往|(?<![现正还都就实存])在)(?:了|过)?(?=[\p{Script=Han}A-Z])/gu;
/** Capitalised after "in", and no place. */
const NO_PLACE =
  /^(?:January|February|March|April|May|June|July|August|September|October|November|December|Spring|Summer|Autumn|Fall|Winter|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Q[1-4]|English|Chinese|French|German|Spanish|Japanese)\b/u;

/** The places that a text names, as written. */
export function locationsIn(text: string): readonly string[] {
  const english = [...text.matchAll(ENGLISH_BEFORE_PLACE)].flatMap((match) => {
    const place =
      placeAt(text.slice(match.index + match[0].length))
        ?.split(/[,，]/u)[0]
        ?.trim() ?? '';
    return place === '' || NO_PLACE.test(place) ? [] : [place];
  });
  const chinese = [...text.matchAll(CHINESE_BEFORE_PLACE)].flatMap((match) => {
    const place = chinesePlaceAt(text.slice(match.index + match[0].length));
    return place === null ? [] : [place];
  });
  const known = [...entitiesOf(text, 'en'), ...entitiesOf(text, 'zh')].filter(isKnownPlace);
  return [...new Set([...english, ...chinese, ...known])];
}
