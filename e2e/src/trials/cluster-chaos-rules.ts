import type { FailureName, Occurrence } from './cluster-chaos-failures.ts';
import type { Attempt } from './cluster-chaos-request.ts';

/** How long one answer may take here; every chat has this deadline. */
export const CHAT_TIMEOUT_MS = 12_000;
/** For the way to the client and back, on a machine that has other things to do. */
const ON_THE_WAY_MS = 1_500;
/** A process that was killed is gone at once; that the others hear of it takes a moment. */
const NOTICED_AFTER_MS = 300;

/** Codes of the contract for what cannot be reached. */
const UNAVAILABLE = 50_004;

/** An occurrence and when everything was as before. */
export interface Observed extends Occurrence {
  readonly normalAt: number;
  /** What was still not as before when the waiting ended; null: nothing. */
  readonly missing: string | null;
}

type Rule = (attempt: Attempt, occurrence: Observed) => string | null;

/** What was promised and not kept while things failed, in words. */
export function brokenPromises(occurrences: readonly Observed[], attempts: readonly Attempt[]): readonly string[] {
  const always = attempts.flatMap((attempt) => told('at any time', attempt, inContract(attempt)));
  const calm = attempts
    .filter((attempt) => occurrences.every((each) => !overlaps(attempt, each)))
    .flatMap((attempt) => told('in calm', attempt, answered(attempt)));
  const failing = occurrences.flatMap((occurrence) =>
    attempts
      .filter((attempt) => overlaps(attempt, occurrence))
      .flatMap((attempt) =>
        RULES[occurrence.failure].flatMap((rule) =>
          told(`${occurrence.failure} ${occurrence.round + 1}`, attempt, rule(attempt, occurrence)),
        ),
      ),
  );
  const lasting = occurrences.flatMap(({ failure, round, missing }) => (missing === null ? [] : [`${failure} ${round + 1}: ${missing}`]));
  return [...lasting, ...always, ...calm, ...failing];
}

/** Whether an attempt was under way while an occurrence lasted. */
export const overlaps = (attempt: Attempt, { from, normalAt }: Observed): boolean => attempt.endedAt >= from && attempt.sentAt <= normalAt;

const told = (when: string, attempt: Attempt, broken: string | null): readonly string[] =>
  broken === null
    ? []
    : [`${when}: ${attempt.kind} ${new Date(attempt.sentAt).toISOString()} ${attempt.endedAt - attempt.sentAt} ms: ${broken}`];

/** Refusals come in the envelope, and nobody waits for longer than the deadline. */
function inContract(attempt: Attempt): string | null {
  if (attempt.outcome === 'timeout') return 'never answered';
  if (attempt.outcome === 'refused' && attempt.code === null) return `status ${attempt.status} without an envelope`;
  const isLate = attempt.kind === 'chat' && attempt.endedAt - attempt.sentAt > CHAT_TIMEOUT_MS + ON_THE_WAY_MS;
  return isLate ? 'later than its deadline' : null;
}

const answered = (attempt: Attempt): string | null => (attempt.outcome === 'ok' ? null : `expected 200, got ${outcomeOf(attempt)}`);

const addsAnswered: Rule = (attempt) => (attempt.kind === 'add' ? answered(attempt) : null);

/** Without the index every explained chat says so. */
const saysDegraded: Rule = (attempt, occurrence) => {
  if (attempt.kind !== 'chat' || !attempt.isExplained || attempt.outcome !== 'ok' || !isWholly(attempt, occurrence)) return null;
  const { recall } = attempt;
  if (recall === null) return 'not explained';
  return (recall.state === 'degraded' || recall.state === 'timeout') && recall.missingArms.includes('words')
    ? null
    : `expected a degraded recall, got ${recall.state} without [${recall.missingArms.join(', ')}]`;
};

/** The model that stands in answers; without it the chat is refused as the contract has it. */
const modelRule: Rule = (attempt, occurrence) => {
  if (attempt.kind !== 'chat' || !isWholly(attempt, occurrence)) return null;
  if (attempt.endedAt <= (occurrence.spareAwayFrom ?? occurrence.awayTo)) {
    if (attempt.outcome !== 'ok') return answered(attempt);
    return attempt.answer.startsWith('The spare model') ? null : 'not answered by the model that stands in';
  }
  if (attempt.sentAt < (occurrence.spareAwayFrom ?? Number.POSITIVE_INFINITY)) return null;
  return isUnavailable(attempt) ? null : `expected 503 ${UNAVAILABLE}, got ${outcomeOf(attempt)}`;
};

/** While Postgres is away nothing is accepted. */
const postgresRule: Rule = (attempt, occurrence) => {
  if (attempt.kind !== 'add' || !isWholly(attempt, occurrence)) return null;
  return isUnavailable(attempt) ? null : `expected 503 ${UNAVAILABLE}, got ${outcomeOf(attempt)}`;
};

const RULES: Readonly<Record<FailureName, readonly Rule[]>> = {
  worker: [answered],
  recall: [answered],
  generation: [addsAnswered],
  gateway: [],
  redis: [answered],
  opensearch: [answered, saysDegraded],
  index: [answered],
  postgres: [postgresRule],
  model: [addsAnswered, modelRule],
};

const isWholly = ({ sentAt, endedAt }: Attempt, { awayFrom, awayTo }: Occurrence): boolean =>
  sentAt >= awayFrom + NOTICED_AFTER_MS && endedAt <= awayTo;

const isUnavailable = ({ outcome, status, code }: Attempt): boolean => outcome === 'refused' && status === 503 && code === UNAVAILABLE;

/** In words. */
export const outcomeOf = ({ outcome, status, code }: Attempt): string =>
  outcome === 'refused' ? `${status} ${code ?? 'without an envelope'}` : outcome;
