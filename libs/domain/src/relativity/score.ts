import { liesInWindow, ruleFactors } from './rules.ts';
import { cosineMap, type ScriptPair } from './calibrations.ts';
import { coverageReader, rarityOf, type Coverage } from './coverage.ts';
import { featuresOf, isInRuns, isPlain, unpackFeatures, type DocumentFeatures } from './document-features.ts';
import { distinctSlots } from './query-analysis.ts';
import type { QueryAnalysis, RecallCandidate, ScoredCandidate, ScoreFit, ScoringContext } from './types.ts';
import { FLOORS, FUSION, SLOT_WEIGHTS } from './weights.ts';

/**
 * Gives every candidate its relativity and sorts by it, highest first; ties: newer first, then by id.
 * The same candidates get the same numbers whatever store they came from.
 */
export function scoreCandidates(
  query: QueryAnalysis,
  candidates: readonly RecallCandidate[],
  context: ScoringContext,
): readonly ScoredCandidate[] {
  const documents = candidates.map(({ document, features }) => (features ? unpackFeatures(features) : featuresOf(document)));
  const coverageIn = coverageReader(query, rarityOf(query, documents));
  const pairs = documents.map((document) => scriptPair(query, document));
  const cosinePartOf = cosineMap(context.calibration, cosinesByPair(candidates, pairs));
  const read = candidates.map((candidate, index): Read => {
    const document = documents[index] ?? featuresOf(candidate.document);
    const pair = pairs[index] ?? 'words';
    const coverage = coverageIn(document);
    const cosinePart = candidate.cosine === null ? null : cosinePartOf(candidate.cosine, pair);
    return { candidate, document, pair, coverage, cosinePart, lexicalPart: FUSION.ceiling * coverage.value ** FUSION.exponent };
  });
  const answered = closestAnswers(read);
  const slotCount = distinctSlots(query.clauses).length;
  return read
    .map((each) => scored(query, each, trustInVectorsAlone(slotCount, each, answered.get(each.pair) ?? 0), context))
    .toSorted(
      (a, b) => b.relativity - a.relativity || b.document.statedAt - a.document.statedAt || (a.document.id < b.document.id ? -1 : 1),
    );
}

function scriptPair(query: QueryAnalysis, document: DocumentFeatures): ScriptPair {
  const queryInRuns = isInRuns(query.language);
  if (queryInRuns !== document.inRuns) return 'across';
  return queryInRuns ? 'runs' : 'words';
}

function cosinesByPair(candidates: readonly RecallCandidate[], pairs: readonly ScriptPair[]): ReadonlyMap<ScriptPair, readonly number[]> {
  const cosines = new Map<ScriptPair, number[]>();
  for (const [index, { cosine }] of candidates.entries()) {
    const pair = pairs[index] ?? 'words';
    const known = cosines.get(pair);
    if (cosine === null) continue;
    if (known === undefined) cosines.set(pair, [cosine]);
    else known.push(cosine);
  }
  return cosines;
}

interface Read {
  readonly candidate: RecallCandidate;
  readonly document: DocumentFeatures;
  readonly pair: ScriptPair;
  readonly coverage: Coverage;
  readonly lexicalPart: number;
  readonly cosinePart: number | null;
}

/** For each pair of scripts the highest cosine part of a text that has the words asked for. */
function closestAnswers(read: readonly Read[]): ReadonlyMap<ScriptPair, number> {
  const closest = new Map<ScriptPair, number>();
  for (const { pair, lexicalPart, cosinePart } of read) {
    if (lexicalPart >= FUSION.answers && cosinePart !== null) closest.set(pair, Math.max(closest.get(pair) ?? 0, cosinePart));
  }
  return closest;
}

function scored(query: QueryAnalysis, read: Read, trust: number, context: ScoringContext): ScoredCandidate {
  const { candidate, document, coverage, lexicalPart, cosinePart } = read;
  const fit: ScoreFit = cosinePart === null ? 'words' : coverage.value === 0 ? 'vectors' : 'both';
  const boosts = ruleFactors(query, candidate, document, coverage.person, context);
  const factor = Object.values(boosts).reduce((product, value) => product * value, 1);
  const base = Math.max(fuse(fit, lexicalPart, cosinePart ?? 0, trust), floorOf(query, candidate, document, coverage, context));
  return {
    ...candidate,
    relativity: query.hasContent ? Math.min(1, base * factor) : 0,
    explanation: {
      coverage: coverage.value,
      lexicalPart,
      cosinePart,
      fit,
      boosts,
      matched: coverage.matched,
      lexicalRank: candidate.lexical?.rank ?? null,
      cosine: candidate.cosine,
    },
  };
}

/** Said by or of the user: what others wrote for everybody, and documents, is not theirs. */
const isOwn = ({ document, elsewhere }: RecallCandidate): boolean => elsewhere !== true && document.origin !== 'document';

/** What holds whenever its topic comes up: a preference, and what the user's body does not bear. */
const isStanding = (candidate: RecallCandidate, document: DocumentFeatures): boolean =>
  candidate.document.kind === 'preference' ||
  (candidate.document.kind === 'fact' &&
    isOwn(candidate) &&
    (isPlain(document.topics.get('allergy')) || isPlain(document.topics.get('diet'))));

/** Monotone in both parts; a missing part is not a part of 0. */
function fuse(fit: ScoreFit, lexicalPart: number, cosinePart: number, vectorsAlone: number): number {
  if (fit === 'words') return lexicalPart;
  if (fit === 'vectors') return vectorsAlone * cosinePart;
  const mixed = FUSION.stronger * Math.max(lexicalPart, cosinePart) + (1 - FUSION.stronger) * Math.min(lexicalPart, cosinePart);
  // One word in common must not make a text worth less than none.
  return Math.max(mixed, vectorsAlone * cosinePart);
}

/** The more words a query has, the more it says that a text of the same script holds none of them; and the closer long texts lie anyway. */
function trustInVectorsAlone(slotCount: number, { candidate, pair, cosinePart }: Read, answered: number): number {
  const ofTurn = candidate.document.kind === 'turn' ? FUSION.turnByVectorsAlone : 1;
  const trust = FUSION.vectorsAlone * ofTurn * ((cosinePart ?? 0) < answered ? FUSION.answeredByWords : 1);
  if (pair === 'across') return trust;
  const many = Math.max(0, slotCount - FUSION.fewSlots);
  return trust * Math.max(FUSION.leastTrust, 1 - FUSION.trustLostPerSlot * many);
}

/** What words and vectors cannot say: a standing wish whose topic comes up, a time that is all the query names, a query for everything. */
function floorOf(
  query: QueryAnalysis,
  candidate: RecallCandidate,
  document: DocumentFeatures,
  coverage: Coverage,
  context: ScoringContext,
): number {
  if (query.asksForProfile) return candidate.document.kind === 'turn' || !isOwn(candidate) ? 0 : FLOORS.profile;
  const topic = isStanding(candidate, document) ? coverage.topic() : 0;
  const standing = topic >= FLOORS.leastTopic ? FLOORS.standingTopic * topic : 0;
  return Math.max(
    standing,
    namesOnlyATime(query) && context.timeWindow !== null && liesInWindow(candidate, context.timeWindow) ? FLOORS.insideWindow : 0,
  );
}

const namesOnlyATime = (query: QueryAnalysis): boolean =>
  query.clauses.every((clause) => clause.slots.every((slot) => slot.weight <= SLOT_WEIGHTS.light));
