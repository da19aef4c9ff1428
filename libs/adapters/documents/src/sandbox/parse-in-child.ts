import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AppError } from '@continuo/contracts';
import type { DocumentBlock } from '@continuo/domain';
import { memoryOf } from './memory-of.ts';
import type { ParserJob, ParserMessage, ParserResult } from './protocol.ts';

export interface ChildLimits {
  readonly timeLimitMs: number;
  /** Of the whole process, the runtime's own 60 MB included. */
  readonly memoryLimitBytes: number;
}

const MEMORY_CHECK_MS = 50;
/** The share of the memory that JavaScript objects may take; the rest is for the runtime and for bytes outside its heap. */
const HEAP_SHARE = 0.6;
const MEBIBYTE = 1024 * 1024;

/** Node loads a child itself, without the test runner's transform, so children always start from `dist`. */
const childFile = fileURLToPath(
  import.meta.url.includes('/src/')
    ? new URL('../../dist/sandbox/parser.child.js', import.meta.url)
    : new URL('./parser.child.js', import.meta.url),
);

/**
 * Reads a file in a process of its own, which has ended when the promise settles.
 *
 * @throws AppError as `DocumentReader` promises, and the signal's reason when it is aborted.
 */
export function parseInChild(job: ParserJob, bytes: Uint8Array, limits: ChildLimits, signal: AbortSignal): Promise<ParserResult> {
  signal.throwIfAborted();
  return new Parsing(start(limits), job, bytes, limits, signal).result;
}

function start({ memoryLimitBytes }: ChildLimits): ChildProcess {
  const child = fork(childFile, [], {
    // Nothing of what this process knows from its environment is the file's business.
    env: {},
    serialization: 'advanced',
    // What libraries print may be the file's text.
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    execArgv: [
      `--max-old-space-size=${Math.floor((memoryLimitBytes * HEAP_SHARE) / MEBIBYTE)}`,
      '--disallow-code-generation-from-strings',
      '--permission',
      '--allow-fs-read=*',
      '--no-warnings',
    ],
  });
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system knows no priorities.
  }
  return child;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

class Parsing {
  readonly result: Promise<ParserResult>;
  readonly #child: ChildProcess;
  readonly #limits: ChildLimits;
  readonly #blocks: DocumentBlock[] = [];
  #isReady = false;
  /** What the promise settles with when the child has ended. */
  #outcome: Outcome | null = null;

  constructor(child: ChildProcess, job: ParserJob, bytes: Uint8Array, limits: ChildLimits, signal: AbortSignal) {
    this.#child = child;
    this.#limits = limits;
    this.result = new Promise((resolve, reject) => {
      const aborted = (): void => this.#end({ error: signal.reason as unknown });
      const timer = setTimeout(() => this.#end({ error: tooSlow(limits) }), limits.timeLimitMs);
      const watch = setInterval(() => void this.#watchMemory(), MEMORY_CHECK_MS);
      signal.addEventListener('abort', aborted, { once: true });
      const settle = (): void => {
        signal.removeEventListener('abort', aborted);
        clearTimeout(timer);
        clearInterval(watch);
        const outcome = this.#outcome ?? { error: new Error('The parser ended without a word.') };
        if ('error' in outcome) reject(outcome.error as Error);
        else resolve({ blocks: this.#blocks, value: outcome.value });
      };
      child.on('message', (message: ParserMessage) => this.#hear(message, job, bytes));
      child.once('error', (error) => {
        this.#outcome ??= { error };
        if (child.pid === undefined) settle();
      });
      child.once('exit', (code, exitSignal) => {
        this.#outcome ??= { error: this.#died(code, exitSignal) };
        settle();
      });
    });
    // A child that has ended takes no more; why it ended says 'exit'.
    child.stdin?.on('error', () => undefined);
  }

  #hear(message: ParserMessage, job: ParserJob, bytes: Uint8Array): void {
    if (message.type === 'ready') {
      this.#isReady = true;
      this.#child.send(job, () => undefined);
      this.#child.stdin?.end(bytes);
    } else if (message.type === 'blocks') for (const block of message.blocks) this.#blocks.push(block);
    else if (message.type === 'value') this.#end({ value: message.value });
    else this.#end({ error: new AppError(message.code, message.message) });
  }

  #end(outcome: Outcome): void {
    this.#outcome ??= outcome;
    this.#child.kill('SIGKILL');
  }

  async #watchMemory(): Promise<void> {
    const bytes = this.#child.pid === undefined ? null : await memoryOf(this.#child.pid);
    if (bytes !== null && bytes > this.#limits.memoryLimitBytes) this.#end({ error: tooLarge(this.#limits) });
  }

  #died(code: number | null, signal: NodeJS.Signals | null): Error {
    if (!this.#isReady) return new Error(`The parser did not start: it ended with ${signal ?? code}.`);
    // The runtime aborts when its heap is full; the kernel kills when the machine is.
    if (signal !== null || code === 134) return tooLarge(this.#limits);
    return new AppError('file_invalid', 'The file cannot be read: it is damaged, or unlike any that programs write.');
  }
}

const tooSlow = ({ timeLimitMs }: ChildLimits): AppError =>
  new AppError('file_invalid', `Reading the file takes longer than the ${Math.round(timeLimitMs / 1_000)} seconds that one file may have.`);

const tooLarge = ({ memoryLimitBytes }: ChildLimits): AppError =>
  new AppError(
    'file_invalid',
    `Reading the file takes more than the ${Math.round(memoryLimitBytes / MEBIBYTE)} MB of memory that one file may have.`,
  );
