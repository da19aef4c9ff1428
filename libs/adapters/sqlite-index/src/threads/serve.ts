import { parentPort, workerData } from 'node:worker_threads';
import { sqliteCode } from '../connection.ts';
import type { CheckAwaited } from '../search-protocol.ts';
import type { ThreadCall, ThreadFailure, ThreadReply, ThreadSettings } from './thread-protocol.ts';

/** Nobody waits for this call any more. */
class LateError extends Error {}

type Answers<Calls> = {
  readonly [Method in keyof Calls]: Calls[Method] extends (argument: infer Argument) => infer Result
    ? (argument: Argument, checkAwaited: CheckAwaited) => Result
    : never;
};

type AnyAnswers = Readonly<Record<string, (argument: unknown, checkAwaited: CheckAwaited) => unknown>>;

/**
 * Answers the calls of the thread that started this one, one after the other. While `open` fails, each call is told why and
 * `open` is tried again.
 */
export function serve<Calls>(open: (settings: ThreadSettings) => Answers<Calls>): void {
  const port = parentPort;
  if (port === null) throw new Error('This file runs as a thread.');
  const settings = workerData as ThreadSettings;
  let answers: AnyAnswers | undefined;
  port.on('message', (call: ThreadCall) => {
    if (call.method === 'close' && answers === undefined) port.postMessage({ id: call.id, value: null } satisfies ThreadReply);
    else port.postMessage(answer(call, settings, () => (answers ??= open(settings) as AnyAnswers)));
    if (call.method === 'close') port.close();
  });
}

function answer(call: ThreadCall, settings: ThreadSettings, opened: () => AnyAnswers): ThreadReply {
  const checkAwaited = (): void => {
    const late = call.deadlineAt !== null && Date.now() >= call.deadlineAt;
    if (late || Atomics.load(settings.cancelled, call.id % settings.cancelled.length) === call.id)
      throw new LateError('Nobody waits any more.');
  };
  try {
    // Asked before the work begins, too: a queue of late calls is gone through without working on any.
    checkAwaited();
    return { id: call.id, value: opened()[call.method]?.(call.argument, checkAwaited) };
  } catch (error) {
    return { id: call.id, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): ThreadFailure {
  const code = sqliteCode(error);
  const message = error instanceof Error ? error.message : String(error);
  return { reason: error instanceof LateError ? 'late' : code === null ? 'bug' : 'store', message, sqliteCode: code };
}
