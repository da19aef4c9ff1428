import { analyseQuery, type QueryAnalysis, readTimeWindow, scopeKey, type TimeWindow } from '@continuo/domain';
import type { CallOptions, RecallConfiguration, RecallRequest, RecallSpace } from '@continuo/ports';

/** Share of the time the arms may take; the rest is for the last check, without which nothing may be returned. */
const ARMS_SHARE = 0.7;

/** A query's vector and whose it is. */
export interface EmbeddedQuery {
  readonly values: Float32Array;
  readonly modelId: string;
}

/** One search while it runs: what was asked, until when, and what is missing so far. */
export class SearchRun {
  readonly request: RecallRequest;
  readonly options: CallOptions;
  readonly now = Date.now();
  readonly deadlineAt: number;
  readonly armsUntil: number;
  readonly analysis: QueryAnalysis;
  readonly timeWindow: TimeWindow | null;
  readonly missingArms = new Set<string>();
  readonly without: ReadonlySet<string>;
  readonly #startedAt = performance.now();
  #embeddingModel: string | null = null;
  #embedMs = 0;
  #indexMs = 0;

  constructor(request: RecallRequest, options: CallOptions, settings: { readonly timeoutMs: number; readonly timeZone: string }) {
    this.request = request;
    this.options = options;
    this.deadlineAt = Math.min(options.deadlineAt ?? Number.POSITIVE_INFINITY, this.now + settings.timeoutMs);
    this.armsUntil = this.now + (this.deadlineAt - this.now) * ARMS_SHARE;
    this.without = new Set(request.without);
    this.analysis = analyseQuery(request.query);
    this.timeWindow = this.without.has('date') ? null : readTimeWindow(request.query, this.now, settings.timeZone);
  }

  /** What the index is asked for: without words there is nothing to look up, and the words arm finds nothing. */
  get asked(): QueryAnalysis {
    return this.without.has('words') ? { ...this.analysis, terms: [], concepts: [] } : this.analysis;
  }

  get own(): RecallSpace {
    return { scope: this.request.scope, filter: this.request.filter };
  }

  /** The other spaces, each once; the caller's own is none of them. */
  get others(): readonly RecallSpace[] {
    const spaces = new Map(this.request.others.map((space) => [scopeKey(space.scope), space]));
    spaces.delete(scopeKey(this.request.scope));
    return [...spaces.values()];
  }

  /** "What do you know about me?" shares no word with its answers: the newest of the user's own are candidates. */
  rangeFor(elsewhere: boolean): { readonly from: number; readonly to: number } | null {
    return this.timeWindow?.range ?? (this.analysis.asksForProfile && !elsewhere ? { from: 0, to: this.now + 1 } : null);
  }

  /** @param modelId whose vector the query has; null: it has none. */
  embedded(modelId: string | null): void {
    this.#embeddingModel = modelId;
    this.#embedMs = performance.now() - this.#startedAt;
  }

  indexAsked(): void {
    this.#indexMs = performance.now() - this.#startedAt - this.#embedMs;
  }

  configuration(candidates: number): RecallConfiguration {
    return { embeddingModel: this.#embeddingModel, without: [...this.without], candidates };
  }

  get timings(): { readonly embedMs: number; readonly indexMs: number; readonly totalMs: number } {
    return { embedMs: this.#embedMs, indexMs: this.#indexMs, totalMs: performance.now() - this.#startedAt };
  }
}
