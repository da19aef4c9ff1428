import type { BreakerState } from './connection/circuit-breaker.ts';

/** What metrics and logs may want to know. Never ids or text. */
export type IndexEvent =
  | { readonly type: 'answered'; readonly operation: string; readonly tookMs: number }
  | { readonly type: 'retry'; readonly operation: string; readonly reason: string }
  | { readonly type: 'breaker'; readonly state: BreakerState }
  /** `resent`: turned away for the moment and sent again; `outdated`: a newer or equal version was there. */
  | {
      readonly type: 'bulk';
      readonly items: number;
      readonly bytes: number;
      readonly resent: number;
      readonly outdated: number;
      readonly refused: number;
    }
  /** A generation was made: the index is new, was lost, or was written by an older version. */
  | { readonly type: 'generation'; readonly number: number; readonly reason: 'new' | 'outdated' | 'build' };
