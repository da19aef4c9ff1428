// How `npm run cluster -- restart` finds the supervisor and hears how it went: by files in the data folder and a signal.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../launcher/environment.mjs';
import { identityOf, isRunning } from '../stack/processes.mjs';

const POLL_MS = 100;

const processFile = (folder) => join(folder, 'cluster-process.json');
const requestFile = (folder) => join(folder, 'cluster-restart.json');
const outcomeFile = (folder) => join(folder, 'cluster-restart-outcome.json');

/** Says that this process is the folder's cluster. Returns what takes it back. */
export function claimFolder(folder) {
  const other = read(processFile(folder));
  if (isRunning(other)) throw new ExpectedError(`A cluster runs with the data folder ${folder} already (process ${other.pid}).`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  write(processFile(folder), identityOf(process.pid));
  return () => rmSync(processFile(folder), { force: true });
}

/** What the supervisor is asked for; a bare signal asks for everything. */
export function takeRequest(folder) {
  const request = read(requestFile(folder)) ?? {};
  rmSync(requestFile(folder), { force: true });
  return request;
}

export function tellOutcome(folder, outcome) {
  write(outcomeFile(folder), outcome);
}

/** Asks the cluster of the folder for a rolling restart and waits for its end. Returns the exit code. */
export async function askForRestart(folder, service) {
  const cluster = read(processFile(folder));
  if (!isRunning(cluster)) throw new ExpectedError(`No cluster runs with the data folder ${folder}.`);
  const id = randomUUID();
  write(requestFile(folder), { id, service });
  process.kill(cluster.pid, 'SIGUSR2');
  for (;;) {
    const outcome = read(outcomeFile(folder));
    if (outcome?.id === id) {
      rmSync(outcomeFile(folder), { force: true });
      if (outcome.problem) throw new ExpectedError(outcome.problem);
      return 0;
    }
    if (!isRunning(cluster)) throw new ExpectedError('The cluster ended meanwhile.');
    await sleep(POLL_MS);
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function write(file, value) {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(value), { mode: 0o600 });
  renameSync(fresh, file);
}
