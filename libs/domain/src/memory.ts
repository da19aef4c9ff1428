import type { MemoryDetails } from './memory-details.ts';
import type { Labels, MessageRole } from './message.ts';
import type { Scope } from './scope.ts';

export type Language = 'en' | 'zh' | 'ja' | 'other';
/**
 * fact · preference · event: a happening that is to be seen in the event view alone (a dated fact is in both) · tool: what a tool is, or
 * how using it went · skill: how a task is done · profile: one field of a bound profile.
 */
export const MEMORY_KINDS = ['fact', 'preference', 'event', 'tool', 'skill', 'profile'] as const;
export type MemoryKind = (typeof MEMORY_KINDS)[number];

/** A value for each kind of memory. */
export const forEachKind = <Value>(value: (kind: MemoryKind) => Value): Readonly<Record<MemoryKind, Value>> => ({
  fact: value('fact'),
  preference: value('preference'),
  event: value('event'),
  tool: value('tool'),
  skill: value('skill'),
  profile: value('profile'),
});
export type Origin = 'user' | 'assistant' | 'tool' | 'document';

/** current: recalled · superseded: history, replaced by a later one · deleted: by the caller. */
export type MemoryStatus = 'current' | 'superseded' | 'deleted';

/** What a memory says, apart from where it is kept. Extraction makes candidates of this shape. */
export interface Statement {
  readonly kind: MemoryKind;
  /** Of a preference: explicit when the user said it, implicit when inferred; null for facts. */
  readonly preferenceType: 'explicit' | 'implicit' | null;
  /** Why an implicit preference was inferred; empty otherwise. */
  readonly reasoning: string;
  /** A few words, in the language of the text. */
  readonly title: string;
  /** One self-contained sentence in the speaker's language; relative dates resolved where there were any. */
  readonly text: string;
  readonly language: Language;
  /** The slot that can hold one value at a time, for example `home.city`; null when several may stand side by side. */
  readonly topicKey: string | null;
  /** The value in that slot, normalised for comparison (`lyon`); null without a slot. */
  readonly topicValue: string | null;
  /** True when the statement says that something no longer or never holds ("I don't smoke any more"). */
  readonly negated: boolean;
  /** A named third party the statement is about ("my sister Mia"); null: the subject. */
  readonly about: string | null;
  readonly origin: Origin;
  /** Names of people, places, brands, things. */
  readonly entities: readonly string[];
  /** Words by which it should be found besides those of the text: concepts in both languages, the slot's name. */
  readonly keyPhrases: readonly string[];
  /** When the thing happens or happened: epoch milliseconds of start and end (exclusive), from a resolved expression; null: none named. */
  readonly eventTime: TimeRange | null;
  /** 0–1. */
  readonly confidence: number;
  /** What its kind holds besides the text. */
  readonly details: MemoryDetails;
}

/** Half open: `from` inclusive, `to` exclusive. Epoch milliseconds. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** A memory just extracted, not yet reconciled. */
export interface Candidate extends Statement {
  /** Messages it rests on, in order; never empty. */
  readonly sourceMessageIds: readonly string[];
  /** The words it was drawn from, verbatim from those messages. */
  readonly quotes: readonly string[];
  /** When it was said (epoch milliseconds): the latest source's `saidAt`. */
  readonly statedAt: number;
  /** `rules`, or `model:<upstream name>`. */
  readonly extractor: string;
}

/** A kept statement about a subject. */
export interface Memory extends Statement {
  readonly id: string;
  readonly scope: Scope;
  readonly conversationId: string;
  readonly sourceMessageIds: readonly string[];
  readonly quotes: readonly string[];
  /** How many times it was said, the first included. */
  readonly evidence: number;
  readonly statedAt: number;
  /** `sequence` of the newest source message; compared with denials. */
  readonly sourceSequence: number;
  readonly status: MemoryStatus;
  readonly supersededBy: string | null;
  /** From when to when it held, epoch milliseconds; `validTo` null: still does. */
  readonly validFrom: number;
  readonly validTo: number | null;
  readonly labels: Labels;
  readonly extractor: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Raised by every change of what is indexed. */
  readonly indexVersion: number;
}

/** What was denied or deleted: blocks older evidence from bringing it back. A newer statement lifts it. */
export interface Denial {
  readonly normalisedText: string;
  readonly topicKey: string | null;
  readonly topicValue: string | null;
  /** Evidence up to and including this message sequence is blocked. */
  readonly throughSequence: number;
  /** When the denied memory was stated (epoch milliseconds): what was said no later is old evidence, whenever it arrives. */
  readonly statedAt: number;
}

/** A document of the memory index: a memory, or a message that can be recalled verbatim. */
export interface IndexedDocument extends DocumentContent {
  /** Null until the vector has arrived. */
  readonly vector: Float32Array | null;
  /** The model that made the vector; null without one. Vectors of two models are never compared. */
  readonly vectorModelId: string | null;
}

/** What an indexed document says, without its vector. */
export interface DocumentContent {
  readonly id: string;
  readonly scope: Scope;
  readonly kind: MemoryKind | 'turn';
  readonly role: MessageRole | null;
  /** Whose words it rests on. */
  readonly origin: Origin;
  /** A named third party it is about; null: the subject. */
  readonly about: string | null;
  readonly conversationId: string;
  /** Of a turn: where it stands in its conversation; null for memories. */
  readonly place: number | null;
  /** The turns it rests on: of a turn itself alone. */
  readonly sourceMessageIds: readonly string[];
  /** What is searched by words: the text. */
  readonly text: string;
  /** Entities and key phrases, searched by words, too. */
  readonly keys: readonly string[];
  /** The words it came from, when they differ from the text. */
  readonly source: string;
  readonly labels: Labels;
  readonly statedAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly eventTime: TimeRange | null;
  readonly indexVersion: number;
}
