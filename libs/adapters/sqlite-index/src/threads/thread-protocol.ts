import type { IndexedDocument, Scope } from '@continuo/domain';
import type { Removal } from '../index-writer.ts';
import type { IndexEntry } from '@continuo/ports';
import type { ThreadHits, ThreadQuery } from '../search-protocol.ts';

/** What each kind of thread can be asked. */
export interface WriterCalls {
  upsert(argument: { readonly documents: readonly IndexedDocument[] }): null;
  remove(argument: { readonly removals: readonly Removal[]; readonly now: number }): null;
  removeScope(argument: { readonly scope: Scope }): number;
  sweepTombstones(argument: { readonly beforeMs: number }): null;
  confirmRefill(argument: null): null;
  close(argument: null): null;
}

export interface ReaderCalls {
  search(argument: { readonly query: ThreadQuery }): ThreadHits;
  count(argument: { readonly scope: Scope | null }): number;
  entries(argument: { readonly afterId: string | null; readonly limit: number }): readonly IndexEntry[];
  close(argument: null): null;
}

/** What a thread is started with. */
export interface ThreadSettings {
  readonly file: string;
  readonly cacheBytes: number;
  /** Ids of calls that nobody waits for any more, each in the place its id has modulo the length. */
  readonly cancelled: Int32Array;
}

export interface ThreadCall {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
  /** Epoch milliseconds; null: no deadline. */
  readonly deadlineAt: number | null;
}

export type ThreadReply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly failure: ThreadFailure };

/** late: nobody waits any more · store: SQLite said so · bug: anything else. */
export interface ThreadFailure {
  readonly reason: 'late' | 'store' | 'bug';
  readonly message: string;
  readonly sqliteCode: number | null;
}

/** How many calls of one thread can be cancelled independently; far above what one thread is ever asked at once. */
export const CANCEL_PLACES = 4_096;
