import {
  analyseQuery,
  calibrationOf,
  type FittedCalibration,
  readTimeWindow,
  type RecallCandidate,
  scoreCandidates,
} from '@continuo/domain';
import type { CallOptions, EmbeddingModel, TokenCounter } from '@continuo/ports';
import { inTime } from './in-time.ts';

export interface RerankInput {
  readonly projectId: string;
  readonly query: string;
  readonly documents: readonly string[];
  /** Null: all. */
  readonly topN: number | null;
}

export interface RankedDocument {
  /** Its place in the list that was sent. */
  readonly index: number;
  readonly text: string;
  /** 0–1. */
  readonly score: number;
}

export interface RerankResult {
  readonly results: readonly RankedDocument[];
  readonly tokens: number;
}

export interface RerankSettings {
  readonly timeZone: string;
  /** How long meaning is waited for before the words go alone. */
  readonly embedTimeoutMs: number;
  /** As for a search. */
  readonly calibration?: FittedCalibration | null;
}

/** Passages embedded together; more would keep the model from the searches of others. */
const EMBEDDED_TOGETHER = 8;

/** Orders texts by how well they answer a query, with the measure that memories are recalled by. */
export class RerankDocuments {
  private readonly embedder: EmbeddingModel;
  private readonly tokens: TokenCounter;
  private readonly settings: RerankSettings;

  constructor(embedder: EmbeddingModel, tokens: TokenCounter, settings: RerankSettings) {
    this.embedder = embedder;
    this.tokens = tokens;
    this.settings = settings;
  }

  async execute({ projectId, query, documents, topN }: RerankInput, options: CallOptions): Promise<RerankResult> {
    const now = Date.now();
    const analysis = analyseQuery(query);
    const state = this.embedder.state();
    const embedded = state.status === 'ready' && analysis.hasContent ? await this.cosines(query, documents, now, options) : null;
    const candidates = documents.map((text, index): RecallCandidate => ({
      document: {
        id: String(index).padStart(8, '0'),
        scope: { projectId, subject: 'user:nobody' },
        kind: 'fact',
        role: null,
        origin: 'user',
        about: null,
        conversationId: '',
        place: null,
        sourceMessageIds: [],
        text,
        keys: [],
        source: '',
        labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
        statedAt: now,
        createdAt: now,
        updatedAt: now,
        eventTime: null,
        indexVersion: 1,
      },
      lexical: null,
      cosine: embedded?.[index] ?? null,
      overlay: false,
    }));
    const scored = scoreCandidates(analysis, candidates, {
      now,
      conversationId: null,
      timeWindow: readTimeWindow(query, now, this.settings.timeZone),
      calibration: state.status === 'ready' ? calibrationOf(state.model.id, this.settings.calibration) : null,
    });
    const results = scored.map(({ document, relativity }) => ({ index: Number(document.id), text: document.text, score: relativity }));
    return { results: results.slice(0, topN ?? results.length), tokens: this.tokens.count([query, ...documents].join('\n')) };
  }

  /** Of each document with the query; null when they are late or fail: half of them would make the others incomparable. */
  private async cosines(query: string, documents: readonly string[], now: number, options: CallOptions): Promise<readonly number[] | null> {
    const deadlineAt = Math.min(options.deadlineAt ?? Number.POSITIVE_INFINITY, now + this.settings.embedTimeoutMs);
    const limited = { ...options, deadlineAt };
    const vectors = async (): Promise<readonly number[]> => {
      const [asked] = await this.embedder.embed([query], 'query', limited);
      const cosines: number[] = [];
      for (let start = 0; start < documents.length && Date.now() < deadlineAt; start += EMBEDDED_TOGETHER) {
        const embedded = await this.embedder.embed(documents.slice(start, start + EMBEDDED_TOGETHER), 'passage', limited);
        cosines.push(...embedded.map((vector) => product(vector, asked ?? vector)));
      }
      return cosines;
    };
    const found = await inTime(vectors(), deadlineAt, options.signal);
    return found.status === 'done' && found.value.length === documents.length ? found.value : null;
  }
}

const product = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);
