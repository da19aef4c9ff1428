import { type EmbedRequest, URGENCIES, type Urgency } from './thread-protocol.ts';

/** A request under way: its texts and the vectors found so far. */
export interface QueuedRequest extends EmbedRequest {
  readonly vectors: Float32Array[];
}

/** Requests of several urgencies: whoever asks waits for one text of somebody's import, not for the import. */
export class WorkQueue {
  private readonly requests: Readonly<Record<Urgency, Map<number, QueuedRequest>>> = {
    query: new Map(),
    awaited: new Map(),
    background: new Map(),
  };

  add({ id, role, urgency, texts }: EmbedRequest): void {
    this.requests[urgency].set(id, { id, role, urgency, texts, vectors: [] });
  }

  /** Removes a request that was answered, failed or given up. Unknown ids are ignored. */
  remove(id: number): void {
    for (const urgency of URGENCIES) this.requests[urgency].delete(id);
  }

  /** The oldest request of the greatest urgency. It stays until it is removed. */
  next(): QueuedRequest | undefined {
    for (const urgency of URGENCIES) {
      for (const request of this.requests[urgency].values()) return request;
    }
    return undefined;
  }
}
