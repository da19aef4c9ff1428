import type { Job, Queue } from 'bullmq';
import { readStoredJob, type KnownJob } from './job-settings.ts';
import type { Signals } from './signals.ts';

/** A job that failed for good. */
export interface DeadLetter {
  readonly id: string;
  readonly queue: string;
  readonly name: string;
  /** The ids that it was about. */
  readonly payload: unknown;
  readonly reason: string;
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly failedAt: number;
}

export interface Replay {
  readonly replayed: number;
  /** Left where they are: no job of this version has their name, or takes their payload. */
  readonly unknown: number;
}

const PAGE = 200;

/** Lists and replays what failed for good, whatever version it comes from. */
export class DeadLetters {
  readonly #signals: Signals;
  readonly #jobs: readonly KnownJob[];

  constructor(signals: Signals, jobs: readonly KnownJob[]) {
    this.#signals = signals;
    this.#jobs = jobs;
  }

  /** The newest first. */
  async list(queueNames: readonly string[], limit: number): Promise<readonly DeadLetter[]> {
    const letters: DeadLetter[] = [];
    for (const queueName of queueNames) {
      const jobs = await this.#signals.queueOf(queueName).getJobs(['failed'], 0, limit - 1);
      letters.push(...jobs.filter(isThere).map((job) => letterOf(queueName, job)));
    }
    return letters.sort((one, other) => other.failedAt - one.failedAt).slice(0, limit);
  }

  /** Asks for the same work anew, through its lane and with all its attempts; then the dead letter goes. */
  async replay(queueNames: readonly string[], which: string): Promise<Replay> {
    const total = { replayed: 0, unknown: 0 };
    for (const queueName of queueNames) {
      for await (const job of this.#found(queueName, which)) total[await this.#replay(job)] += 1;
    }
    return total;
  }

  /** Removes those whose payload names this subject. */
  async forget(queueNames: readonly string[], projectId: string, subject: string): Promise<number> {
    let forgotten = 0;
    for (const queueName of queueNames) {
      for await (const job of this.#found(queueName, 'all')) {
        const { project_id: project, subject: whose } = (readStoredJob(job.data).payload ?? {}) as Record<string, unknown>;
        if (project !== projectId || whose !== subject) continue;
        await job.remove();
        forgotten += 1;
      }
    }
    return forgotten;
  }

  async *#found(queueName: string, which: string): AsyncGenerator<Job> {
    const queue = this.#signals.queueOf(queueName);
    if (which === 'all') {
      yield* allFailed(queue);
      return;
    }
    const job = await queue.getJob(which);
    if (job !== undefined && (await job.isFailed())) yield job;
  }

  async #replay(bullJob: Job): Promise<keyof Replay> {
    const { payload, trace } = readStoredJob(bullJob.data);
    const job = this.#jobs.find(({ name }) => name === bullJob.name);
    const parsed = job?.payload.safeParse(payload);
    if (job === undefined || parsed?.success !== true) return 'unknown';
    await this.#signals.add(job, job.lane(parsed.data as never), parsed.data, trace);
    await bullJob.remove();
    return 'replayed';
  }
}

/** From a list of ids taken at the beginning: what fails again meanwhile is not replayed for ever. */
async function* allFailed(queue: Queue): AsyncGenerator<Job> {
  const jobs: Job[] = [];
  for (let start = 0; ; start += PAGE) {
    const page = await queue.getJobs(['failed'], start, start + PAGE - 1);
    jobs.push(...page.filter(isThere));
    if (page.length < PAGE) break;
  }
  yield* jobs;
}

/** A job may vanish between the reading of its id and its own. */
const isThere = (job: Job | undefined): job is Job => job !== undefined && job !== null;

const letterOf = (queueName: string, job: Job): DeadLetter => ({
  id: job.id ?? '',
  queue: queueName.slice(0, Math.max(0, queueName.lastIndexOf(`.${job.name}`))) || queueName,
  name: job.name,
  payload: readStoredJob(job.data).payload,
  reason: job.failedReason ?? '',
  attempts: job.attemptsMade,
  failedAt: job.finishedOn ?? job.timestamp,
});
