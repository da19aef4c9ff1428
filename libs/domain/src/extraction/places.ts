import { simplifiedHan } from '../text/fold.ts';
import { PLACE_NAMES } from './city-names.data.ts';
import { normaliseValue } from './draft.ts';

let names: ReadonlyMap<string, string> | undefined;

/** Every known name of a place with the one name it is compared by. Compiled on first use. */
function placeNames(): ReadonlyMap<string, string> {
  names ??= new Map(
    PLACE_NAMES.split(',').flatMap((entry) => {
      const [chinese = '', english = ''] = entry.trim().split('=');
      const all = english.split('/');
      return [chinese, ...all].map((name) => [name, all[0] ?? name] as const);
    }),
  );
  return names;
}

/** A place as it is compared, without the country or state said after it: 巴黎, 巴黎市 and Paris are one; a place that is not known by two names is what it was called. */
export function placeValue(place: string): string {
  const value = simplifiedHan(normaliseValue(place.split(/[,，]/u)[0] ?? place));
  const city = value.length > 2 ? value.replace(/(?<=\p{Script=Han})市$/u, '') : value;
  return placeNames().get(value) ?? placeNames().get(city) ?? city;
}

/** Whether a name is that of a well-known place. */
export const isKnownPlace = (place: string): boolean => placeNames().has(simplifiedHan(normaliseValue(place)));
