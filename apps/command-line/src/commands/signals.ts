import { drainInbox, fillVectors, indexOutbox } from '@continuo/contracts';
import type { Configuration } from '@continuo/platform';
import type { InboxRecords } from '@continuo/ports';
import { withBroker } from './with-broker.ts';

/** As many as a sweep takes up at once; it finds the others. */
const SCOPES = 1_000;

/** Tells the workers of a cluster what waits now. Without a broker, or when it is down, the sweep finds it within moments. */
export const raiseSignals = (records: { readonly inbox: InboxRecords }, configuration: Configuration): Promise<void> =>
  withBroker(configuration, async (broker) => {
    if (broker === null || !(await answers(broker))) return;
    for (const { projectId, subject } of await records.inbox.pendingScopes(Date.now(), SCOPES)) {
      await broker.enqueue(drainInbox, { project_id: projectId, subject });
    }
    await broker.enqueue(indexOutbox, {});
    await broker.enqueue(fillVectors, {});
  });

/** Waits for the connection, which a signal does not. */
async function answers(broker: { depth(): Promise<unknown> }): Promise<boolean> {
  try {
    await broker.depth();
    return true;
  } catch {
    return false;
  }
}
