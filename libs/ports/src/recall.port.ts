import type { Filter, Memory, MemoryKind, Message, Scope, ScoreExplanation } from '@continuo/domain';
import type { CallOptions } from './models.port.ts';

/** One more space that is searched with the user's own, with the filter that holds for it. */
export interface RecallSpace {
  readonly scope: Scope;
  readonly filter: Filter | null;
}

export interface RecallRequest {
  readonly scope: Scope;
  /** Searched, scored and collapsed together with `scope`: the public space, knowledge bases. Spaces that nobody wrote to cost nothing. */
  readonly others: readonly RecallSpace[];
  readonly query: string;
  /** Raises what was said there, excludes nothing. */
  readonly conversationId: string | null;
  readonly filter: Filter | null;
  /** Ceiling per kind; 0: the kind is not asked for. Turns count as facts. Under `event`, dated facts are returned, too. */
  readonly limits: Readonly<Record<MemoryKind, number>>;
  /** Ceiling of all kinds together, the best of all; null: none. */
  readonly together: number | null;
  /** Items below are left out; 0 keeps all. */
  readonly minRelativity: number;
  /** Ids the caller wants explained even when they are not returned. */
  readonly explainIds: readonly string[];
  /** False: the query is not embedded, words alone find. For work in the background that words decide. Default true. */
  readonly embed?: boolean;
  /** Names of `RECALL_SIGNALS` that are left out, to see what each is worth. Default: none. */
  readonly without?: readonly string[];
}

/** ok · empty: nothing is known · below_threshold: candidates, none good enough · degraded: an arm was late or down · timeout: nothing in time. */
export type RecallState = 'ok' | 'empty' | 'below_threshold' | 'degraded' | 'timeout';

export interface RecalledItem {
  /** A memory, or a message recalled verbatim. */
  readonly memory: Memory | null;
  readonly turn: Message | null;
  /** 0–1. */
  readonly relativity: number;
  readonly explanation: ScoreExplanation;
}

/** Why an item the caller named was not returned. */
export type AbsenceReason =
  | 'unknown'
  | 'superseded'
  | 'deleted'
  | 'hidden'
  | 'not_found_by_any_arm'
  | 'below_threshold'
  | 'near_duplicate'
  | 'covered_by_memory'
  | 'over_limit'
  | 'filtered';

/** What an answer was really made with; what was meant to be is another thing. */
export interface RecallConfiguration {
  /** The model that embedded the query; null: it was not embedded. */
  readonly embeddingModel: string | null;
  readonly without: readonly string[];
  /** Documents that were scored. */
  readonly candidates: number;
}

export interface RecallResult {
  readonly state: RecallState;
  /** Best first; ties by time, then id. */
  readonly facts: readonly RecalledItem[];
  readonly preferences: readonly RecalledItem[];
  readonly events: readonly RecalledItem[];
  readonly tools: readonly RecalledItem[];
  readonly skills: readonly RecalledItem[];
  readonly profiles: readonly RecalledItem[];
  readonly absences: readonly { readonly id: string; readonly reason: AbsenceReason; readonly relativity: number | null }[];
  /** Names of arms that were late or down: `words`, `vectors`, `overlay`. */
  readonly missingArms: readonly string[];
  readonly configuration: RecallConfiguration;
  /** Milliseconds spent embedding the query, in the index, in all. */
  readonly timings: { readonly embedMs: number; readonly indexMs: number; readonly totalMs: number };
}

/** A query into ranked memories. Local: the use case itself; remote: gRPC. Never throws for a late or failed arm. */
export interface RecallApi {
  search(request: RecallRequest, options: CallOptions): Promise<RecallResult>;
}

export const RECALL_API = Symbol('RecallApi');
