import { jest } from '@jest/globals';
import type { BrokerEvent } from '../src/queue/broker-event.ts';
import { type BullQueue, type BullQueueOptions, openBullQueue } from '../src/queue/bull-queue.ts';
import { aBrokerUrl, aPrefix, removeKeys } from './broker.ts';

export const aMoment = (delayMs = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

/** Fails with what was waited for instead of hanging. */
export async function until(what: string, reached: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  for (const end = Date.now() + limitMs; Date.now() < end; await aMoment(2)) {
    if (await reached()) return;
  }
  throw new Error(`Waited in vain until ${what}.`);
}

/** Waits here end with words of their own; a busy machine must not end them before. */
jest.setTimeout(60_000);

/** Queues on keys of their own, closed and removed after each test. */
export class Queues {
  prefix = '';
  events: BrokerEvent[] = [];
  failures: { readonly job: string; readonly attempt: number }[] = [];
  readonly #open: BullQueue[] = [];

  constructor() {
    beforeEach(() => {
      this.prefix = aPrefix();
      this.events = [];
      this.failures = [];
    });
    afterEach(async () => {
      await Promise.all(this.#open.splice(0).map((queue) => queue.close(1_000)));
      await removeKeys(this.prefix);
    });
  }

  open(options: Partial<BullQueueOptions> = {}): BullQueue {
    const queue = openBullQueue({
      url: aBrokerUrl(),
      prefix: this.prefix,
      onFailure: (failed, _error, attempt) => this.failures.push({ job: failed.name, attempt }),
      onEvent: (event) => this.events.push(event),
      ...options,
    });
    this.#open.push(queue);
    return queue;
  }

  /** One whose first signal is not lost because a busy machine takes its time to connect. */
  async connected(options: Partial<BullQueueOptions> = {}): Promise<BullQueue> {
    const queue = this.open(options);
    await until('the broker answers', () => answers(queue));
    return queue;
  }

  eventsOf<Type extends BrokerEvent['type']>(type: Type): readonly Extract<BrokerEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<BrokerEvent, { type: Type }> => event.type === type);
  }
}

export const answers = (queue: BullQueue): Promise<boolean> =>
  queue.ping().then(
    () => true,
    () => false,
  );
