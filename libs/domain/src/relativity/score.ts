import { liesInWindow, ruleAdditions, ruleFactors } from './rules.ts';
import { cosineMap, type ScriptPair } from './calibrations.ts';
import { coverageReader, rarityOf, talkOf, type Coverage } from './coverage.ts';
import { featuresOf, isInRuns, isPlain, unpackFeatures, type DocumentFeatures } from './document-features.ts';
import { matchesAround, oddsAround, type Surroundings, surroundingsOf } from './neighbours.ts';
import { participantNamed, repliesRaised } from './participants.ts';
import { distinctSlots } from './query-analysis.ts';
import { isWish } from './query-patterns.ts';
import type { QueryAnalysis, RecallCandidate, ScoredCandidate, ScoreFit, ScoringContext } from './types.ts';
import { FLOORS, FUSION, HIGH, SLOT_WEIGHTS } from './weights.ts';

/**
 * Gives every candidate its relativity and sorts by it, highest first; ties: newer first, then by id.
 * The same candidates get the same numbers whatever store they came from.
 */
export function scoreCandidates(
  query: QueryAnalysis,
  candidates: readonly RecallCandidate[],
  context: ScoringContext,
): readonly ScoredCandidate[] {
  const without = context.without ?? NOTHING_LEFT_OUT;
  const surroundings = surroundingsOf(candidates);
  const read = readCandidates(query, candidates, context, without.has('neighbours') ? null : surroundings);
  const answered = closestAnswers(read);
  const slotCount = distinctSlots(query.clauses).length;
  const participant = participantNamed(query, candidates);
  const judged = read.map((each) =>
    judge(query, each, trustInVectorsAlone(slotCount, each, answered.get(each.pair) ?? 0), participant, context),
  );
  const worths = judged.map(({ worth }) => worth);
  const replies = without.has('reply') ? [] : repliesRaised(candidates, worths, surroundings);
  return read
    .map((each, index) => scored(query, each, judged[index] ?? NOTHING, replies[index] ?? 0))
    .toSorted(
      (a, b) => b.relativity - a.relativity || b.document.statedAt - a.document.statedAt || (a.document.id < b.document.id ? -1 : 1),
    );
}

const NOTHING_LEFT_OUT: ReadonlySet<string> = new Set();

/** What words and vectors say of each candidate. @param surroundings null: each stands for itself. */
function readCandidates(
  query: QueryAnalysis,
  candidates: readonly RecallCandidate[],
  { calibration, without = NOTHING_LEFT_OUT }: ScoringContext,
  surroundings: Surroundings | null,
): readonly Read[] {
  const documents = candidates.map(({ document, features }) => (features ? unpackFeatures(features) : featuresOf(document)));
  const reader = coverageReader(query, rarityOf(query, documents));
  const own = documents.map((document) => reader.matchesIn(document));
  const around = surroundings === null ? own : matchesAround(own, surroundings);
  const pairs = documents.map((document) => scriptPair(query, document));
  const cosinePartOf = cosineMap(calibration, cosinesByPair(candidates, pairs));
  const cosineParts = candidates.map(({ cosine }, index) =>
    cosine === null || without.has('vectors') ? null : cosinePartOf(cosine, pairs[index] ?? 'words'),
  );
  const odds = cosineParts.map((part) => (part === null ? null : Math.log(part / (1 - part))));
  const meant = surroundings === null ? odds : oddsAround(odds, surroundings);
  const perFold = vectorsSay(query);
  return candidates.map((candidate, index): Read => {
    const document = documents[index] ?? featuresOf(candidate.document);
    const [alone, inContext] = [own[index] ?? [], around[index] ?? []];
    const coverage = reader.coverageOf(document, alone, inContext);
    const lexicalPart = without.has('words') ? 0 : lexicalPartOf(coverage);
    return {
      candidate,
      document,
      pair: pairs[index] ?? 'words',
      coverage,
      lexicalPart,
      fromNeighbours: lexicalPart === 0 || inContext === alone ? 0 : lexicalPart - lexicalPartOf(reader.coverageOf(document, alone, alone)),
      cosinePart: cosineParts[index] ?? null,
      nearness: perFold * Math.max(-FUSION.folds, Math.min(FUSION.folds, meant[index] ?? 0)),
    };
  });
}

