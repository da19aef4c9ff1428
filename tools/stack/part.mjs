import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../launcher/environment.mjs';
import { exclusively } from '../launcher/exclusive.mjs';
import { freePort, isFree } from './ports.mjs';
import { endServer, isRunning, startServer } from './processes.mjs';
import { requireReachable } from './settings.mjs';
import { readState, writeState } from './state-file.mjs';
import { makeFolder, makeStoreFolder } from './unprivileged.mjs';

const POLL_MS = 50;
/** OpenSearch needs 5 to 20 s on two cores, more when a large index is recovered. */
const READY_WITHIN_MS = 180_000;
/** How often a store that ended at once, for a reason that passes, is started again. */
const TRIES = 20;
const BETWEEN_TRIES_MS = 250;
const LOG_LINES_TOLD = 15;

/**
 * One store: found or fetched, started, watched by its process and its answers, stopped.
 *
 * What it asks of a store:
 * - `name`, `title`, `setting`: its folder, its name for people, the setting that names it
 * - `find(settings)`: the program to run, fetched when it is missing; an ExpectedError says what is to be done
 * - `prepare({ program, folder, port, password, settings })`: writes configuration and whatever the first start needs
 * - `command(the same)`: `{ file, args, cwd, env }`
 * - `isReady({ port, password })`: whether it does its work; never throws
 * - `url`, `version` of the same
 * - `endSignal`: asks for an orderly end that does not wait for clients
 * - `passes(log)`: whether an early end was for a reason that passes by itself
 */
export class StackPart {
  #store;
  #settings;
  #folder;
  #stateFile;

  constructor(store, settings) {
    this.#store = store;
    this.#settings = settings;
    this.#folder = join(settings.folder, store.name);
    this.#stateFile = join(settings.folder, `${store.name}.json`);
    this.title = store.title;
    this.setting = store.setting;
  }

  /** The URL of the store, or undefined when it was never started. */
  url() {
    const state = readState(this.#stateFile);
    return state.port === undefined ? undefined : this.#store.url(state);
  }

  async status() {
    const state = readState(this.#stateFile);
    const { name, title, setting } = this.#store;
    const told = { name, title, setting, url: this.url() };
    if (state.port === undefined) return { ...told, isUp: false, reason: 'it was never started here' };
    if (!isRunning(state.process)) return { ...told, isUp: false, reason: 'its process is not there' };
    const isUp = await this.#store.isReady(state);
    return { ...told, isUp, reason: isUp ? undefined : 'its process runs and does not answer' };
  }

  /** Starts it unless it runs, and waits until it does its work. */
  start() {
    return this.#alone(async () => {
      const state = readState(this.#stateFile);
      const isThere = isRunning(state.process);
      if (isThere) await this.#waitUntilReady(state);
      else await this.#startAnew(state);
      const { name, title, setting, version } = this.#store;
      return {
        name,
        title,
        setting,
        url: this.url(),
        started: !isThere,
        version: await version({ ...readState(this.#stateFile), environment: this.#settings.environment }),
      };
    });
  }

  /** Stops it if it runs; tells whether it did. With `kill` it gets no chance to end in good order. */
  async stop({ kill = false } = {}) {
    if (!existsSync(this.#settings.folder)) return false;
    return this.#alone(() => this.#end(kill ? 'SIGKILL' : this.#store.endSignal));
  }

  /** Stops it and removes all it kept. Port and password stay. */
  wipe() {
    return this.#alone(async () => {
      await this.#end('SIGKILL');
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }

  async #alone(work) {
    this.#makeHome();
    const told = (pid) => this.#settings.say(`Another command (process ${pid}) is busy with ${this.title}; waiting for it.`);
    return exclusively(join(this.#settings.folder, `.lock-${this.#store.name}`), work, told);
  }

  #makeHome() {
    const { folder } = this.#settings;
    requireReachable({ folder: join(folder, '..') });
    makeFolder(folder);
    const { uid, mode } = statSync(folder);
    if (process.getuid !== undefined && uid !== process.getuid()) {
      throw new ExpectedError(`${folder} belongs to another user. Set CONTINUO_STACK_DIR to a folder of your own.`);
    }
    // A temporary folder is closed to everybody else, and the stores' user has to pass through.
    chmodSync(folder, (mode & 0o777) | 0o011);
  }

  async #startAnew({ port: formerPort, password = randomBytes(16).toString('hex') }) {
    const { say } = this.#settings;
    const program = await this.#store.find(this.#settings);
    makeStoreFolder(this.#folder);
    for (let attempt = 1; ; attempt += 1) {
      const { port: former = formerPort } = readState(this.#stateFile);
      const port = former !== undefined && (await isFree(former)) ? former : await freePort();
      if (former !== undefined && former !== port) say(`Port ${former} was taken by another program; ${this.title} moves to ${port}.`);
      const details = { program, folder: this.#folder, port, password, settings: this.#settings };
      writeState(this.#stateFile, { port, password });
      await this.#store.prepare(details);
      const identity = await startServer(this.#store.command(details), this.#logFile);
      const state = { port, password, process: identity };
      writeState(this.#stateFile, state);
      if (await this.#becomesReady(state)) return;
      const mayTryAgain = !(await isFree(port)) || this.#store.passes(this.#log());
      if (attempt === TRIES || !mayTryAgain) throw this.#failure('ended before it was ready');
      await sleep(BETWEEN_TRIES_MS);
    }
  }

  async #waitUntilReady(state) {
    if (!(await this.#becomesReady(state))) throw this.#failure('ended before it was ready');
  }

  /** False when its process ended first. */
  async #becomesReady(state) {
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    while (!(await this.#store.isReady(state))) {
      if (!isRunning(state.process)) return false;
      if (Date.now() > giveUpAt) throw this.#failure(`runs and did not become ready within ${READY_WITHIN_MS / 1_000} s`);
      await sleep(POLL_MS);
    }
    return true;
  }

  async #end(signal) {
    const { process: identity, ...kept } = readState(this.#stateFile);
    if (identity === undefined) return false;
    const wasRunning = isRunning(identity);
    await endServer(identity, signal);
    writeState(this.#stateFile, kept);
    return wasRunning;
  }

  get #logFile() {
    return join(this.#folder, 'server.log');
  }

  #log() {
    try {
      return readFileSync(this.#logFile, 'utf8');
    } catch {
      return '';
    }
  }

  #failure(what) {
    const lines = this.#log().trimEnd().split('\n').slice(-LOG_LINES_TOLD);
    return new ExpectedError(
      `${this.title} ${what}. Its last words, from ${this.#logFile}:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    );
  }
}
