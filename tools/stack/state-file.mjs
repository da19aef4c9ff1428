import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * What is known of one store: `port` and `password` from its first start on, `process` while it runs.
 * A file that cannot be read, or holds something else, counts as one that is not there.
 */
export function readState(file) {
  try {
    const { port, password, process: identity } = JSON.parse(readFileSync(file, 'utf8'));
    return {
      ...(Number.isInteger(port) && port > 0 && port < 65_536 ? { port } : {}),
      ...(typeof password === 'string' && /^[0-9a-f]+$/.test(password) ? { password } : {}),
      ...(Number.isInteger(identity?.pid) && identity.pid > 0 ? { process: { pid: identity.pid, startedAt: identity.startedAt } } : {}),
    };
  } catch {
    return {};
  }
}

/** Replaced in one step: whoever reads meanwhile sees the old state or the new one. Holds a password, so it is the owner's alone. */
export function writeState(file, state) {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, file);
}
