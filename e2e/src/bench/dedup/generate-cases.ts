import { randomFrom } from '../../trials/random.ts';
import type { DedupCase, Family } from './case.ts';
import { CHINESE } from './chinese-phrasebook.ts';
import { ENGLISH } from './english-phrasebook.ts';
import { Maker, type Made } from './make-case.ts';

/** Cases of each family in a thousand. */
const IN_A_THOUSAND: Readonly<Record<Family, number>> = {
  repeat: 70,
  variant: 140,
  paraphrase: 120,
  subset: 60,
  superset: 60,
  negation: 50,
  'other person': 50,
  number: 45,
  date: 35,
  unit: 35,
  'used to': 40,
  'two items': 50,
  supersession: 80,
  drift: 50,
  'late arrival': 45,
  intervals: 20,
  'equal times': 15,
  deletion: 25,
  'one of two erased': 10,
};

/** Seeds that differ little must not begin alike. */
const SEED_STRIDE = 7_919;

/** Cases in English and Chinese by turns, the same for the same seed; those of a family stand together nowhere. */
export function generateCases(seed: number, count: number): readonly DedupCase[] {
  const random = randomFrom(seed * SEED_STRIDE);
  const makers = [new Maker(ENGLISH, random), new Maker(CHINESE, random)] as const;
  const made: Made[] = Object.entries(IN_A_THOUSAND).flatMap(([family, share]) =>
    Array.from({ length: Math.max(2, Math.round((count * share) / 1_000)) }, (_, index) =>
      makers[index % 2 === 0 ? 0 : 1].make(family as Family),
    ),
  );
  return shuffled(made, random).map((each, number) => ({ ...each, number }));
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
