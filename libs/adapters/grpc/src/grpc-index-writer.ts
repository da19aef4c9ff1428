import { INDEX_RPC, type RpcMethod } from '@continuo/contracts';
import type { IndexedDocument, Scope } from '@continuo/domain';
import type { IndexEntry, IndexWriter } from '@continuo/ports';
import { inPortions, textBytes } from './in-portions.ts';
import type { RpcChannel } from './rpc-channel.ts';
import type { FailureCodes } from './rpc-failure.ts';

const CODES: FailureCodes = {
  service: 'The recall service',
  away: 'index_unavailable',
  late: 'index_unavailable',
  passesDraining: false,
};

/** Erasing a large scope takes longest. */
const LIMIT_MS = 60_000;

/** Names, numbers and short members of one document or entry. */
const SMALL_PARTS_BYTES = 500;

/** The writing side of an index that another process keeps. Versions decide there, so that a call may be sent twice. */
export class GrpcIndexWriter implements IndexWriter {
  readonly #channel: RpcChannel;

  constructor(channel: RpcChannel) {
    this.#channel = channel;
  }

  async upsert(documents: readonly IndexedDocument[]): Promise<void> {
    for (const portion of inPortions(documents, documentBytes)) await this.#call(INDEX_RPC.upsert, { documents: portion });
  }

  async remove(removals: readonly IndexEntry[]): Promise<void> {
    for (const portion of inPortions(removals, entryBytes)) await this.#call(INDEX_RPC.remove, { removals: portion });
  }

  async removeScope(scope: Scope): Promise<number> {
    return (await this.#call(INDEX_RPC.removeScope, { scope })).removed;
  }

  async count(scope: Scope | null): Promise<number> {
    return (await this.#call(INDEX_RPC.count, { scope })).count;
  }

  async sweepTombstones(beforeMs: number): Promise<void> {
    await this.#call(INDEX_RPC.sweepTombstones, { beforeMs });
  }

  async entries(afterId: string | null, limit: number): Promise<readonly IndexEntry[]> {
    return (await this.#call(INDEX_RPC.entries, { afterId, limit })).entries;
  }

  async needsRefill(): Promise<string | null> {
    return (await this.#call(INDEX_RPC.needsRefill, {})).name;
  }

  async confirmRefill(name: string): Promise<void> {
    await this.#call(INDEX_RPC.confirmRefill, { name });
  }

  #call<Request, Reply>(method: RpcMethod<Request, Reply>, request: NoInfer<Request>): Promise<Reply> {
    return this.#channel.unary<Request, Reply>(method, request, { limitMs: LIMIT_MS, codes: CODES });
  }
}

function documentBytes({ text, source, keys, labels, vector, ...parts }: IndexedDocument): number {
  const labelBytes = textBytes(JSON.stringify(labels));
  const keyBytes = keys.reduce((sum, key) => sum + textBytes(key), 0);
  return entryBytes(parts) + textBytes(text) + textBytes(source) + keyBytes + labelBytes + (vector?.byteLength ?? 0);
}

const entryBytes = ({ id, scope }: Pick<IndexEntry, 'id' | 'scope'>): number =>
  textBytes(id) + textBytes(scope.projectId) + textBytes(scope.subject) + SMALL_PARTS_BYTES;
