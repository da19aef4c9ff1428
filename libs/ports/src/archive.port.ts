import type { Memory, Message, ProfileTree, SubjectKey } from '@continuo/domain';
import type { ApiKey, MemoryVersion, ProjectSettings, Task } from './records.port.ts';

/*
 * Everything of one project as rows that can be written down as JSON, one to a line, and put into another installation. Requests and
 * the outbox are not part of it: the first live for minutes, the second is made anew.
 *
 * Rows come in this order: head, project, keys, usage, profile templates; then subject by subject the subject, its conversations, tasks,
 * messages, journals, memories, denials, profiles, vectors and its end; then the end. Before the subject of a knowledge base comes the
 * base with its files, and after each file its content in parts. Equal records give equal rows, in every installation. Knowledge bases of
 * other projects stay there, with the links to them.
 *
 * Times are epoch milliseconds. A `rank` stands for a message sequence: sequences differ from store to store, their order within a
 * subject does not.
 */

export interface ArchiveHead {
  /** 2; archives of version 1 are taken, too: what they do not have is as it was then. */
  readonly archive: 2;
  readonly project: string;
  /** Whether vectors are included. */
  readonly vectors: boolean;
}

export type ArchiveRow =
  | ArchiveHead
  | ({ readonly row: 'project' } & ArchivedProject)
  | ({ readonly row: 'key' } & ArchivedKey)
  | ({ readonly row: 'usage' } & ArchivedUsage)
  | ({ readonly row: 'template' } & ArchivedTemplate)
  | ({ readonly row: 'base' } & ArchivedBase)
  | ({ readonly row: 'file' } & ArchivedFile)
  | ({ readonly row: 'file_part' } & ArchivedFilePart)
  | ({ readonly row: 'subject' } & ArchivedSubject)
  | ({ readonly row: 'conversation' } & ArchivedConversation)
  | ({ readonly row: 'task' } & ArchivedTask)
  | ({ readonly row: 'message' } & ArchivedMessage)
  | ({ readonly row: 'journal' } & ArchivedJournal)
  | ({ readonly row: 'memory' } & ArchivedMemory)
  | ({ readonly row: 'denial' } & ArchivedDenial)
  | ({ readonly row: 'profile' } & ArchivedProfile)
  | ({ readonly row: 'vector' } & ArchivedVector)
  /** How many rows stood between the subject and here: an archive that breaks off leaves no half of a subject. */
  | { readonly row: 'subject_end'; readonly subject: SubjectKey; readonly rows: number }
  | { readonly row: 'end'; readonly subjects: number };

export interface ArchivedProject {
  readonly createdAt: number;
  readonly settings: ProjectSettings;
}

export interface ArchivedKey extends Omit<ApiKey, 'projectId'> {
  /** SHA-256 of the key, hex. */
  readonly keyHash: string;
}

export interface ArchivedUsage {
  readonly day: string;
  readonly tokens: number;
}

export interface ArchivedTemplate {
  readonly id: string;
  readonly name: string;
  readonly metadata: ProfileTree;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A knowledge base that the project has made. */
export interface ArchivedBase {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  /** Since when the project itself may use it; null: it may not. */
  readonly linkedAt: number | null;
}

/** One that has arrived whole. */
export interface ArchivedFile {
  readonly id: string;
  readonly baseId: string;
  readonly type: string;
  readonly name: string;
  readonly declaredType: string | null;
  readonly size: number;
  readonly url: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly chunks: number;
  readonly attempts: number;
  readonly dueAt: number;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  /** How many parts of its content follow. */
  readonly parts: number;
}

export interface ArchivedFilePart {
  readonly fileId: string;
  readonly place: number;
  /** As Base64. */
  readonly bytes: string;
}

export interface ArchivedSubject {
  readonly subject: SubjectKey;
  readonly epoch: number;
  readonly revision: number;
  readonly createdAt: number;
}

export interface ArchivedConversation {
  readonly id: string;
  /** The place of the next message. */
  readonly nextPlace: number;
  readonly dueAt: number;
  readonly attempts: number;
}

export type ArchivedTask = Omit<Task, 'scope'>;

export interface ArchivedMessage extends Omit<Message, 'scope' | 'sequence'> {
  readonly rank: number;
  readonly epoch: number;
  readonly place: number;
  readonly recallable: boolean;
  readonly hidden: boolean;
  readonly batchId: string | null;
  readonly indexVersion: number;
  /** The model a vector was stored for last; null in an archive without vectors. */
  readonly embeddedWith: string | null;
}

/** What was written down about a batch that is still pending. */
export interface ArchivedJournal {
  readonly batchId: string;
  readonly journal: unknown;
  readonly createdAt: number;
}

export interface ArchivedMemory extends Omit<Memory, 'scope' | 'sourceSequence'> {
  /** When a caller changed its wording last. */
  readonly editedAt: number | null;
  /** Earlier wordings, oldest first. */
  readonly versions: readonly Omit<MemoryVersion, 'memoryId'>[];
  readonly sourceRank: number;
  readonly epoch: number;
  readonly embeddedWith: string | null;
}

export interface ArchivedDenial {
  readonly normalisedText: string;
  readonly topicKey: string | null;
  readonly topicValue: string | null;
  readonly throughRank: number;
  readonly statedAt: number;
  readonly createdAt: number;
}

/** A template bound to the subject; its values are memories. */
export interface ArchivedProfile {
  readonly id: string;
  readonly templateId: string;
  readonly epoch: number;
  readonly properties: ProfileTree;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ArchivedVector {
  readonly itemId: string;
  readonly model: string;
  /** Float32, little endian, as Base64. */
  readonly vector: string;
}

export interface ArchiveReport {
  /** Subjects whose rows were gone through. */
  readonly subjects: number;
  /** Rows that were not there yet, and rows that were. */
  readonly added: number;
  readonly known: number;
  /** Subjects that were left alone, because they were erased at another time here than in the archive. */
  readonly refused: readonly SubjectKey[];
}

export interface ArchiveRecords {
  /**
   * One state of each subject, read while the store is in use; one subject after the other, page by page.
   *
   * @throws AppError `not_found` for an unknown project.
   */
  read(projectId: string, options: { readonly vectors: boolean }): AsyncIterable<ArchiveRow>;

  /**
   * Puts rows into a project, which is created when it is not there; ids stay. Each subject is written whole or not at all, when its
   * last row has come. Doing it again changes nothing: rows that are there are left as they are, except that a conversation keeps the
   * greater `nextPlace`, a subject the greater revision and a day the greater usage. A subject that is there in another epoch is
   * refused: what was erased on one side does not come back from the other, nor does a knowledge base that was deleted. A project that is
   * there keeps its settings. What is added and recallable enters the outbox, and
   * messages that are added come after those that are there.
   *
   * @throws AppError `invalid_request` naming line and field for a row that is none, for rows out of order, for an archive that breaks
   * off and for an id that belongs to another project or subject; subjects before it stay written.
   */
  write(projectId: string, rows: AsyncIterable<unknown>): Promise<ArchiveReport>;
}

export const ARCHIVE_RECORDS = Symbol('ArchiveRecords');
