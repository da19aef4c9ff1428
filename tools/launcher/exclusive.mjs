import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

/**
 * Runs `work` while no other process holds the lock folder. A holder that died is noticed and its lock taken over.
 * `onWait` is called once, with the holder's process id, when there is somebody to wait for.
 */
export async function exclusively(lockFolder, work, onWait = () => {}) {
  let waited = false;
  while (!tryAcquire(lockFolder)) {
    const holder = readHolder(lockFolder);
    if (holder && !isAlive(holder)) {
      removeLockOf(holder, lockFolder);
      continue;
    }
    if (holder && !waited) onWait(holder.pid);
    waited ||= Boolean(holder);
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

// A folder that already names its holder is renamed into place: taking the lock and saying whose it is are one step.
function tryAcquire(lockFolder) {
  mkdirSync(dirname(lockFolder), { recursive: true });
  const prepared = mkdtempSync(`${lockFolder}-new-`);
  writeFileSync(join(prepared, 'holder.json'), JSON.stringify({ pid: process.pid, startedAt: processStart(process.pid) }));
  try {
    renameSync(prepared, lockFolder);
    return true;
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    if (['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}

function readHolder(lockFolder) {
  try {
    return JSON.parse(readFileSync(join(lockFolder, 'holder.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

// Two who wait may both see the dead holder; the slower one must give back a lock that the faster one has just taken.
function removeLockOf(holder, lockFolder) {
  const aside = join(dirname(lockFolder), `${basename(lockFolder)}-stale-${process.pid}`);
  try {
    renameSync(lockFolder, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved && (moved.pid !== holder.pid || moved.startedAt !== holder.startedAt)) renameSync(aside, lockFolder);
  else rmSync(aside, { recursive: true, force: true });
}

function isAlive({ pid, startedAt }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return startedAt === processStart(pid);
}

/** Tells a process from a later one with the same id, and from its own remains. Undefined where /proc does not exist. */
function processStart(pid) {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}
