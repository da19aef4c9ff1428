import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../launcher/environment.mjs';
import { BackOff } from './back-off.mjs';
import { listensOn } from './listening.mjs';
import { copyLines } from './prefixed-lines.mjs';

const POLL_MS = 50;
const PROBE_WITHIN_MS = 2_000;
/** The services promise to be gone within 12.5 s. */
const KILL_AFTER_MS = 15_000;
/** Whoever ends that often before it was ever ready will not get better by itself. */
const EARLY_ENDS = 3;
/** On a port that several listen on, the system spreads connections: so many in a row have met each of them. */
const PROBES_OF_SHARED_PORT = 12;
/** Last lines may still be on their way when a process has ended. */
const LAST_LINES_WITHIN_MS = 500;
/** A service that tells where it listens; of a cluster, the start message tells it once all are ready. */
const ADDRESS_ALONE = /^https?:\/\/\S+$/;

/** One process of a service, which is started again whenever it ends without being asked to. */
export class Replica {
  #details;
  #write;
  #backOff = new BackOff();
  #child;
  #startedAt = 0;
  #lines = Promise.resolve();
  #isWanted = false;
  #hasBeenReady = false;
  #earlyEnds = 0;
  #timer;

  /** `write(line, isError)` gets every line of the process, and ours about it. */
  constructor({ name, command, environment, readyUrl, sharedPort }, write) {
    this.#details = { command, environment, readyUrl, sharedPort };
    this.#write = write;
    this.name = name;
  }

  get processId() {
    return this.#isAlive() ? this.#child.pid : undefined;
  }

  start() {
    this.#isWanted = true;
    this.#spawn();
  }

  /** Resolves once the process says that it is ready. Rejects when it has given up, or when nobody wants it any more. */
  async ready({ withinMs = Number.POSITIVE_INFINITY } = {}) {
    const until = Date.now() + withinMs;
    while (!(await this.#isReady())) {
      if (!this.#isWanted) throw new ExpectedError(`${this.name} was stopped before it was ready.`);
      if (this.#earlyEnds >= EARLY_ENDS) {
        throw new ExpectedError(`${this.name} ended ${EARLY_ENDS} times before it was ready; its own words are above.`);
      }
      if (Date.now() > until) throw new ExpectedError(`${this.name} was not ready within ${withinMs / 1_000} s.`);
      await sleep(POLL_MS);
    }
    this.#hasBeenReady = true;
  }

  /** Asks the process to end in good order and waits until it has; kills it when it takes too long. */
  async stop() {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (this.#isAlive()) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const killer = setTimeout(() => {
        this.#say(`did not end within ${KILL_AFTER_MS / 1_000} s and is killed`);
        child.kill('SIGKILL');
      }, KILL_AFTER_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(killer);
    }
    await Promise.race([this.#lines, sleep(LAST_LINES_WITHIN_MS, undefined, { ref: false })]);
  }

  #spawn() {
    const { command, environment } = this.#details;
    // A group of its own: what the terminal sends to everybody must reach the process once, through us. The channel is
    // never written to; its end tells the process that we have gone.
    const options = { cwd: command.cwd, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] };
    const child = spawn(command.file, command.args, options);
    this.#child = child;
    this.#startedAt = Date.now();
    const copy = (stream, isError) =>
      copyLines(
        stream,
        this.name,
        (line) => this.#write(line, isError),
        (line) => ADDRESS_ALONE.test(line),
      );
    this.#lines = Promise.allSettled([copy(child.stdout, false), copy(child.stderr, true)]);
    child.once('exit', (code, signal) => this.#ended(signal ?? `exit code ${code}`));
    child.once('error', (error) => {
      if (child.pid === undefined) this.#ended(error.message);
    });
  }

  #ended(how) {
    if (!this.#isWanted) return;
    const waitMs = this.#backOff.waitMs(Date.now() - this.#startedAt);
    if (!this.#hasBeenReady) this.#earlyEnds += 1;
    this.#say(`ended by ${how}; starts again in ${waitMs / 1_000} s`);
    this.#timer = setTimeout(() => this.#spawn(), waitMs);
  }

  #isAlive() {
    const child = this.#child;
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }

  async #isReady() {
    const { readyUrl, sharedPort } = this.#details;
    const child = this.#child;
    if (!this.#isAlive()) return false;
    if (sharedPort === undefined) return (await isAnswered(readyUrl)) && child === this.#child && this.#isAlive();
    // Another replica on the same port may answer in its place.
    if (listensOn(child.pid, sharedPort) === false) return false;
    for (let probe = 0; probe < PROBES_OF_SHARED_PORT; probe += 1) if (!(await isAnswered(readyUrl))) return false;
    return child === this.#child && this.#isAlive();
  }

  #say(what) {
    void this.#write(`cluster | ${this.name} ${what}\n`, true);
  }
}

/** Whether the address answers 200, on a connection of its own. */
function isAnswered(url) {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: PROBE_WITHIN_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });
}
