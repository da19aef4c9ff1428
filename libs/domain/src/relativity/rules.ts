import { tokenise } from '../text/tokens.ts';
import type { TimeWindow } from '../time/window.ts';
import { forbidsFood, type DocumentFeatures } from './document-features.ts';
import { isSaidBy, speakerOf } from './participants.ts';
import type { QueryAnalysis, RecallCandidate, RecallSignal, ScoringContext } from './types.ts';
import { ADDITIONS, RULES } from './weights.ts';

const DAY_MS = 86_400_000;

/** True when the document happened, or was said, in the window the query names. */
export function liesInWindow({ document }: Pick<RecallCandidate, 'document'>, { range, about }: TimeWindow): boolean {
  const event = document.eventTime;
  const happens = event !== null && event.from < range.to && event.to > range.from;
  const said = document.statedAt >= range.from && document.statedAt < range.to;
  if (about === 'event') return event === null ? said : happens;
  return about === 'said' ? said : happens || said;
}

export interface RuleReading {
  /** Somebody the query names is in the document. */
  readonly person: boolean;
  /** The only participant of a dialogue whom the query names. */
  readonly participant: string | null;
}

/** Factors on relativity by rule; those that change nothing are left out. */
export function ruleFactors(
  query: QueryAnalysis,
  candidate: RecallCandidate,
  features: DocumentFeatures,
  read: RuleReading,
  context: ScoringContext,
): Readonly<Record<string, number>> {
  const counts = (signal: RecallSignal): boolean => context.without?.has(signal) !== true;
  const { document } = candidate;
  const factors = {
    sameConversation: isOfConversation(candidate, context.conversationId) ? RULES.sameConversation : 1,
    recency: counts('recency') ? recencyFactor(candidate, context.now) : 1,
    outsideWindow: counts('date') ? outsideFactor(candidate, context.timeWindow) : 1,
    assistant: counts('assistant') ? assistantFactor(query, candidate) : 1,
    turn: document.kind === 'turn' ? RULES.turn : 1,
    question: counts('question') ? questionFactor(document, features) : 1,
    sameQuestion: features.key === query.key ? RULES.sameQuestion : 1,
    world: query.asksAbout === 'world' && isOfSomebody(document) ? RULES.ofTheWorld : 1,
    about: read.participant !== null && isSaidByAny(candidate) ? 1 : aboutFactor(query, candidate, features, read.person),
    lengthy: lengthFactor(features.wordCount, document.origin === 'document' ? RULES.lengthyDocumentFrom : RULES.lengthyFrom),
  };
  return Object.fromEntries(Object.entries(factors).filter(([, factor]) => factor !== 1));
}

/** Two users may well give their conversations the same name. */
const isOfConversation = ({ document, elsewhere }: RecallCandidate, conversationId: string | null): boolean =>
  conversationId !== null && document.conversationId === conversationId && elsewhere !== true;

/** Said by or about somebody; documents, tools and skills tell of the world. */
const isOfSomebody = ({ kind, origin }: RecallCandidate['document']): boolean =>
  origin !== 'document' && kind !== 'tool' && kind !== 'skill';

function recencyFactor({ document }: RecallCandidate, now: number): number {
  // A file is no fresher for having been uploaded today.
  if (document.kind === 'preference' || document.kind === 'skill' || document.origin === 'document') return 1;
  const ageDays = Math.max(0, now - document.statedAt) / DAY_MS;
  return 1 + RULES.recency * Math.exp(-ageDays / RULES.recencyDays);
}

function outsideFactor(candidate: RecallCandidate, window: TimeWindow | null): number {
  if (window === null || candidate.document.kind === 'preference') return 1;
  return liesInWindow(candidate, window) ? 1 : RULES.outsideWindow;
}

/**
 * What is added to relativity by rule, in full to what is worth something anyway and to nothing else: that the participant said it whom
 * the query names, and that it lies in the time it names. Rules that add nothing are left out.
 */
export function ruleAdditions(
  candidate: RecallCandidate,
  participant: string | null,
  context: ScoringContext,
  worth: number,
): Readonly<Record<string, number>> {
  const counts = (signal: RecallSignal): boolean => context.without?.has(signal) !== true;
  const share = Math.min(1, worth / ADDITIONS.from);
  const additions = {
    speaker: counts('speaker') && isSaidBy(candidate, participant) ? share * ADDITIONS.saidByTheNamed : 0,
    timeWindow:
      counts('date') && context.timeWindow !== null && liesInWindow(candidate, context.timeWindow) ? share * ADDITIONS.insideWindow : 0,
  };
  return Object.fromEntries(Object.entries(additions).filter(([, addition]) => addition !== 0));
}

function assistantFactor(query: QueryAnalysis, candidate: RecallCandidate): number {
  const byAssistant = candidate.document.origin === 'assistant' || candidate.document.role === 'assistant';
  if (query.asksWhatAssistantSaid) return byAssistant ? RULES.saidByAssistantAsked : RULES.saidByUserNotAsked;
  return byAssistant ? RULES.saidByAssistant : 1;
}

/** What a text supposes when it asks is not evidence about anybody. */
function questionFactor({ kind, text }: RecallCandidate['document'], { onlyAsks, wordCount }: DocumentFeatures): number {
  if (onlyAsks) return RULES.onlyAsks;
  return kind === 'turn' && wordCount < RULES.alsoAsksBelow && ASKS.test(text) ? RULES.alsoAsks : 1;
}

const ASKS = /[?？]/u;

/** A long text holds many words by chance. */
function lengthFactor(wordCount: number, from: number): number {
  return wordCount <= from ? 1 : Math.max(RULES.lengthy, 1 - RULES.lengthyStep * Math.log2(wordCount / from));
}

/** Among people talking to each other, who said it tells more than whom it names. */
const isSaidByAny = (candidate: RecallCandidate): boolean => speakerOf(candidate) !== null;

/** Whoever asks about themself does not ask about their sister, nor the other way round; advice may rest on either. */
function aboutFactor(query: QueryAnalysis, { document }: RecallCandidate, features: DocumentFeatures, person: boolean): number {
  const { about } = document;
  const named = person || (about !== null && isNamed(query, about));
  if (named) return about === null ? 1 : RULES.aboutTheNamed;
  if (!isOfSomebody(document)) return query.asksAbout === 'somebody' ? RULES.aboutNobodyNamed : 1;
  // Whoever cooks for others must know what they do not bear.
  if (query.asksAbout === 'anything' || query.asksAbout === 'world')
    return about === null || forbidsFood(features) ? 1 : RULES.aboutSomeoneElse;
  if (about !== null || features.ofOthers === 'only') return RULES.aboutTheWrongOne;
  if (query.asksAbout === 'somebody') return RULES.aboutNobodyNamed;
  return features.ofOthers === 'also' ? RULES.ofOthers : 1;
}

function isNamed(query: QueryAnalysis, about: string): boolean {
  const asked = new Set(query.clauses.flatMap((clause) => clause.slots.flatMap((slot) => [slot.form, ...slot.stems])));
  return tokenise(about).some(
    (token) =>
      asked.has(token.stem) ||
      asked.has(token.form) ||
      (token.kind === 'run' && [...asked].some((form) => form.length > 1 && token.form.includes(form))),
  );
}
