import { calibrationOf, type FittedCalibration, scoreCandidates } from '@continuo/domain';
import type {
  ArmHits,
  CallOptions,
  EmbeddingModel,
  MemoryIndex,
  RecallApi,
  RecallRecords,
  RecallRequest,
  RecallResult,
  RecallSpace,
} from '@continuo/ports';
import { candidatesOfAll, type FoundSpace } from './candidates.ts';
import { checkSpaces } from './check-spaces.ts';
import { inTime } from './in-time.ts';
import { searchOthers, usedSpaces } from './other-spaces.ts';
import { mayBeShown } from './memories-for-turns.ts';
import { type EmbeddedQuery, SearchRun } from './search-run.ts';
import { NO_ITEMS, selectItems, type SelectedItems } from './select-items.ts';
import { kindsToFind } from './views.ts';

/** Candidates per arm: a turn is also known by the turns around it, which must be among them (docs/quality.md). */
const TOP_K = 150;

/** More than is ever returned, so that what the last check drops can be made up for. */
const MOST_CHECKED = 200;

export interface RecallSettings {
  /** A search answers within this time with what it has. */
  readonly timeoutMs: number;
  /** How long the words wait for the embedded query before they go alone. */
  readonly embedTimeoutMs: number;
  /** on: messages can be recalled verbatim until better is known; fresh: only until they were mined. */
  readonly recallTurns: 'on' | 'fresh';
  readonly timeZone: string;
  /** Of the embedder in use; absent or null: what is built in. */
  readonly calibration?: FittedCalibration | null;
}

const NO_HITS: ArmHits = { words: [], vectors: [], window: [], cosines: new Map() };

/**
 * A query into ranked memories of one or several spaces. An arm that is late or down is left out, and the result says so; only without
 * the records of the caller's own space there is nothing.
 */
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
    const run = new SearchRun(request, options, this.settings);
    const overlayReading = inTime(this.records.overlay(request.scope), run.deadlineAt, options.signal);
    const used = usedSpaces(this.records, run);
    // They are awaited later; an abort before that must not go unhandled.
    for (const reading of [overlayReading, used]) reading.catch(() => undefined);
    const vector = request.embed === false || run.without.has('vectors') ? null : await this.embedQuery(run);
    run.embedded(vector?.modelId ?? null);

    const elsewhere = used.then((spaces) =>
      searchOthers(this.records, run, spaces, (space) => this.askIndex(run, space, vector, run.rangeFor(true))),
    );
    const [hits, others] = await Promise.all([this.askIndex(run, run.own, vector, run.rangeFor(false)), elsewhere]);
    run.indexAsked();
    const overlay = await overlayReading;
    if (overlay.status !== 'done') return this.timeout(run, 'overlay');
    return this.rank(run, [{ space: run.own, elsewhere: false, hits, overlay: overlay.value }, ...others]);
  }

  /** One scoring over all spaces, so that what is rare and what is covered are the same for all of them. */
  private async rank(run: SearchRun, found: readonly FoundSpace[]): Promise<RecallResult> {
    const { request } = run;
    const candidates = candidatesOfAll(found, request.limits);
    const identity = this.embedder.state();
    const scored = scoreCandidates(run.analysis, candidates, {
      now: run.now,
      conversationId: request.conversationId,
      timeWindow: run.timeWindow,
      calibration: identity.status === 'ready' ? calibrationOf(identity.model.id, this.settings.calibration) : null,
      without: run.without,
    });
    const worthChecking = scored.filter(mayBeShown(scored, request.minRelativity)).slice(0, MOST_CHECKED);
    const checked = await checkSpaces(this.records, run, found, worthChecking);
    if (checked.status !== 'done') return this.timeout(run, 'check');
    const spaces = found.map(({ space }) => space);
    const items = selectItems({ request, spaces, scored, checked: checked.value, recallTurns: this.settings.recallTurns });
    const missingArms = [...run.missingArms];
    return {
      ...items,
      state: stateOf(candidates.length, items, missingArms),
      missingArms,
      configuration: run.configuration(candidates.length),
      timings: run.timings,
    };
  }

  private async embedQuery({ request, analysis, now, armsUntil, options, missingArms }: SearchRun): Promise<EmbeddedQuery | null> {
    const state = this.embedder.state();
    if (state.status !== 'ready' || !analysis.hasContent) return null;
    const waitUntil = Math.min(armsUntil, now + this.settings.embedTimeoutMs);
    const embedding = await inTime(
      this.embedder.embed([request.query], 'query', { ...options, deadlineAt: waitUntil }),
      waitUntil,
      options.signal,
    );
    const values = embedding.status === 'done' ? embedding.value[0] : undefined;
    if (values !== undefined) return { values, modelId: state.model.id };
    missingArms.add('vectors');
    return null;
  }

  private async askIndex(
    { request, asked: analysis, armsUntil, options, missingArms }: SearchRun,
    { scope, filter }: RecallSpace,
    vector: EmbeddedQuery | null,
    timeWindow: { readonly from: number; readonly to: number } | null,
  ): Promise<ArmHits> {
    const kinds = kindsToFind(request.limits);
    if (!analysis.hasContent || kinds.length === 0) return NO_HITS;
    const embedded = { vector: vector?.values ?? null, vectorModelId: vector?.modelId ?? null };
    const search = this.index.search(
      { scope, analysis, ...embedded, filter, kinds, timeWindow, topK: TOP_K },
      { ...options, deadlineAt: armsUntil },
    );
    const hits = await inTime(search, armsUntil, options.signal);
    if (hits.status === 'done') return hits.value;
    missingArms.add('words');
    if (vector !== null) missingArms.add('vectors');
    return NO_HITS;
  }

  private timeout(run: SearchRun, missing: 'overlay' | 'check'): RecallResult {
    const missingArms = [...new Set([missing, ...run.missingArms])];
    return { state: 'timeout', ...NO_ITEMS, missingArms, configuration: run.configuration(0), timings: run.timings };
  }
}

function stateOf(candidates: number, items: SelectedItems, missingArms: readonly string[]): RecallResult['state'] {
  if (missingArms.length > 0) return 'degraded';
  const lists = [items.facts, items.preferences, items.events, items.tools, items.skills, items.profiles];
  if (lists.some((list) => list.length > 0)) return 'ok';
  return candidates === 0 ? 'empty' : 'below_threshold';
}
