import {
  analyseQuery,
  calibrationOf,
  documentOfMemory,
  documentOfMessage,
  matchesFilter,
  type QueryAnalysis,
  readTimeWindow,
  type RecallCandidate,
  scoreCandidates,
} from '@continuo/domain';
import type {
  ArmHits,
  CallOptions,
  EmbeddingModel,
  MemoryIndex,
  Overlay,
  RecallApi,
  RecallRecords,
  RecallRequest,
  RecallResult,
} from '@continuo/ports';
import { inTime } from './in-time.ts';
import { selectItems, type Selection } from './select-items.ts';

/** Candidates per arm; more than is ever returned, so that what the last check drops can be made up for. */
const TOP_K = 100;

/** How much of the newest turns is read beside the index, which is seldom more than a moment behind: reading takes time on this thread. */
const OVERLAY_CHARACTERS = 60_000;

/** Share of the time the arms may take; the rest is for the last check, without which nothing may be returned. */
const ARMS_SHARE = 0.7;

export interface RecallSettings {
  /** A search answers within this time with what it has. */
  readonly timeoutMs: number;
  /** How long the words wait for the embedded query before they go alone. */
  readonly embedTimeoutMs: number;
  /** on: messages can be recalled verbatim until better is known; fresh: only until they were mined. */
  readonly recallTurns: 'on' | 'fresh';
  readonly timeZone: string;
}

/** A query's vector and whose it is. */
interface EmbeddedQuery {
  readonly values: Float32Array;
  readonly modelId: string;
}

const NO_HITS: ArmHits = { words: [], vectors: [], window: [], cosines: new Map() };

/** A query into ranked memories. An arm that is late or down is left out, and the result says so. */
export class SearchMemory implements RecallApi {
  private readonly index: MemoryIndex;
  private readonly records: RecallRecords;
  private readonly embedder: EmbeddingModel;
  private readonly settings: RecallSettings;

  constructor(index: MemoryIndex, records: RecallRecords, embedder: EmbeddingModel, settings: RecallSettings) {
    this.index = index;
    this.records = records;
    this.embedder = embedder;
    this.settings = settings;
  }

  /** The `RecallApi` of this process. */
  search(request: RecallRequest, options: CallOptions): Promise<RecallResult> {
    return this.execute(request, options);
  }

  async execute(request: RecallRequest, options: CallOptions): Promise<RecallResult> {
    const startedAt = performance.now();
    const now = Date.now();
    const deadlineAt = Math.min(options.deadlineAt ?? Number.POSITIVE_INFINITY, now + this.settings.timeoutMs);
    const armsUntil = now + (deadlineAt - now) * ARMS_SHARE;
    const analysis = analyseQuery(request.query);
    const missingArms = new Set<string>();

    const overlayReading = inTime(this.records.overlay(request.scope), deadlineAt, options.signal);
    // It is awaited last; an abort before that must not go unhandled.
    overlayReading.catch(() => undefined);
    const vector = request.embed === false ? null : await this.embedQuery(request.query, analysis, now, armsUntil, options, missingArms);
    const embedMs = performance.now() - startedAt;

    const timeWindow = readTimeWindow(request.query, now, this.settings.timeZone);
    // "What do you know about me?" shares no word with its answers: the newest are candidates.
    const range = timeWindow?.range ?? (analysis.asksForProfile ? { from: 0, to: now + 1 } : null);
    const hits = await this.askIndex(request, analysis, vector, range, armsUntil, options, missingArms);
    const indexMs = performance.now() - startedAt - embedMs;
    const overlay = await overlayReading;
    if (overlay.status !== 'done') return this.nothing('timeout', ['overlay', ...missingArms], startedAt, embedMs, indexMs);

    const candidates = this.candidatesOf(request, hits, overlay.value);
    const identity = this.embedder.state();
    const scored = scoreCandidates(analysis, candidates, {
      now,
      conversationId: request.conversationId,
      timeWindow,
      calibration: identity.status === 'ready' ? calibrationOf(identity.model.id) : null,
    });
    const checked = await inTime(this.check(request, overlay.value.epoch, scored, hits), deadlineAt, options.signal);
    if (checked.status !== 'done') return this.nothing('timeout', ['check', ...missingArms], startedAt, embedMs, indexMs);

    return {
      ...checked.value.items,
      state: stateOf(candidates.length, checked.value, missingArms),
      missingArms: [...missingArms],
      timings: { embedMs, indexMs, totalMs: performance.now() - startedAt },
    };
  }

