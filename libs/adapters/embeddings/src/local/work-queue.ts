import type { EmbeddingRole } from '@continuo/ports';

/** A request under way: its texts and the vectors found so far. */
export interface QueuedRequest {
  readonly id: number;
  readonly role: EmbeddingRole;
  readonly texts: readonly string[];
  readonly vectors: Float32Array[];
}

/** Requests of two priorities: whoever asks waits for one text of somebody's import, not for the import. */
export class WorkQueue {
  private readonly requests: Readonly<Record<EmbeddingRole, Map<number, QueuedRequest>>> = {
    query: new Map(),
    passage: new Map(),
  };

  add(request: Omit<QueuedRequest, 'vectors'>): void {
    this.requests[request.role].set(request.id, { ...request, vectors: [] });
  }

  /** Removes a request that was answered, failed or given up. Unknown ids are ignored. */
  remove(id: number): void {
    this.requests.query.delete(id);
    this.requests.passage.delete(id);
  }

  /** The oldest query, else the oldest passages. It stays until it is removed. */
  next(): QueuedRequest | undefined {
    return first(this.requests.query) ?? first(this.requests.passage);
  }
}

function first(requests: ReadonlyMap<number, QueuedRequest>): QueuedRequest | undefined {
  for (const request of requests.values()) return request;
  return undefined;
}
