import { openBullQueue } from '../src/queue/bull-queue.ts';
import { job } from './job.ts';

/** A worker process to be killed: says what it begins, and never ends it. */
const [url = '', prefix = '', lockMs = ''] = process.argv.slice(2);
const queue = openBullQueue({ url, prefix, onFailure: () => undefined, lockMs: Number(lockMs) });
queue.handle(
  job,
  (payload) => {
    process.stdout.write(`${payload.subject}\n`);
    return new Promise(() => undefined);
  },
  4,
);
