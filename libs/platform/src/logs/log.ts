import pino from 'pino';
import { AppError } from '@continuo/contracts';
import { traceId } from '../traces/traces.ts';
import { lineForPeople } from './line-for-people.ts';

/** What a log line may carry: ids, counts, durations, names. Never what a user, a model or a prompt said, never a key. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Events, not sentences: `log.warn('index_refused', { projectId, durationMs })`. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** json: one object a line; text: a line a person reads; auto: text on a terminal. */
  readonly format: 'json' | 'text' | 'auto';
  /** Default: standard error, so that standard output stays the program's own. */
  readonly write?: (line: string) => void;
}

/** Members that are blanked should one ever be logged by mistake. */
const SECRETS = ['key', 'apiKey', 'authorization', 'token', 'secret', 'password', 'content', 'text', 'query', 'prompt'];

export function createLog(options: LogOptions): Log {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const forPeople = options.format === 'text' || (options.format === 'auto' && process.stderr.isTTY);
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: traceFields,
      redact: { paths: SECRETS, censor: '[redacted]' },
    },
    { write: (line: string) => write(forPeople ? lineForPeople(line) : line) },
  );
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}): void =>
      logger[level]({ event, ...fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Leads from a line to its trace. */
function traceFields(): object {
  const id = traceId();
  return id === null ? {} : { trace_id: id };
}

/** A log that says nothing, for specs. */
export const silentLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * What may be said of an error: its name, code and where it was thrown. Its message only where it cannot hold what a user said:
 * ours, and those of the operating system and its like, which carry a code.
 */
export function errorFields(error: unknown): LogFields {
  if (typeof error !== 'object' || error === null) return { error: typeof error };
  const { name, message, stack, code } = error as { name?: unknown; message?: unknown; stack?: unknown; code?: unknown };
  const speaks = AppError.is(error) || (typeof code === 'string' && /^(?:E[A-Z]+|ERR_[A-Z_]+|SQLITE_[A-Z_]+|FST_[A-Z_]+)$/u.test(code));
  return {
    error: typeof name === 'string' ? name : 'unknown',
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(speaks && typeof message === 'string' ? { message } : {}),
    ...(typeof stack === 'string' ? { frames: framesOf(stack) } : {}),
  };
}

/** The lines of a stack that say where, without the first, which repeats the message. */
function framesOf(stack: string): readonly string[] {
  const frames = stack.split('\n').filter((line) => /^\s+at /u.test(line));
  return frames.slice(0, 8).map((line) => line.trim().replace(/^at /u, ''));
}
