// What the supervisor and the processes of a cluster owe each other:
// - A process is apps/<service>/dist/main.js, started in the project root in a process group of its own, with stdin closed, both
//   outputs read by the supervisor and an IPC channel that carries nothing.
// - Ready: `/readyz` answers 200, for the gateway on its own port, for the others on CONTINUO_OPERATIONS_PORT. Services start in
//   stages; one starts when all before it are ready.
// - Stopping: SIGTERM, once. The process drains; still there after 15 s, it is killed. Stages end last to first: the gateway
//   hands no more work in, then the workers finish, then those they call.
// - Losing the supervisor (kill -9): the channel closes, the process gets the event 'disconnect' and drains as on SIGTERM.
// - Dying: a process that ends unasked is started again on the same ports, after 0.2 s, doubled each time up to 10 s; whoever
//   lived 30 s begins anew. One that ends three times before it was ever ready ends the cluster: it is told what it said.
// - Rolling restart (SIGUSR2): one replica at a time. A gateway's successor listens on the same port beside it (SO_REUSEPORT) and
//   only when it is ready the old one drains. The others end, start again on their ports, and are waited for.
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../launcher/environment.mjs';
import { Replica } from './replica.mjs';

/** Long enough for a store that is slow to answer, short enough to notice a version that never comes up. */
const ROLL_WITHIN_MS = 120_000;
const SETTLE_AT_LEAST_MS = 1_000;
const SETTLE_AT_MOST_MS = 15_000;

/** Starts, restarts and stops the replicas of services. */
export class Supervisor {
  #slots;
  #write;
  #stopping;
  #rolling = Promise.resolve();
  #tellEnded;
  #ended = new Promise((resolve) => (this.#tellEnded = resolve));
  /** Whether everything has been ready once. */
  isReady = false;

  /**
   * `services`: `[{ name, stage, sharedPort, replicas: [{ command: { file, args, cwd }, environment, readyUrl }] }]`; stages start
   * with the lowest number, and `sharedPort` names the port on which replicas may listen side by side.
   */
  constructor(services, { write }) {
    this.#write = write;
    this.#slots = services.flatMap(({ name, stage, sharedPort, replicas }) =>
      replicas.map((details, index) => {
        const make = () => new Replica({ ...details, sharedPort, name: `${name}-${index + 1}` }, write);
        return { service: name, stage, sharedPort, make, replica: make(), successor: undefined };
      }),
    );
  }

  /** Starts everything. Resolves with true once all are ready, with false when somebody stopped it meanwhile. */
  async start() {
    try {
      for (const slots of this.#stages()) {
        if (this.#stopping) return false;
        for (const { replica } of slots) replica.start();
        await Promise.all(slots.map(({ replica }) => replica.ready()));
      }
      this.isReady = !this.#stopping;
      return this.isReady;
    } catch (error) {
      if (this.#stopping) return false;
      await this.stop();
      throw error;
    }
  }

  /** Stops everything in good order. The second call waits for the first. */
  stop() {
    this.#stopping ??= this.#stopAll().then(() => this.#tellEnded(0));
    return this.#stopping;
  }

  /** Resolves with the exit code when everything has been stopped. */
  ended() {
    return this.#ended;
  }

  /** Restarts the replicas of a service, or all, one at a time. One roll waits for another. */
  roll(service) {
    const rolled = this.#rolling.then(() => this.#rollAll(service));
    this.#rolling = rolled.catch(() => {});
    return rolled;
  }

  /** `[{ name, processId }]`, for those that run. */
  processes() {
    return this.#slots.map(({ replica }) => ({ name: replica.name, processId: replica.processId }));
  }

  async #rollAll(service) {
    const slots = this.#slots.filter((slot) => service === undefined || slot.service === service);
    for (const slot of slots) {
      if (this.#stopping) throw new ExpectedError('The cluster is being stopped.');
      this.#say(`${slot.replica.name} is restarted`);
      if (slot.sharedPort === undefined) await this.#rollInPlace(slot);
      else await this.#rollBeside(slot);
    }
  }

  async #rollInPlace(slot) {
    const startedAt = Date.now();
    await slot.replica.stop();
    if (this.#stopping) throw new ExpectedError('The cluster is being stopped.');
    slot.replica = slot.make();
    slot.replica.start();
    await slot.replica.ready({ withinMs: ROLL_WITHIN_MS });
    // Callers that wait longer after each failure may come back as late again as the replica was away.
    const awayMs = Date.now() - startedAt;
    await sleep(Math.min(Math.max(awayMs, SETTLE_AT_LEAST_MS), SETTLE_AT_MOST_MS));
  }

  async #rollBeside(slot) {
    const successor = slot.make();
    slot.successor = successor;
    try {
      successor.start();
      await successor.ready({ withinMs: ROLL_WITHIN_MS });
    } catch (error) {
      await successor.stop();
      throw error;
    } finally {
      slot.successor = undefined;
    }
    const old = slot.replica;
    slot.replica = successor;
    await old.stop();
  }

  async #stopAll() {
    for (const slots of this.#stages().reverse()) {
      await Promise.all(slots.flatMap(({ replica, successor }) => [replica.stop(), successor?.stop()]));
    }
  }

  #stages() {
    const numbers = [...new Set(this.#slots.map(({ stage }) => stage))].sort((left, right) => left - right);
    return numbers.map((number) => this.#slots.filter(({ stage }) => stage === number));
  }

  #say(what) {
    void this.#write(`cluster | ${what}\n`, true);
  }
}
