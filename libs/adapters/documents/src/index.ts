export { openDocumentReader } from './document-reader.ts';
export type { Closable, ReaderSettings } from './document-reader.ts';
export { openSkillReader } from './skill-reader.ts';
export { openFileFetcher } from './fetching/file-fetcher.ts';
export type { FetcherSettings } from './fetching/file-fetcher.ts';
export { isPublicAddress } from './fetching/address-guard.ts';
export { openFileReaders } from './open-file-readers.ts';
export type { OpenedReaders } from './open-file-readers.ts';
