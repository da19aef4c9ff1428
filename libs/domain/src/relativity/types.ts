import type { DocumentContent, Language } from '../memory.ts';
import type { ConceptHit } from '../text/lexicon.ts';
import type { TimeWindow } from '../time/window.ts';
import type { PackedFeatures } from './document-features.ts';

/** One thing a query asks for: a word, a number or a known phrase, with how much it weighs before rarity is known. */
export interface QuerySlot {
  readonly kind: 'word' | 'number' | 'run';
  /** Folded. */
  readonly form: string;
  /** Stems that must be there for a full match, function words left out; none: only its topics can match. */
  readonly stems: readonly string[];
  /** All stems of a phrase that a function word makes what it is ("how old"), to be met by the same phrase; null: its stems suffice. */
  readonly phrase: string | null;
  readonly parts: readonly string[];
  readonly concepts: readonly ConceptHit[];
  /** True for a name or a word for somebody ("my sister"). */
  readonly isPerson: boolean;
  readonly weight: number;
}

export interface QueryClause {
  readonly slots: readonly QuerySlot[];
}

/** A query as the domain reads it. Plain data: it may cross a wire. */
export interface QueryAnalysis {
  readonly text: string;
  /** `statementKey` of the text: a turn with the same one is the question itself. */
  readonly key: string;
  readonly language: Language;
  /** Words to search by, each once, at most 64. Empty when the text asks for nothing. */
  readonly terms: readonly string[];
  /** Index terms of the topics asked for; to be searched with a lower weight than `terms`. */
  readonly concepts: readonly string[];
  /** Never holds a clause without slots. */
  readonly clauses: readonly QueryClause[];
  readonly contentTermCount: number;
  /** Greeting, thanks, assent, a sum: nothing is to be recalled. */
  readonly isSmallTalk: boolean;
  /** False: nothing is asked for that could be recalled; neither words nor vectors need be searched. */
  readonly hasContent: boolean;
  /** "What do you know about me?": the newest memories answer it, whatever their words. */
  readonly asksForProfile: boolean;
  /** "What did you recommend?": what the assistant said counts in full. */
  readonly asksWhatAssistantSaid: boolean;
  /**
   * What it asks about: the user ("where do I live"), somebody it names ("what does Mia study"), the world that everybody lives in
   * ("how do planes fly"), or, as a wish for advice or plans does, whatever bears on it.
   */
  readonly asksAbout: 'self' | 'somebody' | 'world' | 'anything';
  /** Capitalised words that are no known topic, folded. */
  readonly names: readonly string[];
}

export interface RecallCandidate {
  readonly document: DocumentContent;
  /** What an index read in this very document; absent or null: it is read now. */
  readonly features?: PackedFeatures | null;
  /** Place in the words arm; null: not found there. Explains, never scores: stores rank differently. */
  readonly lexical: { readonly rank: number; readonly score: number } | null;
  /** Null: the document or the query has no vector. */
  readonly cosine: number | null;
  /** True when it came from the records because the index does not hold it yet. */
  readonly overlay: boolean;
  /** True for what is of another space than the caller's own: what is public, a knowledge base. Absent: false. */
  readonly elsewhere?: boolean;
}

/** Maps cosines to 0–1 by a logistic curve. */
export interface CosineScale {
  /** The cosine at which a text is as likely worth recalling as not. */
  readonly midpoint: number;
  /** Steepness: a cosine of `midpoint + spread` is worth recalling with probability .73. */
  readonly spread: number;
}

/** An embedder's cosines lie elsewhere for each pair of scripts: small multilingual ones put all short Chinese sentences close together. */
export interface EmbedderCalibration {
  /** Query and document in scripts with spaces. */
  readonly words: CosineScale;
  /** Both in scripts without spaces. */
  readonly runs: CosineScale;
  /** One of each. */
  readonly across: CosineScale;
}

/**
 * What finds and orders memories, each of which can be left out of one search to see what it is worth: words and vectors, what was said
 * around a turn, an answer by its question, who said it, when, that it only asks, that an assistant said it, and repeats shown once.
 */
export const RECALL_SIGNALS = [
  'words',
  'vectors',
  'neighbours',
  'reply',
  'speaker',
  'date',
  'question',
  'assistant',
  'recency',
  'collapse',
] as const;
export type RecallSignal = (typeof RECALL_SIGNALS)[number];

export interface ScoringContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly conversationId: string | null;
  readonly timeWindow: TimeWindow | null;
  /** Null: the embedder is unknown, a cautious map is used. */
  readonly calibration: EmbedderCalibration | null;
  /** Signals that are left out; absent: none. */
  readonly without?: ReadonlySet<string>;
}

/** both: words and vectors · words: no vector yet · vectors: no word in common. */
export type ScoreFit = 'both' | 'words' | 'vectors';

/** How a relativity came about. */
export interface ScoreExplanation {
  /** Share of what the query asks for that the document answers, 0–1. */
  readonly coverage: number;
  /** Relativity by words alone, 0–1. */
  readonly lexicalPart: number;
  /** Relativity by vectors alone, 0–1; null without a vector. */
  readonly cosinePart: number | null;
  readonly fit: ScoreFit;
  /** Factors applied, by rule; of `neighbours`, `reply`, `speaker` and `timeWindow` what they added. A rule without effect is left out. */
  readonly boosts: Readonly<Record<string, number>>;
  /** Words and topics of the query that were found. */
  readonly matched: readonly string[];
  readonly lexicalRank: number | null;
  readonly cosine: number | null;
}

export interface ScoredCandidate extends RecallCandidate {
  /** 0–1. */
  readonly relativity: number;
  readonly explanation: ScoreExplanation;
}

/** What is worth putting into a prompt. */
export const DEFAULT_MIN_RELATIVITY = 0.45;
