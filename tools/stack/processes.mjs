import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { asStoreUser, giveToStoreUser } from './unprivileged.mjs';

const POLL_MS = 25;
/** An orderly end of OpenSearch takes about two seconds. */
const KILL_AFTER_MS = 30_000;

/** Starts a server that outlives us. Resolves with what tells it from a later process with the same id. */
export async function startServer({ file, args, cwd, env }, logFile) {
  const log = openSync(logFile, 'w', 0o600);
  giveToStoreUser(logFile);
  try {
    const child = spawn(file, args, { cwd, env, ...asStoreUser(), detached: true, stdio: ['ignore', log, log] });
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return identityOf(child.pid);
  } finally {
    closeSync(log);
  }
}

/** What tells a process from a later one with the same id. */
export const identityOf = (pid) => ({ pid, startedAt: startOf(pid) });

/** Whether it is still the process that was started, and not its remains or a stranger with the same id. */
export function isRunning(identity) {
  return identity?.pid !== undefined && identity.startedAt !== undefined && startOf(identity.pid) === identity.startedAt;
}

/** Ends a server and waits until it is gone. */
export async function endServer(identity, signal) {
  const killAt = Date.now() + KILL_AFTER_MS;
  let sent;
  while (isRunning(identity)) {
    const wanted = Date.now() > killAt ? 'SIGKILL' : signal;
    if (wanted !== sent) send(identity.pid, wanted);
    sent = wanted;
    await sleep(POLL_MS);
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** When a process started, in whatever unit the system tells it; undefined when there is none. */
function startOf(pid) {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined;
  }
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
