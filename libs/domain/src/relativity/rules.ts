import { tokenise } from '../text/tokens.ts';
import type { TimeWindow } from '../time/window.ts';
import { forbidsFood, type DocumentFeatures } from './document-features.ts';
import type { QueryAnalysis, RecallCandidate, ScoringContext } from './types.ts';
import { RULES } from './weights.ts';

const DAY_MS = 86_400_000;

/** True when the document happened, or was said, in the window the query names. */
export function liesInWindow({ document }: Pick<RecallCandidate, 'document'>, { range, about }: TimeWindow): boolean {
  const event = document.eventTime;
  const happens = event !== null && event.from < range.to && event.to > range.from;
  const said = document.statedAt >= range.from && document.statedAt < range.to;
  if (about === 'event') return event === null ? said : happens;
  return about === 'said' ? said : happens || said;
}

/** Factors on relativity by rule (`person`: somebody the query names is in the document); those that change nothing are left out. */
export function ruleFactors(
  query: QueryAnalysis,
  candidate: RecallCandidate,
  features: DocumentFeatures,
  person: boolean,
  context: ScoringContext,
): Readonly<Record<string, number>> {
  const { document } = candidate;
  const factors = {
    sameConversation: isOfConversation(candidate, context.conversationId) ? RULES.sameConversation : 1,
    recency: recencyFactor(candidate, context.now),
    timeWindow: windowFactor(candidate, context.timeWindow),
    speaker: speakerFactor(query, candidate),
    turn: document.kind === 'turn' ? RULES.turn : 1,
    onlyAsks: features.onlyAsks ? RULES.onlyAsks : 1,
    sameQuestion: features.key === query.key ? RULES.sameQuestion : 1,
    world: query.asksAbout === 'world' && isOfSomebody(document) ? RULES.ofTheWorld : 1,
    about: aboutFactor(query, candidate, features, person),
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

function windowFactor(candidate: RecallCandidate, window: TimeWindow | null): number {
  if (window === null) return 1;
  if (liesInWindow(candidate, window)) return RULES.insideWindow;
  return candidate.document.kind === 'preference' ? 1 : RULES.outsideWindow;
}

function speakerFactor(query: QueryAnalysis, candidate: RecallCandidate): number {
  const byAssistant = candidate.document.origin === 'assistant' || candidate.document.role === 'assistant';
  if (query.asksWhatAssistantSaid) return byAssistant ? RULES.saidByAssistantAsked : RULES.saidByUserNotAsked;
  return byAssistant ? RULES.saidByAssistant : 1;
}

/** A long text holds many words by chance. */
function lengthFactor(wordCount: number, from: number): number {
  return wordCount <= from ? 1 : Math.max(RULES.lengthy, 1 - RULES.lengthyStep * Math.log2(wordCount / from));
}

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
