import type { Memory, Scope } from '@continuo/domain';

/** A knowledge base as a project sees it. Its memories are in `scope`: the project that made it and `base:<id>`. */
export interface KnowledgeBase {
  readonly id: string;
  readonly scope: Scope;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
}

/** What recall and writes ask of knowledge bases. */
export interface KnowledgeLinks {
  /** Every knowledge base that the project may use, oldest first. */
  linkedTo(projectId: string): Promise<readonly KnowledgeBase[]>;
}

/** Knowledge bases of the installation and the projects that may use them. */
export interface KnowledgeRecords extends KnowledgeLinks {
  /** Makes a base that is linked to the project that makes it, and nothing else. */
  create(base: {
    readonly id: string;
    readonly projectId: string;
    readonly name: string;
    readonly description: string;
    readonly now: number;
  }): Promise<void>;
  /** Null: there is no such base. */
  find(projectId: string, baseId: string): Promise<{ readonly base: KnowledgeBase; readonly linked: boolean } | null>;
  /** Lets a project use a base; one that may already stays as it is. @throws AppError `knowledge_base_not_found`. */
  link(projectId: string, baseId: string, now: number): Promise<void>;
  /** Returns whether the project could use it until now. The base stays, for others and for its own sake. */
  unlink(projectId: string, baseId: string): Promise<boolean>;
  /**
   * Erases a base with its files, their contents, its memories and its links, in one transaction; the index is told as it is of an erased
   * subject. Whoever is reading one of its files keeps nothing. Returns what it was; null: there is no such base.
   */
  delete(baseId: string, now: number): Promise<KnowledgeBase | null>;
}

/** document: read, divided and recalled in pieces · skill: one memory, its file kept to be downloaded. */
export const FILE_TYPES = ['document', 'skill'] as const;
export type FileType = (typeof FILE_TYPES)[number];

/** running: waits to be read, or is being read · failed: for good. */
export type FileStatus = 'running' | 'completed' | 'failed';

export interface KnowledgeFile {
  readonly id: string;
  readonly baseId: string;
  readonly type: FileType;
  readonly name: string;
  /** In bytes; 0 until a file that is fetched has been. */
  readonly size: number;
  readonly status: FileStatus;
  /** Of a failed file: a word, a colon and a sentence; null otherwise. */
  readonly reason: string | null;
  /** Memories that were made of it. */
  readonly chunks: number;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

export interface NewKnowledgeFile {
  readonly id: string;
  readonly baseId: string;
  readonly type: FileType;
  readonly name: string;
  /** The MIME type somebody said it has; null: nobody did. */
  readonly declaredType: string | null;
  /** Where it is to be fetched from; null: its parts follow. */
  readonly url: string | null;
}

export interface FileToRead {
  readonly file: KnowledgeFile;
  /** Of its base: where its memories belong. */
  readonly scope: Scope;
  readonly declaredType: string | null;
  readonly url: string | null;
  /** 1 for the first. */
  readonly attempt: number;
}

export type FileOutcome =
  | {
      readonly status: 'completed';
      readonly memories: readonly Memory[];
      readonly name: string;
      readonly size: number;
      /** Whether the content stays to be downloaded. */
      readonly keepContent: boolean;
    }
  | { readonly status: 'failed'; readonly reason: string; readonly size: number };

/**
 * Files of knowledge bases. A file arrives (`announce`, `addPart`), is admitted together with the others of its upload, is read by a job,
 * and then is completed or failed. Until it is admitted nobody sees it.
 */
export interface FileRecords {
  /** Notes a file that is arriving. @throws AppError `knowledge_base_not_found`. */
  announce(file: NewKnowledgeFile, now: number): Promise<void>;
  /** Adds content to a file; a part that was there is replaced. @throws AppError `not_found` when the file has gone. */
  addPart(fileId: string, place: number, bytes: Uint8Array, now: number): Promise<void>;
  /**
   * All files of an upload have arrived: they wait to be read from now on, all or none. In the order of the ids.
   * @throws AppError `knowledge_base_not_found` when they have gone with their base.
   */
  admit(fileIds: readonly string[], now: number): Promise<readonly KnowledgeFile[]>;
  /** Removes files that were not admitted, with what arrived of them. */
  withdraw(fileIds: readonly string[]): Promise<void>;
  /** The same for all of which nothing arrived since then: the process that took them has ended. Returns how many. */
  withdrawStale(before: number): Promise<number>;

  /** Files of bases that the project may use, by id, in the order of the ids; others are left out. */
  byIds(projectId: string, fileIds: readonly string[]): Promise<readonly KnowledgeFile[]>;
  /** Newest first. */
  list(
    baseId: string,
    query: { readonly type: FileType | null; readonly page: number; readonly size: number },
  ): Promise<{ readonly items: readonly KnowledgeFile[]; readonly total: number }>;
  /** A part of the content by its place, from 0; null past the end. */
  part(fileId: string, place: number): Promise<Uint8Array | null>;
  /**
   * Removes files with their contents and their memories, all or none, in one transaction with the outbox. Whoever is reading one keeps
   * nothing. @throws AppError `not_found` when the project may not use one of them, or there is none.
   */
  delete(projectId: string, fileIds: readonly string[], now: number): Promise<void>;

  /** Bases with files that are due to be read. */
  basesWithWork(now: number, limit: number): Promise<readonly string[]>;
  /** The oldest file of a base that is due, its attempt counted; null: none is. */
  takeNext(baseId: string, now: number): Promise<FileToRead | null>;
  /** Lets a file wait, if it is still running. @param counted false: the attempt was not the file's fault and counts for nothing. */
  postpone(fileId: string, dueAt: number, counted: boolean): Promise<void>;
  /**
   * Keeps what was read, in one transaction with label rows, outbox and the subject's revision. False, and nothing is kept, when the file
   * has gone or somebody else has finished it.
   */
  finish(fileId: string, outcome: FileOutcome, now: number): Promise<boolean>;
}

export const KNOWLEDGE_LINKS = Symbol('KnowledgeLinks');
