import { SLOT_KEYS, SPHERES } from './concepts.data.ts';

const byId = new Map(SPHERES.map((sphere) => [sphere.id, sphere]));

/** Words in both languages by which a statement should be found, from its own words and from the spheres it is known to belong to. */
export function keyPhrasesFor(text: string, spheres: readonly string[], topicKey: string | null): readonly string[] {
  const seen = SPHERES.filter((sphere) => sphere.english.test(text) || sphere.chinese.test(text)).map((sphere) => sphere.id);
  const ids = [...new Set([...spheres, ...seen, ...(topicKey === null ? [] : [topicKey])])];
  return [...new Set(ids.flatMap((id) => byId.get(id)?.keys ?? SLOT_KEYS[id] ?? []))];
}
