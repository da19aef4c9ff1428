import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { exitCodeOf } from './exit-code.mjs';

const PARENT_POLL_MS = 1_000;
/** The server promises to be gone within 10 s. */
const KILL_AFTER_MS = 15_000;
const SHELLS = new Set(['sh', 'dash', 'bash', 'ash']);

/** Runs the server until it ends, tied to this process as the head of tools/start.mjs says. Returns its exit code. */
export function supervise(node, args, { cwd, env }) {
  // Its own process group: what the terminal sends to everybody must reach the server once.
  const server = spawn(node, args, { cwd, env, detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let isStopping = false;
  const stop = (signal) => {
    if (isStopping) return;
    isStopping = true;
    server.kill(signal);
    setTimeout(() => server.kill('SIGKILL'), KILL_AFTER_MS).unref();
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGHUP', () => stop('SIGTERM'));
  const watch = watchProcessesAbove(() => stop('SIGTERM'));
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      clearInterval(watch);
      reject(error);
    });
    server.once('exit', (code, signal) => {
      clearInterval(watch);
      resolve(exitCodeOf(code, signal));
    });
  });
}

/** Calls back, once a second from then on, when a process above this one has gone. `clearInterval` ends the watch. */
export function watchProcessesAbove(onGone) {
  const ancestors = processesAbove();
  return setInterval(() => {
    if (ancestors.some(hasGone)) onGone();
  }, PARENT_POLL_MS);
}

// Under npm a shell may stand between npm and us, and it outlives npm: so its own parent counts as well.
function processesAbove() {
  const direct = { pid: process.pid, parent: process.ppid };
  const above = statusOf(process.ppid);
  const isShellOfNpm = process.env.npm_lifecycle_event !== undefined && SHELLS.has(above?.name);
  return isShellOfNpm ? [direct, { pid: process.ppid, parent: above.parent }] : [direct];
}

function hasGone({ pid, parent }) {
  const now = pid === process.pid ? process.ppid : statusOf(pid)?.parent;
  return now !== parent;
}

/** Name and parent of a process, from /proc; undefined elsewhere or when it is gone. */
function statusOf(pid) {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = line.lastIndexOf(')');
    return { name: line.slice(line.indexOf('(') + 1, end), parent: Number(line.slice(end + 2).split(' ')[1]) };
  } catch {
    return undefined;
  }
}
