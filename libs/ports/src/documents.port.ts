import type { DocumentBlock } from '@continuo/domain';
import type { CallOptions } from './models.port.ts';

/** What a document may be; the contract's list. */
export const DOCUMENT_FORMATS = ['pdf', 'docx', 'doc', 'txt', 'json', 'md', 'xml'] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** The contract's limits on documents and skill files. */
export const FILE_LIMITS = {
  /** Of one document, in bytes. */
  documentBytes: 100 * 1024 * 1024,
  documentPages: 500,
  skillTextBytes: 100 * 1024,
  skillArchiveBytes: 20 * 1024 * 1024,
  skillArchiveFiles: 200,
  /** Of one file in a skill archive, unpacked. */
  skillFileBytes: 10 * 1024 * 1024,
} as const;

/** A file as somebody handed it over. */
export interface GivenFile {
  readonly bytes: Uint8Array;
  /** The file's name, with or without an ending; '': none was given. */
  readonly name: string;
  /** The MIME type somebody said it has; null: nobody did. */
  readonly declaredType: string | null;
}

/** A document as text and structure. */
export interface ReadDocument {
  readonly format: DocumentFormat;
  /** From the properties of the file, else its first title; null: it has neither. */
  readonly title: string | null;
  /** In reading order, none of them empty; may be none at all, as for scanned pages. */
  readonly blocks: readonly DocumentBlock[];
  /** Null where the format has no pages. */
  readonly pages: number | null;
}

/**
 * Reads documents. Files come from anywhere: whatever they hold, the process that asks stays up, small and responsive.
 *
 * What a file is, its content decides. Name and declared type have to agree with it, except that txt, md, json and xml pass for each
 * other as long as the content bears the name.
 *
 * Failures are `AppError`s whose message says what is wrong and what was expected, and never repeats what is in the file:
 * `file_type_unsupported` (not one of {@link DOCUMENT_FORMATS}); `file_too_large` (more than {@link FILE_LIMITS.documentBytes});
 * `file_invalid` (damaged, cut, empty, encrypted, something else than its name says, too many pages, or needing more memory or time
 * than one file may have). Reading the same file again ends the same way, so nobody retries these.
 * `draining` (the reader is closed, or too many files are waiting for it) and `deadline_exceeded` say nothing about the file.
 */
export interface DocumentReader {
  /** One file after the other; the others wait in the order they came. */
  read(file: GivenFile, options: CallOptions): Promise<ReadDocument>;
}

/** A skill as its files say it. */
export interface ReadSkill {
  readonly name: string;
  readonly description: string;
  /** What SKILL.md says below its front matter, without the sections that are in the three lists. */
  readonly procedure: string;
  /** The entries of its sections of that name; empty where there is none. */
  readonly examples: readonly string[];
  readonly experience: readonly string[];
  readonly preference: readonly string[];
  /** Programs, by their path below the folder of SKILL.md. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Every other file: its text where it is a small text, else its size in bytes. */
  readonly others: Readonly<Record<string, string | number>>;
}

/**
 * Reads a skill: a `.md` file, or a `.zip` with SKILL.md at its root or right inside its only folder. SKILL.md begins with YAML front
 * matter that has `name` and `description`.
 *
 * Fails as {@link DocumentReader} does, within the skill's part of {@link FILE_LIMITS}; an archive is `file_invalid` also when a path
 * leads out of it, when it has links, encrypted files or a file twice, and when it unpacks to more than it may.
 */
export interface SkillReader {
  read(file: Pick<GivenFile, 'bytes' | 'name'>, options: CallOptions): Promise<ReadSkill>;
}

export interface FetchLimits {
  /** The most that is taken; a file that is larger fails with `file_too_large` as soon as that shows. */
  readonly maxBytes: number;
}

/**
 * Fetches a file from a public address, over http or https; redirects are followed up to five times. Nothing inside the operator's
 * network is ever connected to, whatever the address says, leads to or resolves to, unless the operator lists it.
 *
 * Failures are `AppError`s: `invalid_request` (the address is none, has another scheme, holds a password, or leads into a private
 * network), `file_invalid` (nothing came, or an error, or only a part), `file_too_large`, `deadline_exceeded`.
 */
export interface FileFetcher {
  /** The name is the server's, else the last part of the address, with the ending of the declared type where it has no known one. */
  fetch(url: string, limits: FetchLimits, options: CallOptions): Promise<GivenFile>;
}

export const DOCUMENT_READER = Symbol('DocumentReader');
export const SKILL_READER = Symbol('SkillReader');
export const FILE_FETCHER = Symbol('FileFetcher');
