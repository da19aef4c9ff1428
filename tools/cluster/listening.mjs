import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTEN = '0A';

/**
 * Whether this very process listens on the port, however many others do. Undefined where the system does not tell
 * (it is looked up in /proc).
 */
export function listensOn(pid, port) {
  if (process.platform !== 'linux') return undefined;
  const sockets = listeningSockets(port);
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => sockets.has(targetOf(`/proc/${pid}/fd/${descriptor}`)));
  } catch {
    return false;
  }
}

function listeningSockets(port) {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = ['tcp', 'tcp6'].flatMap((name) => linesOf(`/proc/net/${name}`));
  return new Set(
    lines
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => state === LISTEN && local.endsWith(suffix))
      .map((fields) => `socket:[${fields[9]}]`),
  );
}

function linesOf(file) {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
}

function targetOf(link) {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
