import type { Scope } from './scope.ts';

export type MessageRole = 'user' | 'assistant' | 'system' | 'tool';

/** Labels a caller puts on a write; kept on its messages and on every memory drawn from them. */
export interface Labels {
  readonly tags: readonly string[];
  /** Any JSON value per key; only scalars and arrays of strings can be filtered by. */
  readonly info: Readonly<Record<string, unknown>>;
  readonly appId: string | null;
  readonly agentId: string | null;
  /** Users and agents it concerns: the participants of a group chat, the writer of what is public. */
  readonly relatedIds: readonly string[];
}

/** What the caller wants made of its messages. */
export interface ExtractionOptions {
  /** Kinds of memory to make, in the contract's names; null: all. */
  readonly views: readonly string[] | null;
  /** Instructions for the model, by view, `image` or `document`. */
  readonly instructions: Readonly<Record<string, string>>;
}

/** said: part of a conversation · feedback: tells what to change; never part of a transcript. */
export type MessagePurpose = 'said' | 'feedback';

/** What a caller says, before it has an id. */
export interface NewMessage {
  readonly role: MessageRole;
  /** The text; the text parts joined by line feeds where the content came in parts. */
  readonly content: string;
  /** The content as sent when it was more than text (parts, tool calls), to be given back as it was; else null. */
  readonly parts: unknown;
  /** Epoch milliseconds the caller gave; null: not given. */
  readonly chatTime: number | null;
  readonly roleName: string | null;
  /** Who speaks in a group chat, by id; null: the subject, or its assistant. */
  readonly speakerId: string | null;
}

/** pending: to be mined · processed: mined · unmined: kept, never mined (a partial answer, a deleted turn, a transcript that outlived an erasure). */
export type MessageState = 'pending' | 'processed' | 'unmined';

/** What was said. Never edited, only erased. */
export interface Message extends NewMessage {
  readonly id: string;
  readonly scope: Scope;
  readonly conversationId: string;
  /** Rises over the whole store in the order of arrival; tells old evidence from new. */
  readonly sequence: number;
  /** Where it stands in its conversation: rises by one with each message said there. 0 is the first. */
  readonly place: number;
  /** Its own words that are not recalled any more: quotes of memories that were deleted, denied or replaced. Transcripts keep them. */
  readonly withheld: readonly string[];
  readonly state: MessageState;
  /** True for an answer that its client cut short. */
  readonly partial: boolean;
  readonly labels: Labels;
  readonly purpose: MessagePurpose;
  /** Null: everything is made of it. */
  readonly extraction: ExtractionOptions | null;
  readonly taskId: string;
  /** Epoch milliseconds of arrival. */
  readonly createdAt: number;
}

/** When it was said: the time the caller gave, else the time of arrival. Epoch milliseconds. */
export const saidAt = (message: Pick<Message, 'chatTime' | 'createdAt'>): number => message.chatTime ?? message.createdAt;
