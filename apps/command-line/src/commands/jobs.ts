import { loadConfiguration } from '@continuo/platform';
import type { BullQueue } from '@continuo/redis';
import { said } from './findings.ts';
import { moment, type Printed, table } from './output.ts';
import { withBroker } from './with-broker.ts';
import { withRecords } from './with-records.ts';

const NO_BROKER =
  'This installation has no broker (CONTINUO_BROKER_URL), so there are no dead letters: what fails is tried again from the records, and what ' +
  'is given up is a task with the status "failed". "npx continuo mine" reads its messages again.';

/** Dead letters: jobs that failed as often as they may. What they were about stands in the records, too. */
export const failedJobs = (limit: number): Promise<Printed> =>
  withBroker(loadConfiguration(), async (broker) => {
    if (broker === null) return { value: [], lines: [NO_BROKER] };
    const letters = await asked(() => broker.failed(limit));
    if (letters.length === 0) return { value: [], lines: ['There are no dead letters.'] };
    const rows = letters.map((letter) => [
      letter.id,
      letter.name,
      moment(letter.failedAt),
      String(letter.attempts),
      JSON.stringify(letter.payload),
      letter.reason,
    ]);
    return { value: letters, lines: table([['ID', 'JOB', 'FAILED', 'ATTEMPTS', 'ABOUT', 'REASON'], ...rows]) };
  });

/** @param which the id of a dead letter, or `all`. */
export const retryJobs = (which: string): Promise<Printed> =>
  withBroker(loadConfiguration(), async (broker) => {
    if (broker === null) return { value: { replayed: 0, unknown: 0 }, lines: [NO_BROKER], failed: which !== 'all' };
    const outcome = await asked(() => broker.retry(which));
    return {
      value: outcome,
      lines: retryLines(which, outcome),
      failed: outcome.unknown > 0 || (which !== 'all' && outcome.replayed === 0),
    };
  });

function retryLines(which: string, { replayed, unknown }: { readonly replayed: number; readonly unknown: number }): readonly string[] {
  if (replayed + unknown === 0) return [which === 'all' ? 'There are no dead letters.' : `There is no dead letter ${which}.`];
  return [
    `${replayed} jobs are asked for anew.`,
    ...(unknown === 0 ? [] : [`${unknown} were left where they are: this version knows no such job.`]),
  ];
}

/** What waits: in the records, which is the truth, and in the queues of the broker. */
export const jobsDepth = (): Promise<Printed> =>
  withRecords(async (records, configuration) => {
    const { messages, oldestAgeMs } = await records.inbox.depth(Date.now());
    const outbox = await records.outbox.depth();
    const queues = await withBroker(configuration, async (broker) => (broker === null ? null : asked(() => broker.depth())));
    const stored = table([
      ['IN THE RECORDS', 'WAITING', 'OLDEST'],
      ['messages to be mined', String(messages), seconds(oldestAgeMs)],
      ['changes for the index', String(outbox), ''],
    ]);
    return {
      value: { inbox: { messages, oldestAgeMs }, outbox: { changes: outbox }, queues },
      lines: queues === null ? stored : [...stored, '', ...queueTable(queues)],
    };
  });

const queueTable = (queues: Awaited<ReturnType<BullQueue['depth']>>): readonly string[] =>
  table([
    ['JOB', 'WAITING', 'RUNNING', 'RESTING', 'FAILED', 'OLDEST'],
    ...queues.map((each) => [each.name, ...[each.waiting, each.active, each.delayed, each.failed].map(String), seconds(each.oldestAgeMs)]),
  ]);

const seconds = (ageMs: number): string => (ageMs === 0 ? '' : `${Math.round(ageMs / 1_000)} s`);

async function asked<Result>(question: () => Promise<Result>): Promise<Result> {
  try {
    return await question();
  } catch (error) {
    throw new Error(`The broker does not answer (${said(error)}). Check CONTINUO_BROKER_URL, and that Redis runs.`, { cause: error });
  }
}
