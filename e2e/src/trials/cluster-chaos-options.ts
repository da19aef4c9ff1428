import type { ClusterChaosOptions } from './cluster-chaos.ts';
import { FAILURES, type FailureName } from './cluster-chaos-failures.ts';

/** As they stand on the command line. */
export interface ChaosArguments {
  readonly rounds?: string | undefined;
  readonly only?: string | undefined;
  readonly rate?: string | undefined;
  readonly users?: string | undefined;
  readonly seed?: string | undefined;
  readonly gateways?: string | undefined;
  readonly quick?: boolean | undefined;
  readonly logs?: string | undefined;
}

const LONG = { redisMs: 10_000, opensearchMs: 30_000, postgresMs: 8_000, modelMs: 20_000 } as const;
const SHORT = { redisMs: 2_000, opensearchMs: 0, postgresMs: 0, modelMs: 4_000 } as const;
/** OpenSearch and Postgres take too long to start again; deleting the index is what OpenSearch can suffer quickly. */
const QUICK: readonly FailureName[] = ['worker', 'recall', 'generation', 'gateway', 'redis', 'index', 'model'];

/** @throws Error for a failure that nobody knows or a number that is none. */
export function optionsOf(given: ChaosArguments): Omit<ClusterChaosOptions, 'say' | 'signal'> {
  const isQuick = given.quick === true;
  return {
    rounds: numberOf(given.rounds, isQuick ? 1 : 3),
    rate: numberOf(given.rate, isQuick ? 8 : 6),
    users: numberOf(given.users, isQuick ? 8 : 24),
    seed: numberOf(given.seed, 1),
    failures: failuresOf(given.only, isQuick ? QUICK : FAILURES),
    outages: isQuick ? SHORT : LONG,
    calmMs: isQuick ? 500 : 3_000,
    normalWithinMs: isQuick ? 60_000 : 300_000,
    settleMs: isQuick ? 60_000 : 240_000,
    replicas: `gateway=${numberOf(given.gateways, 1)},recall=2,generation=2,worker=2`,
    stores: isQuick ? 'beside' : 'own',
    logFile: given.logs ?? null,
  };
}

function failuresOf(text: string | undefined, usual: readonly FailureName[]): readonly FailureName[] {
  if (text === undefined) return usual;
  return text.split(',').map((name) => {
    const failure = FAILURES.find((each) => each === name.trim());
    if (failure === undefined) throw new Error(`"${name}" is no failure; known are ${FAILURES.join(', ')}`);
    return failure;
  });
}

function numberOf(text: string | undefined, usual: number): number {
  const number = text === undefined ? usual : Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new Error(`"${text}" is no positive number`);
  return number;
}
