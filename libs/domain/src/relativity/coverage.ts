import { withWiderConcepts, type ConceptHit } from '../text/lexicon.ts';
import { ABSENT, forbidsFood, type DocumentFeatures } from './document-features.ts';
import { distinctSlots } from './query-analysis.ts';
import type { QueryAnalysis, QuerySlot } from './types.ts';
import { CLAUSES, CONCEPT_MATCH, EVIDENCE, EXCESS, LONG_QUERY, RARITY, SLOT_WEIGHTS } from './weights.ts';

export interface Coverage {
  /** Share of the query that the document answers, 0–1. */
  readonly value: number;
  /** Forms of the slots that were found, in the order of the query. */
  readonly matched: readonly string[];
  /** The best match of a slot that plainly names a topic, 0–1: whether a preference applies. */
  readonly topic: () => number;
  /** True when somebody the query names is in it. */
  readonly person: boolean;
}

/** A wife is a partner; a father is not a mother. */
const SAME_PERSON = 0.5;

type Rarity = ReadonlyMap<string, number>;

/** How far each slot of the query tells the candidates apart, `floor`–1. With few candidates everything is equally telling. */
export function rarityOf(analysis: QueryAnalysis, documents: readonly DocumentFeatures[]): Rarity {
  const trust = Math.min(1, documents.length / RARITY.full);
  const slots = distinctSlots(analysis.clauses);
  const rarities = new Map(slots.map((slot) => [slot.form, 1 - trust * (1 - slotRarity(slot, documents))]));
  const plain = slots.filter((slot) => slot.weight > SLOT_WEIGHTS.light);
  if (plain.length === 0) return rarities;
  const usual = plain.reduce((sum, slot) => sum + (rarities.get(slot.form) ?? 1), 0) / plain.length;
  // A light word is none the weightier for a topic that many memories share.
  for (const { form, weight } of slots) if (weight <= SLOT_WEIGHTS.light) rarities.set(form, Math.min(usual, rarities.get(form) ?? 1));
  return rarities;
}

function slotRarity(slot: QuerySlot, documents: readonly DocumentFeatures[]): number {
  const holding = documents.filter((document) => exactMatch(slot, document) === 1).length;
  const rarity = Math.log((documents.length + 1) / (holding + 0.5)) / Math.log(documents.length + 2);
  return Math.min(1, Math.max(RARITY.floor, rarity));
}

/** Reads documents for one query. */
export interface CoverageReader {
  /** How far each slot of the query is in the document, 0–1. */
  readonly matchesIn: (document: DocumentFeatures) => readonly number[];
  /** How much of the query the document answers, of the whole of it or of its best clause when that has enough to say. */
  readonly coverageOf: (document: DocumentFeatures, own: readonly number[], around: readonly number[]) => Coverage;
}