const lexicalPartOf = ({ value }: Coverage): number => FUSION.ceiling * value ** FUSION.exponent;

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
  /** How much of it rests on the words around a turn. */
  readonly fromNeighbours: number;
  readonly cosinePart: number | null;
  /** What vectors add to the words or take from them: its own, and what they say of the turns around it. */
  readonly nearness: number;
}

/** For each pair of scripts the highest cosine part of a text that has the words asked for. */
function closestAnswers(read: readonly Read[]): ReadonlyMap<ScriptPair, number> {
  const closest = new Map<ScriptPair, number>();
  for (const { pair, lexicalPart, cosinePart } of read) {
    if (lexicalPart >= FUSION.answers && cosinePart !== null) closest.set(pair, Math.max(closest.get(pair) ?? 0, cosinePart));
  }
  return closest;
}

/** What a candidate is worth by itself, and why. */
interface Judged {
  /** From 0; not yet squeezed below 1. */
  readonly worth: number;
  readonly fit: ScoreFit;
  readonly boosts: Readonly<Record<string, number>>;
}
const NOTHING: Judged = { worth: 0, fit: 'words', boosts: {} };

function judge(query: QueryAnalysis, read: Read, trust: number, participant: string | null, context: ScoringContext): Judged {
  const { candidate, document, coverage, lexicalPart, cosinePart } = read;
  const fit: ScoreFit = cosinePart === null ? 'words' : lexicalPart === 0 ? 'vectors' : 'both';
  const boosts = ruleFactors(query, candidate, document, { person: coverage.person, participant }, context);
  const factor = Object.values(boosts).reduce((product, value) => product * value, 1);
  const base = Math.max(fuse(fit, read, trust), floorOf(query, candidate, document, coverage, context));
  const worth = base * factor;
  const additions = ruleAdditions(candidate, participant, context, worth);
  return { worth: Object.values(additions).reduce((sum, value) => sum + value, worth), fit, boosts: { ...boosts, ...additions } };
}

function scored(query: QueryAnalysis, read: Read, { worth, fit, boosts }: Judged, reply: number): ScoredCandidate {
  const { candidate, coverage, lexicalPart, fromNeighbours, cosinePart } = read;
  return {
    ...candidate,
    relativity: query.hasContent ? squeezed(worth + reply) : 0,
    explanation: {
      coverage: coverage.value,
      lexicalPart,
      cosinePart,
      fit,
      boosts: { ...boosts, ...(reply === 0 ? {} : { reply }), ...(fromNeighbours === 0 ? {} : { neighbours: fromNeighbours }) },
      matched: coverage.matched,
      lexicalRank: candidate.lexical?.rank ?? null,
      cosine: candidate.cosine,
    },
  };
}

/** Below 1, so that of two that answer in full the better one still comes first. */
const squeezed = (worth: number): number => (worth <= HIGH ? worth : 1 - (1 - HIGH) * Math.exp((HIGH - worth) / (1 - HIGH)));

/** Said by or of the user: what others wrote for everybody, and documents, is not theirs. */
const isOwn = ({ document, elsewhere }: RecallCandidate): boolean => elsewhere !== true && document.origin !== 'document';

/** What holds whenever its topic comes up: a preference, and what the user's body does not bear. */
const isStanding = (candidate: RecallCandidate, document: DocumentFeatures): boolean =>
  candidate.document.kind === 'preference' ||
  (candidate.document.kind === 'fact' &&
    isOwn(candidate) &&
    (isPlain(document.topics.get('allergy')) || isPlain(document.topics.get('diet'))));

/**
 * What each e-fold of the odds by vectors counts. A wish for advice shares few words with what bears on it, and talk shares some with
 * everything: there vectors tell more.
 */
function vectorsSay(query: QueryAnalysis): number {
  const { perFold, perFoldOfWish } = FUSION;
  if (isWish(query.text.slice(-LONGEST_WISH))) return perFoldOfWish;
  return perFold + (perFoldOfWish - perFold) * talkOf(distinctSlots(query.clauses));
}

/** Of a long query the end says what is wished. */
const LONGEST_WISH = 1_000;

/** Monotone in both parts; a missing part is not a part of 0. */
function fuse(fit: ScoreFit, { lexicalPart, cosinePart, nearness }: Read, vectorsAlone: number): number {
  if (fit === 'words') return lexicalPart;
  const alone = vectorsAlone * (cosinePart ?? 0);
  if (fit === 'vectors') return alone;
  // One word in common must not make a text worth less than none.
  return Math.max(alone, lexicalPart + nearness);
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
