import { constants } from 'node:os';

/** The exit code a shell would report: 128 and the signal's number for a process that a signal ended. */
export function exitCodeOf(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}
