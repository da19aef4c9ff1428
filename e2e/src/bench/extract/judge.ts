import { datesIn } from './dates-in-text.ts';
import { type Dialogue, type Gold, holds, type Never } from './dialogue.ts';
import { unsaidWords } from './unsaid-words.ts';

/** A memory as the server returns it. */
export interface KeptMemory {
  readonly kind: 'fact' | 'preference' | 'event';
  readonly text: string;
  /** About the user themself, as far as the server says. */
  readonly ofUser: boolean;
  /** Marked as the assistant's view. */
  readonly isAssistantView: boolean;
}

/** What became of one dialogue. */
export interface Judgement {
  readonly dialogue: Dialogue;
  /** Gold that some memory holds. */
  readonly found: readonly Gold[];
  readonly missed: readonly Gold[];
  /** Memories that count: all but the tolerated ones. */
  readonly counted: number;
  readonly right: number;
  /** Memories that say nothing of the gold, or again what another one says. */
  readonly wrong: readonly string[];
  /** Of the wrong ones: what nothing in the user's words supports. */
  readonly invented: readonly string[];
  /** Somebody else's fact as the user's, the user's as somebody else's, the assistant's view as the user's. */
  readonly misattributed: readonly string[];
  /** Found gold with a date, and of these the ones whose memory has another date or none. */
  readonly dated: number;
  readonly misdated: readonly string[];
  /** Found preferences that were kept as facts. */
  readonly misfiled: readonly string[];
}

const fits = (memory: KeptMemory, gold: Gold): boolean => holds(memory.text, gold.terms);

/** A better partner comes first where several would do. */
const merit = (memory: KeptMemory, gold: Gold): number =>
  (isAttributedRight(memory, gold) ? 4 : 0) + (isDatedRight(memory, gold) ? 2 : 0) + (isFiledRight(memory, gold) ? 1 : 0);

const isAttributedRight = (memory: KeptMemory, gold: Gold): boolean =>
  gold.about === null ? memory.ofUser && !memory.isAssistantView : !memory.ofUser;
const isDatedRight = ({ text }: KeptMemory, { date }: Gold): boolean =>
  date === null || datesIn(text).some((read) => read.startsWith(date));
const isFiledRight = ({ kind }: KeptMemory, gold: Gold): boolean => gold.kind === null || gold.kind === kind;

/** Pairs of gold and memory, each in one pair at most and as many as there can be. */
function pairsOf(golds: readonly Gold[], memories: readonly KeptMemory[]): ReadonlyMap<Gold, KeptMemory> {
  const goldOf = new Map<KeptMemory, Gold>();
  const place = (gold: Gold, tried: Set<KeptMemory>): boolean => {
    const partners = memories.filter((memory) => fits(memory, gold)).sort((one, other) => merit(other, gold) - merit(one, gold));
    for (const memory of partners) {
      if (tried.has(memory)) continue;
      tried.add(memory);
      const holder = goldOf.get(memory);
      if (holder !== undefined && !place(holder, tried)) continue;
      goldOf.set(memory, gold);
      return true;
    }
    return false;
  };
  for (const gold of golds) place(gold, new Set());
  return new Map([...goldOf].map(([memory, gold]) => [gold, memory]));
}

const matches = (memory: KeptMemory, never: Never): boolean => holds(memory.text, never.terms) && (!never.ofUser || memory.ofUser);

/** Compares what is kept of a dialogue with what should be. */
export function judge(dialogue: Dialogue, memories: readonly KeptMemory[]): Judgement {
  const pairs = pairsOf(dialogue.gold, memories);
  const matched = new Set(pairs.values());
  // A memory that says two things finds both.
  const partners = new Map(
    dialogue.gold.map((gold) => [gold, pairs.get(gold) ?? memories.find((each) => matched.has(each) && fits(each, gold))]),
  );
  const found = dialogue.gold.filter((gold) => partners.get(gold) !== undefined);
  const unmatched = memories.filter((memory) => !matched.has(memory));
  const wrong = unmatched.filter((memory) => !isTolerated(memory, dialogue));
  const checked = (isRight: (memory: KeptMemory, gold: Gold) => boolean): readonly string[] =>
    found.flatMap((gold) => {
      const memory = partners.get(gold);
      return memory === undefined || isRight(memory, gold) ? [] : [`${gold.written} ← ${memory.text}`];
    });
  return {
    dialogue,
    found,
    missed: dialogue.gold.filter((gold) => !found.includes(gold)),
    counted: matched.size + wrong.length,
    right: matched.size,
    wrong: wrong.map(({ text }) => text),
    invented: wrong.filter((memory) => isInvented(memory, dialogue)).map(({ text }) => text),
    misattributed: [...checked(isAttributedRight), ...strangersIn(dialogue, memories, wrong)],
    dated: found.filter(({ date }) => date !== null).length,
    misdated: checked(isDatedRight),
    misfiled: checked(isFiledRight),
  };
}

/** What is marked as the assistant's view is told apart by whoever reads it. */
const isTolerated = (memory: KeptMemory, { tolerated, never, gold }: Dialogue): boolean =>
  !gold.some((each) => fits(memory, each)) &&
  !never.some((each) => matches(memory, each)) &&
  (memory.isAssistantView || tolerated.some((each) => matches(memory, each)));

/** What the user took back later was said all the same: it is wrong, but nobody made it up. */
const isInvented = (memory: KeptMemory, { never, gold, turns, trap }: Dialogue): boolean => {
  if (trap !== 'correction' && never.some((each) => matches(memory, each))) return true;
  if (gold.some((each) => fits(memory, each))) return false;
  const said = turns.filter(({ role }) => role === 'user').map(({ content }) => content);
  return unsaidWords(memory.text, said).length > 0;
};

/** Memories that make the user's what somebody else said or is. */
const strangersIn = ({ never, trap }: Dialogue, all: readonly KeptMemory[], wrong: readonly KeptMemory[]): readonly string[] => [
  ...all.filter((memory) => never.some((each) => each.ofUser && matches(memory, each))).map(({ text }) => text),
  ...(trap === 'assistant-view' ? wrong : [])
    .filter((memory) => !memory.isAssistantView && never.some((each) => matches(memory, each)))
    .map(({ text }) => text),
];
