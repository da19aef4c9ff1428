import type {
  ExtractionOptions,
  Filter,
  IndexedDocument,
  Labels,
  Memory,
  MemoryKind,
  Message,
  MessagePurpose,
  NewMessage,
  Scope,
  SubjectKey,
} from '@continuo/domain';
import type { IndexEntry } from './index.port.ts';

/*
 * The records are the truth. Adapters: the same Kysely classes on SQLite and Postgres; suites `describe…RecordsContract`.
 * Every method throws AppError `records_unavailable` when the store cannot be reached; each is atomic.
 */

// ── Projects and keys ────────────────────────────────────────────────────────────────────────────────────────────────

export interface Project {
  readonly id: string;
  readonly createdAt: number;
  readonly settings: ProjectSettings;
}

/** What an operator can set for one project; null: as the installation is configured. */
export interface ProjectSettings {
  /** Agents have memories of their own. Default false: an agent is a label. */
  readonly independentAgents: boolean;
  /** The contract's strict forms. */
  readonly strict: boolean | null;
  /** `/get/status` answers with a list, as clients up to 2.0.23 expect. */
  readonly legacyStatusList: boolean | null;
  /** Transcripts of mined messages are erased after so many days; null: kept. */
  readonly retentionDays: number | null;
  readonly limits: ProjectLimits;
}

/** Most of each a minute, over all keys of the project; null: no limit. */
export interface ProjectLimits {
  /** Requests to each endpoint; a group chat of n participants counts n times. */
  readonly requestsPerMinute: number | null;
  /** Tokens of all inputs. */
  readonly inputTokensPerMinute: number | null;
  /** Tokens of the questions to chats, and of their answers, a UTC day. */
  readonly chatRequestTokensPerDay: number | null;
  readonly chatAnswerTokensPerDay: number | null;
}

/** How a project is until somebody says otherwise. */
export const DEFAULT_PROJECT_SETTINGS: ProjectSettings = {
  independentAgents: false,
  strict: null,
  legacyStatusList: null,
  retentionDays: null,
  limits: { requestsPerMinute: null, inputTokensPerMinute: null, chatRequestTokensPerDay: null, chatAnswerTokensPerDay: null },
};