export function coverageReader(analysis: QueryAnalysis, rarity: Rarity): CoverageReader {
  const slots = distinctSlots(analysis.clauses);
  const weights = slots.map((slot) => slot.weight * (rarity.get(slot.form) ?? 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const needed = all <= LONG_QUERY.from ? all : Math.sqrt(LONG_QUERY.from * Math.min(all, LONG_QUERY.talk));
  const talk = talkOf(slots);
  const plainTopics = slots.filter(isPlainTopic);
  const places = new Map(slots.map((slot, index) => [slot.form, index]));
  const clauses = analysis.clauses.map((clause) => clauseOf(clause.slots, places, weights));
  const matchesIn = (document: DocumentFeatures): readonly number[] => {
    const chance = talk === 0 ? 1 : lengthShare(document);
    return slots.map((slot) => chance * slotMatch(slot, document, 1 - talk * (1 - LONG_QUERY.topics)));
  };
  const coverageOf = (document: DocumentFeatures, own: readonly number[], matches: readonly number[]): Coverage => {
    const met = sumOf(matches, (match, index) => match * (weights[index] ?? 0));
    const whole = met === 0 ? 0 : tapered(met / needed);
    const evidence = sumOf(matches, (match, index) => match * (slots[index]?.weight ?? 0));
    const share = met === 0 ? 0 : combine(whole, clauses, matches, weights);
    return {
      value: share * Math.min(1, EVIDENCE.least + EVIDENCE.slope * evidence),
      matched: slots.filter((_, index) => (own[index] ?? 0) > 0).map((slot) => slot.form),
      person: slots.some((slot, index) => slot.isPerson && (own[index] ?? 0) >= SAME_PERSON),
      topic: () => Math.max(0, ...plainTopics.map((slot) => appliesTo(slot, document))),
    };
  };
  return { matchesIn, coverageOf };
}

/** How far a query is talk, 0–1: a history pasted as a query, not a question. */
export function talkOf(slots: readonly QuerySlot[]): number {
  const weight = slots.reduce((sum, slot) => sum + slot.weight, 0);
  return Math.max(0, Math.min(1, weight / LONG_QUERY.talk - 1));
}

const lengthShare = ({ wordCount }: DocumentFeatures): number =>
  1 / (1 - LONG_QUERY.length + LONG_QUERY.length * Math.max(0.5, Math.min(2, wordCount / LONG_QUERY.usualWords)));

const tapered = (share: number): number => (share <= 1 ? share : 1 + EXCESS * (share - 1));

const sumOf = (values: readonly number[], of: (value: number, index: number) => number): number =>
  values.reduce((sum, value, index) => sum + (value === 0 ? 0 : of(value, index)), 0);

interface Clause {
  /** Places of its slots among all. */
  readonly places: readonly number[];
  /** What a full match of it counts, over its weight. */
  readonly share: number;
}

function clauseOf(slots: readonly QuerySlot[], places: ReadonlyMap<string, number>, weights: readonly number[]): Clause {
  const own = slots.map((slot) => places.get(slot.form) ?? 0);
  // Weighed without rarity: how much a clause says does not hang on what else is remembered.
  const says = Math.min(1, slots.reduce((sum, slot) => sum + slot.weight, 0) / CLAUSES.enough);
  const weight = own.reduce((sum, place) => sum + (weights[place] ?? 0), 0);
  return { places: own, share: (CLAUSES.least + (1 - CLAUSES.least) * says) / weight };
}

function combine(whole: number, clauses: readonly Clause[], matches: readonly number[], weights: readonly number[]): number {
  if (clauses.length < 2) return whole;
  const shares = clauses.map(
    ({ places, share }) =>
      share *
      sumOf(
        places.map((place) => (matches[place] ?? 0) * (weights[place] ?? 0)),
        (met) => met,
      ),
  );
  const best = Math.max(whole, Math.max(...shares) * Math.min(1, CLAUSES.few / clauses.length));
  return best + Math.max(0, 1 - best) * CLAUSES.whole * whole;
}

const isPlainTopic = (slot: QuerySlot): boolean => slot.concepts.some((hit) => !hit.weak);

/** How well a document about a kind of thing fits a query about the kind, or about one of the kind; what one must not eat fits all food. */
function appliesTo(slot: QuerySlot, document: DocumentFeatures): number {
  const { topics } = document;
  if (exactMatch(slot, document) === 1) return 1;
  const asked = slot.concepts.filter((hit) => !hit.weak);
  const kinds = asked.filter((hit) => hit.role === 'case').flatMap((hit) => withWiderConcepts(hit.concept));
  const ofKind = Math.max(0, ...kinds.map((concept) => topics.get(concept)?.name ?? 0));
  const isEdible = asked.some((hit) => withWiderConcepts(hit.concept).includes('food'));
  const forbids = isEdible && forbidsFood(document) ? 1 : 0;
  return Math.max(
    ...[0, ...asked.map((hit) => hitMatch(hit, slot.kind === 'run', topics))],
    Math.max(ofKind, forbids) * CONCEPT_MATCH.caseToStanding,
  );
}

function slotMatch(slot: QuerySlot, document: DocumentFeatures, topics: number): number {
  const exact = exactMatch(slot, document);
  return exact === 1 ? 1 : Math.max(exact, topics * topicMatch(slot, document));
}

function exactMatch(slot: QuerySlot, document: DocumentFeatures): number {
  if (slot.kind === 'run') return runMatch(slot.form, document.runs);
  if (slot.stems.length === 0) return 0;
  // "old" is not "how old", nor "live" a living: where a function word makes the meaning, only the phrase has it.
  if (slot.phrase !== null) return document.phrases.has(slot.phrase) ? 1 : 0;
  const found = slot.stems.reduce((count, stem) => count + Number(document.stems.has(stem)), 0);
  if (found === slot.stems.length) return 1;
  if (slot.stems.length === 1 && slot.parts.length === 0) return 0;
  // Half of "hotel brand" is something; half of "New York" or "National Day" is something else.
  if (slot.concepts.some((hit) => hit.role === 'case')) return 0;
  const foundParts = slot.parts.filter((part) => document.stems.has(part)).length;
  if (slot.parts.length > 0 && foundParts === slot.parts.length) return 1;
  const share = Math.max(found / slot.stems.length, slot.parts.length === 0 ? 0 : foundParts / slot.parts.length);
  return CONCEPT_MATCH.partial * share;
}

/** The run itself, or of a long one the share of its character pairs. */
function runMatch(form: string, runs: string): number {
  if (runs.includes(form)) return 1;
  if (form.length < 3) return 0;
  const pairs = Array.from({ length: form.length - 1 }, (_, index) => form.slice(index, index + 2));
  return (CONCEPT_MATCH.partial * pairs.filter((pair) => runs.includes(pair)).length) / pairs.length;
}

function topicMatch(slot: QuerySlot, document: DocumentFeatures): number {
  return Math.max(
    0,
    ...slot.concepts.map((hit) => (hit.weak ? CONCEPT_MATCH.weak : 1) * hitMatch(hit, slot.kind === 'run', document.topics)),
  );
}

function hitMatch(hit: ConceptHit, inRun: boolean, topics: DocumentFeatures['topics']): number {
  const { name, caseInRun, caseInWords } = topics.get(hit.concept) ?? ABSENT;
  if (hit.role === 'case') {
    const [near, across] = inRun ? [caseInRun, caseInWords] : [caseInWords, caseInRun];
    return Math.max(name * CONCEPT_MATCH.caseToName, near * CONCEPT_MATCH.caseToCase, across * CONCEPT_MATCH.caseAcrossScripts);
  }
  const wider = Math.max(
    0,
    ...withWiderConcepts(hit.concept)
      .slice(1)
      .map((id) => topics.get(id)?.name ?? 0),
  );
  return Math.max(
    Math.max(caseInRun, caseInWords) * CONCEPT_MATCH.nameToCase,
    name * CONCEPT_MATCH.nameToName,
    wider * CONCEPT_MATCH.nameToWider,
  );
}