  private async embedQuery(
    query: string,
    analysis: QueryAnalysis,
    now: number,
    deadlineAt: number,
    options: CallOptions,
    missingArms: Set<string>,
  ): Promise<EmbeddedQuery | null> {
    const state = this.embedder.state();
    if (state.status !== 'ready' || !analysis.hasContent) return null;
    const waitUntil = Math.min(deadlineAt, now + this.settings.embedTimeoutMs);
    const embedding = await inTime(this.embedder.embed([query], 'query', { ...options, deadlineAt: waitUntil }), waitUntil, options.signal);
    const values = embedding.status === 'done' ? embedding.value[0] : undefined;
    if (values !== undefined) return { values, modelId: state.model.id };
    missingArms.add('vectors');
    return null;
  }

  private async askIndex(
    request: RecallRequest,
    analysis: QueryAnalysis,
    vector: EmbeddedQuery | null,
    timeWindow: { readonly from: number; readonly to: number } | null,
    deadlineAt: number,
    options: CallOptions,
    missingArms: Set<string>,
  ): Promise<ArmHits> {
    if (!analysis.hasContent) return NO_HITS;
    const facts = request.limits.fact > 0 ? (['fact', 'turn'] as const) : [];
    const preferences = request.limits.preference > 0 ? (['preference'] as const) : [];
    const search = this.index.search(
      {
        scope: request.scope,
        analysis,
        vector: vector?.values ?? null,
        vectorModelId: vector?.modelId ?? null,
        filter: request.filter,
        kinds: [...facts, ...preferences],
        timeWindow,
        topK: TOP_K,
      },
      { ...options, deadlineAt },
    );
    const hits = await inTime(search, deadlineAt, options.signal);
    if (hits.status === 'done') return hits.value;
    missingArms.add('words');
    if (vector !== null) missingArms.add('vectors');
    return NO_HITS;
  }

  /** Union of the arms by id; the overlay's newer knowledge replaces, adds and removes. */
  private candidatesOf(request: RecallRequest, hits: ArmHits, overlay: Overlay): readonly RecallCandidate[] {
    const candidates = new Map<string, RecallCandidate>();
    for (const hit of [...hits.words, ...hits.vectors, ...hits.window]) {
      if (candidates.has(hit.document.id)) continue;
      candidates.set(hit.document.id, {
        document: hit.document,
        features: hit.features ?? null,
        lexical: armOf(hits.words, hit.document.id),
        cosine: hits.cosines.get(hit.document.id) ?? null,
        overlay: false,
      });
    }
    const take = (document: RecallCandidate['document']): void => {
      const known = candidates.get(document.id);
      candidates.set(document.id, { document, lexical: known?.lexical ?? null, cosine: known?.cosine ?? null, overlay: true });
    };
    for (const memory of overlay.memories) {
      if (memory.status === 'current') take(documentOfMemory(memory));
      else candidates.delete(memory.id);
    }
    let characters = OVERLAY_CHARACTERS;
    for (const turn of overlay.turns) {
      if (characters <= 0) break;
      const document = documentOfMessage(turn, 0);
      take({ ...document, text: document.text.slice(0, characters) });
      characters -= document.text.length;
    }
    return [...candidates.values()].filter(
      ({ document }) =>
        request.limits[document.kind === 'preference' ? 'preference' : 'fact'] > 0 &&
        (request.filter === null || matchesFilter(document, request.filter)),
    );
  }

  /** The last word is the records': what they do not confirm is not returned. */
  private async check(
    request: RecallRequest,
    epoch: number,
    scored: ReturnType<typeof scoreCandidates>,
    hits: ArmHits,
  ): Promise<Selection> {
    const worthChecking = scored.filter((candidate) => candidate.relativity >= request.minRelativity).slice(0, TOP_K * 2);
    const ids = new Set([...worthChecking.map((candidate) => candidate.document.id), ...request.explainIds]);
    const checked =
      ids.size === 0
        ? { memories: new Map(), turns: new Map(), absent: new Map() }
        : await this.records.check(request.scope, epoch, [...ids]);
    return selectItems({ request, scored, checked, hits, recallTurns: this.settings.recallTurns });
  }

  private nothing(state: 'timeout', missingArms: readonly string[], startedAt: number, embedMs: number, indexMs: number): RecallResult {
    return {
      state,
      facts: [],
      preferences: [],
      absences: [],
      missingArms,
      timings: { embedMs, indexMs, totalMs: performance.now() - startedAt },
    };
  }
}

function armOf(hits: ArmHits['words'], id: string): RecallCandidate['lexical'] {
  const hit = hits.find((each) => each.document.id === id);
  return hit === undefined ? null : { rank: hit.rank, score: hit.score };
}

function stateOf(candidates: number, selection: Selection, missingArms: ReadonlySet<string>): RecallResult['state'] {
  if (missingArms.size > 0) return 'degraded';
  if (selection.items.facts.length + selection.items.preferences.length > 0) return 'ok';
  return candidates === 0 ? 'empty' : 'below_threshold';
}