/** A key as it is listed: never its value. */
export interface ApiKey {
  readonly id: string;
  readonly projectId: string;
  /** First characters of the key, to tell keys apart by eye. */
  readonly hint: string;
  readonly label: string;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

export interface ProjectRecords {
  /** Creates the project unless it exists; ids are 1–64 characters of `a-z 0-9 - _`. Returns whether it was created. */
  create(projectId: string, now: number): Promise<boolean>;
  list(): Promise<readonly Project[]>;
  find(projectId: string): Promise<Project | null>;
  /** @throws AppError `not_found` for an unknown project. */
  saveSettings(projectId: string, settings: ProjectSettings): Promise<void>;
  /** @param keyHash SHA-256 of the key, hex. @throws AppError `not_found` for an unknown project. */
  addKey(input: {
    readonly projectId: string;
    readonly keyHash: string;
    readonly hint: string;
    readonly label: string;
    readonly now: number;
  }): Promise<ApiKey>;
  listKeys(projectId: string | null): Promise<readonly ApiKey[]>;
  /** @param at when it ends: now, or later for a key that was rotated. False when there is no such live key. */
  revokeKey(keyId: string, at: number): Promise<boolean>;
  /** The project a live key opens, or null. */
  projectOfKey(keyHash: string): Promise<Project | null>;
}

// ── Messages and their tasks ─────────────────────────────────────────────────────────────────────────────────────────

export interface AppendInput {
  readonly scope: Scope;
  readonly conversationId: string;
  readonly messages: readonly (NewMessage & { readonly partial: boolean; readonly recallable: boolean })[];
  readonly labels: Labels;
  readonly purpose: MessagePurpose;
  readonly extraction: ExtractionOptions | null;
  /**
   * Further spaces that receive the same messages in the same transaction: the other participants of a group chat, the public space,
   * knowledge bases. Each is mined in its own lane; the task of this append ends when all have. Aligned with their own conversations.
   */
  readonly copies: readonly Scope[];
  /**
   * history: the caller may have sent some of it before; it is aligned with the conversation (`alignWithConversation` of the
   * domain) and only the rest is appended. turn: appended as it is. told: a question and its answer, the last two, behind the history
   * as their client tells it; what of it the conversation holds (`recogniseTold` of the domain) is not appended again, and of that what
   * was kept `unmined` of a turn cut short becomes `pending` when it is to be mined. The answer is always appended.
   */
  readonly mode: 'history' | 'turn' | 'told';
  /** False: stored as `unmined`. */
  readonly mine: boolean;
  readonly now: number;
  /**
   * Finishes this request in the same transaction, so that a repeat finds the answer with the turn or neither. When somebody else
   * has answered it meanwhile, nothing is appended and the stored turn is returned; when its row is gone, because the subject was
   * erased, nothing is appended and the task is `failed` with the reason `erased`.
   */
  readonly answered: {
    readonly requestId: string;
    /** Null: the id of the task. */
    readonly answer: string | null;
  } | null;
  /**
   * The turn was cut short: its messages are remembered with this request, so that the same request replaces them. Unless the
   * request is still running with this owner, nothing is appended: who has taken it over stores the turn.
   */
  readonly cutShort: { readonly requestId: string; readonly owner: string } | null;
  /** Ids of messages this append replaces: the partial turn of the same request. They are erased. */
  readonly replaces: readonly string[];
}

export interface AppendResult {
  /** The new task; when nothing was new, the task of the last message that was recognised. */
  readonly taskId: string;
  /** What the conversation now holds of the messages sent, in their order. */
  readonly messages: readonly Message[];
  /** How many are new, or to be mined after all. */
  readonly appended: number;
}

export interface MessageRecords {
  /** Messages, conversation, subject, task, outbox rows of recallable messages: one transaction. Locks the conversation, never the subject. */
  append(input: AppendInput): Promise<AppendResult>;
  /**
   * The newest `limit` messages of the roles, oldest first. An unknown conversation is empty.
   * @param erased whether transcripts that were kept through an erasure belong to it: for reading, never for a prompt.
   */
  latest(
    scope: Scope,
    conversationId: string,
    query: { readonly roles: readonly Message['role'][]; readonly limit: number; readonly erased: 'included' | 'left_out' },
  ): Promise<readonly Message[]>;
  /** The conversation of the newest message of this role with these very words, of the subject's present epoch; null: there is none. */
  conversationHolding(scope: Scope, message: Pick<NewMessage, 'role' | 'content'>): Promise<string | null>;
  /** Unknown ids, and ids of other scopes, are left out. */
  byIds(scope: Scope, ids: readonly string[]): Promise<readonly Message[]>;
  /**
   * Erases the messages of a project that arrived before this, except those that still wait to be mined. Memories stay, with their quotes,
   * and name fewer sources. Page by page, each page whole. Returns how many.
   */
  sweepTranscripts(projectId: string, beforeMs: number, now: number): Promise<number>;
}

export type TaskReason = 'no_facts' | 'duplicate' | 'parse_failed' | 'provider_unavailable' | 'budget_exceeded' | 'erased';

export interface Task {
  readonly id: string;
  readonly scope: Scope;
  readonly status: 'running' | 'completed' | 'failed';
  readonly added: number;
  readonly updated: number;
  readonly deleted: number;
  /** The task that ends when this one and its siblings have; null for most. */
  readonly parentId: string | null;
  /** Memories touched, by kind. */
  readonly memoryIds: Readonly<Record<MemoryKind, readonly string[]>>;
  readonly reason: TaskReason | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

export interface TaskRecords {
  find(projectId: string, taskId: string): Promise<Task | null>;
  /** Forgets tasks that ended before this (epoch milliseconds). Their messages and memories stay. */
  sweep(beforeMs: number): Promise<void>;
}

// ── Requests, for repeats ────────────────────────────────────────────────────────────────────────────────────────────

export interface RequestBegin {
  readonly scope: Scope;
  readonly kind: 'add' | 'chat';
  /** SHA-256 over project, path and canonical body. */
  readonly fingerprint: string;
  /** The caller's `Idempotency-Key`, or null. With one, a repeat is what carries the same key, whatever the delivery. */
  readonly idempotencyKey: string | null;
  /** Who works on it: unique per process. */
  readonly owner: string;
  readonly now: number;
  /** The lease: after this long without renewal somebody else may take over. */
  readonly leaseMs: number;
  /** How long an undelivered answer, or one under an `Idempotency-Key`, is given again. */
  readonly keepMs: number;
}

export type RequestBeginning =
  /** The caller runs it; `replaces` are the messages of this same request's partial turn. */
  | { readonly status: 'started'; readonly requestId: string; readonly replaces: readonly string[] }
  /** Somebody runs it: wait with `await`. */
  | { readonly status: 'running'; readonly requestId: string }
  /** Its answer could not be delivered: give it again. */
  | { readonly status: 'answered'; readonly requestId: string; readonly answer: string };

export interface RequestRecords {
  /**
   * A row whose lease has ended is taken over (`started`) under the same id. A delivered chat without an `Idempotency-Key` is never a
   * repeat. @throws AppError `invalid_request` for an `Idempotency-Key` that came with another fingerprint.
   */
  begin(input: RequestBegin): Promise<RequestBeginning>;
  /** Extends the lease. False when somebody else has taken over. */
  renew(requestId: string, owner: string, leaseUntil: number): Promise<boolean>;
  /** The answer for joiners when it was not stored with a turn. */
  answer(requestId: string, answer: string, now: number): Promise<void>;
  /** The answer reached its client. */
  delivered(requestId: string): Promise<void>;
  /** It failed: the next repeat runs anew. */
  abandon(requestId: string): Promise<void>;
  /** What a joiner polls: the state now; null when the row is gone. */
  state(
    requestId: string,
    now: number,
  ): Promise<{ readonly status: 'running' | 'orphaned' } | { readonly status: 'answered'; readonly answer: string } | null>;
  /** Forgets rows older than this. */
  sweep(beforeMs: number): Promise<void>;
}

// ── The inbox: from pending messages to memories ─────────────────────────────────────────────────────────────────────

/** The oldest pending messages of one subject, all of one conversation, in order. */
export interface InboxBatch {
  readonly scope: Scope;
  readonly conversationId: string;
  readonly epoch: number;
  /** The subject's revision the batch was read at. */
  readonly revision: number;
  readonly messages: readonly Message[];
  /** Up to ten messages before them, for what is only understood with the turn before. */
  readonly context: readonly Message[];
  /** What an earlier attempt wrote down, or null. */
  readonly journal: unknown;
  /** Attempts that failed by the model's fault so far. */
  readonly attempts: number;
}

/** What one batch does to the memories of its subject. */
export interface BatchChanges {
  readonly insert: readonly Memory[];
  /** Exact repeats: their evidence, sources and quotes grow. Counted as `updated` only when the text changed. */
  readonly evidence: readonly {
    readonly id: string;
    readonly sourceMessageIds: readonly string[];
    readonly quotes: readonly string[];
    readonly sourceSequence: number;
  }[];
  /** Messages that are not to be recalled verbatim any more: what they say was superseded or denied. The answers to them go with them. */
  readonly hide: readonly string[];
  /**
   * Of these messages, which are among those of `hide`, only these words are withheld and the rest stays recallable; all of one in which
   * they are not found, or of which nothing would be left. Absent: none.
   */
  readonly withhold?: readonly { readonly messageId: string; readonly quotes: readonly string[] }[];
  /** Known memories that a new one replaces. `validTo`: when they stopped to hold. */
  readonly supersede: readonly { readonly id: string; readonly by: string | null; readonly validTo: number }[];
  /** Rewritten by feedback, each as `MemoryRecords.update` with `endedBy` feedback does it. Counted as `updated`; absent: none. */
  readonly rewrite?: readonly { readonly id: string; readonly edit: MemoryEdit }[];
  /** Denied by feedback, each as `MemoryRecords.deleteByIds` does it. Counted as `deleted`; absent: none. */
  readonly deny?: readonly string[];
  readonly reason: TaskReason | null;
}

export interface InboxRecords {
  /** Null when nothing is pending, or all that is pending waits for its back-off. */
  readBatch(
    scope: Scope,
    limits: { readonly maxMessages: number; readonly maxCharacters: number; readonly now: number },
  ): Promise<InboxBatch | null>;
  /** Written before reconciliation, so that a retry neither pays nor decides twice. Keyed by the batch's messages. */
  writeJournal(batch: InboxBatch, journal: unknown, now: number): Promise<void>;
  /**
   * Locks the subject, then memories, labels, history, outbox, tasks and message states in one transaction.
   * `moved`: the revision is not the batch's any more, nothing was written, read again. `erased`: the epoch moved or the
   * messages are no longer pending (somebody else committed the batch); nothing was written and nothing is to be.
   */
  commit(batch: InboxBatch, changes: BatchChanges, now: number): Promise<'committed' | 'moved' | 'erased'>;
  /** Counts one attempt; the batch waits until `retryAt`. */
  postpone(
    batch: InboxBatch,
    input: { readonly retryAt: number; readonly countsAsAttempt: boolean; readonly reason: TaskReason },
  ): Promise<void>;
  /** Gives up: tasks `failed` with the reason, messages processed (they stay searchable verbatim). */
  fail(batch: InboxBatch, reason: TaskReason, now: number): Promise<void>;
  /** Scopes with pending messages that are due. */
  pendingScopes(now: number, limit: number): Promise<readonly Scope[]>;
  /** Depth and age (milliseconds) of everything pending, for metrics. */
  depth(now: number): Promise<{ readonly messages: number; readonly oldestAgeMs: number }>;
  /** Makes processed messages pending again (`mine`). Returns how many. */
  requeue(input: { readonly projectId: string | null; readonly since: number | null }): Promise<number>;
}

// ── Memories ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface NeighbourQuery {
  readonly topicKeys: readonly string[];
  /** `statementKey` of the domain. */
  readonly statementKeys: readonly string[];
  readonly ids: readonly string[];
  /** Messages whose memories are meant; absent: none. */
  readonly sourceMessageIds?: readonly string[];
}

export interface Neighbours {
  /** The subject's revision these were read at. */
  readonly revision: number;
  /** Memories of any status that match. */
  readonly memories: readonly Memory[];
  readonly denials: readonly import('@continuo/domain').Denial[];
}

export interface MemoryPage {
  readonly items: readonly Memory[];
  readonly total: number;
}

export interface ErasureReport {
  readonly memories: number;
  readonly messages: number;
  readonly vectors: number;
}

/** What a caller changes of a memory. */
export interface MemoryEdit {
  readonly text: string | null;
  readonly title: string | null;
  /** current: recalled again · superseded: archived. */
  readonly status: 'current' | 'superseded' | null;
  /** Of skills and tools, whose contents are more than a text; null: unchanged. */
  readonly details: Memory['details'] | null;
}

/** An earlier wording of a memory that was edited, or a status it had. */
export interface MemoryVersion {
  readonly memoryId: string;
  readonly text: string;
  readonly title: string;
  readonly status: Memory['status'];
  /** What ended it: an edit by the caller, or feedback. */
  readonly endedBy: 'edit' | 'feedback';
  readonly endedAt: number;
}

export interface MemoryRecords {
  /** By id within the project, any status; others are left out. */
  byIds(projectId: string, ids: readonly string[]): Promise<readonly Memory[]>;
  /** Turns that may be recalled, by id within the project; others are left out. */
  turns(projectId: string, ids: readonly string[]): Promise<readonly Message[]>;
  /** Current memories of one kind (under `event` dated facts, too), newest update first, ties by id. `page` from 1. Pages past the end are empty with the true total. */
  list(
    scope: Scope,
    query: { readonly kind: MemoryKind; readonly filter: Filter | null; readonly page: number; readonly size: number },
  ): Promise<MemoryPage>;
  /** What a set of candidates may collide with, and the denials of the subject. */
  neighbours(scope: Scope, query: NeighbourQuery): Promise<Neighbours>;
  /**
   * All or nothing, of memories and of turns, which are messages recalled verbatim. A memory's status and denials are set, and what it
   * quotes of its messages is withheld from recall. A turn is hidden with its answers and never mined from now on, by whoever is about to, either;
   * its statements are denied. One transaction; raises the revision, never the epoch.
   * @param restrictTo only what is of these subjects may be named; null: of any of the project.
   * @throws AppError `memory_not_found`, `memory_forbidden`.
   */
  deleteByIds(projectId: string, ids: readonly string[], restrictTo: readonly SubjectKey[] | null, now: number): Promise<void>;
  /**
   * The same for every current memory of the project's subjects (knowledge bases aside) that the filter matches, and for every turn, where facts
   * are among the kinds; its answers are matched by themselves. Returns how many.
   */
  deleteByFilter(projectId: string, filter: Filter, kinds: readonly MemoryKind[], now: number): Promise<number>;
  /**
   * Changes one memory in place, in one transaction with its history, its label rows, the outbox and the subject's revision. The new
   * wording counts as said now: what arrived before cannot bring the old one back, what it quotes is withheld, and a later
   * statement supersedes it as any other.
   * @throws AppError `memory_not_found` for an id the project does not have, or one that was deleted.
   */
  update(projectId: string, memoryId: string, edit: MemoryEdit, endedBy: MemoryVersion['endedBy'], now: number): Promise<Memory>;
  /** Earlier wordings, newest first. */
  versions(projectId: string, memoryId: string): Promise<readonly MemoryVersion[]>;
  /**
   * Raises the epoch, so everything is invisible at once, and erases memories, messages (unless `keepMessages`: those stay as `unmined`, not recallable),
   * vectors, denials, journals, requests and outbox rows of the subject. Running tasks become failed with reason `erased`. @throws AppError `user_not_found`.
   */
  eraseSubject(scope: Scope, options: { readonly keepMessages: boolean; readonly now: number }): Promise<ErasureReport>;
  /** Erasures whose index documents are still to be removed; `done` forgets one. */
  pendingErasures(): Promise<readonly Scope[]>;
  erasureDone(scope: Scope): Promise<void>;
}

// ── What recall asks of the records ──────────────────────────────────────────────────────────────────────────────────

/** What the index may not know yet. */
export interface Overlay {
  readonly epoch: number;
  /** Newest recallable messages with an outbox row, at most 200, newest first. */
  readonly turns: readonly Message[];
  /** Memories in the outbox as they are now, of any status. */
  readonly memories: readonly Memory[];
}

/** What may be returned, as the records have it now. */
export interface CheckedItems {
  readonly memories: ReadonlyMap<string, Memory>;
  readonly turns: ReadonlyMap<string, Message>;
  /** Of the ids asked for, what this scope has and may not return, and why. */
  readonly absent: ReadonlyMap<string, 'superseded' | 'deleted' | 'hidden'>;
}

export interface RecallRecords {
  /** One statement's worth of work; runs beside the index query. */
  overlay(scope: Scope): Promise<Overlay>;
  /** Which of these scopes anybody ever wrote to, with their epochs: one cheap read for all of them. */
  inUse(scopes: readonly Scope[]): Promise<readonly { readonly scope: Scope; readonly epoch: number }[]>;
  /** Of these ids, the memories that are current and the messages that are neither hidden nor erased, of this scope and epoch alone. */
  check(scope: Scope, epoch: number, ids: readonly string[]): Promise<CheckedItems>;
}

// ── Outbox and vectors ───────────────────────────────────────────────────────────────────────────────────────────────

export interface OutboxItem {
  readonly id: string;
  readonly scope: Scope;
  readonly indexVersion: number;
  /** The row as it is now, its vector of the current model included; null: to be removed from the index. */
  readonly document: IndexedDocument | null;
}

export interface OutboxRecords {
  /** Oldest first. */
  next(limit: number): Promise<readonly OutboxItem[]>;
  /** Forgets items whose version has not risen since. */
  acknowledge(items: readonly Pick<OutboxItem, 'id' | 'indexVersion'>[]): Promise<void>;
  /** Puts everything that is recallable into the outbox again (a lost or rebuilt index). Returns how many. */
  refill(): Promise<number>;
  depth(): Promise<number>;
}

export interface VectorRecords {
  /** The model whose vectors are searched, or null before the first. */
  current(): Promise<{ readonly id: string; readonly dimension: number } | null>;
  /** From now on this model's vectors go into the index; everything recallable enters the outbox again. */
  setCurrent(model: { readonly id: string; readonly dimension: number }): Promise<void>;
  /** Newest first: recallable items without a vector of this model, with the text to embed (`passageOf` of the domain). */
  missing(modelId: string, limit: number): Promise<readonly { readonly id: string; readonly passage: string }[]>;
  /** Raises the items' index version and puts them into the outbox when the model is the current one. Unknown ids are ignored. */
  store(modelId: string, vectors: readonly { readonly id: string; readonly vector: Float32Array }[]): Promise<void>;
  progress(modelId: string): Promise<{ readonly filled: number; readonly total: number }>;
  /** Removes vectors of every other model. */
  dropOthers(modelId: string): Promise<number>;
}

export const PROJECT_RECORDS = Symbol('ProjectRecords');
export const MESSAGE_RECORDS = Symbol('MessageRecords');
export const TASK_RECORDS = Symbol('TaskRecords');
export const REQUEST_RECORDS = Symbol('RequestRecords');
export const INBOX_RECORDS = Symbol('InboxRecords');
export const MEMORY_RECORDS = Symbol('MemoryRecords');
export const RECALL_RECORDS = Symbol('RecallRecords');
export const OUTBOX_RECORDS = Symbol('OutboxRecords');
export const VECTOR_RECORDS = Symbol('VectorRecords');

/** What ought to be in the index, read page by page: to build it anew and to compare. Items still in the outbox are included. */
export interface IndexSource {
  /** Everything recallable with an id greater than this one (null: from the start), in the order of ids as bytes, with vectors of that model (null: without). */
  documents(page: {
    readonly afterId: string | null;
    readonly limit: number;
    readonly modelId: string | null;
  }): Promise<readonly IndexedDocument[]>;
  /** The same without the documents; `waiting`: still in the outbox, so that a difference says nothing. */
  entries(page: {
    readonly afterId: string | null;
    readonly limit: number;
  }): Promise<readonly (IndexEntry & { readonly waiting: boolean })[]>;
  /**
   * Puts these into the outbox again as they are now, in a version above both their own and the one given (what the index holds of
   * it, or the records). Ids that are not recallable in that scope are put there to be removed.
   */
  putBack(entries: readonly IndexEntry[]): Promise<void>;
}

export const INDEX_SOURCE = Symbol('IndexSource');

// ── Work that one process does for all ───────────────────────────────────────────────────────────────────────────────

export interface ExclusiveWork {
  /** Does the work unless another process (or this one) is doing work of that name now. False: not done. A process that dies lets go at once. */
  attempt(name: string, work: () => Promise<void>): Promise<boolean>;
}

export const EXCLUSIVE_WORK = Symbol('ExclusiveWork');

// ── Background tokens ────────────────────────────────────────────────────────────────────────────────────────────────

/** Tokens spent, per project and UTC day: by background work under `YYYY-MM-DD`, by chats under the day and `chat requests` or `chat answers`. */
export interface UsageRecords {
  /** @param tokens less than 0 takes back what was counted. */
  add(projectId: string, day: string, tokens: number): Promise<void>;
  spent(projectId: string, day: string): Promise<number>;
}

export const USAGE_RECORDS = Symbol('UsageRecords');
