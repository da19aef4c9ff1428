import type { DocumentReader, FileFetcher, SkillReader } from '@continuo/ports';
import { openDocumentReader } from './document-reader.ts';
import { openFileFetcher } from './fetching/file-fetcher.ts';
import { openSkillReader } from './skill-reader.ts';

/** Everything files come in by. */
export interface OpenedReaders {
  readonly documents: DocumentReader;
  readonly skills: SkillReader;
  readonly fetcher: FileFetcher;
  /** What is being read then fails with `draining`. */
  close(): Promise<void>;
}

/** @param allowPrivate see `FetcherSettings`. */
export function openFileReaders(allowPrivate: readonly string[]): OpenedReaders {
  const documents = openDocumentReader();
  const skills = openSkillReader();
  return {
    documents,
    skills,
    fetcher: openFileFetcher({ allowPrivate }),
    close: async () => void (await Promise.all([documents.close(), skills.close()])),
  };
}
