import type { AddedFile, FileDetail } from '@continuo/contracts';
import type { KnowledgeFile } from '@continuo/ports';

const MEGABYTE = 1024 * 1024;

/** In megabytes, with as many places as tell a small file from an empty one. */
const megabytes = (bytes: number): number => Math.ceil((bytes / MEGABYTE) * 10_000) / 10_000;

export const addedFile = ({ id, type, name, size, status }: KnowledgeFile): AddedFile => ({
  id,
  type,
  name,
  sizeMB: megabytes(size),
  status,
});

export const fileDetail = ({ id, type, name, size, status, reason, chunks, createdAt }: KnowledgeFile): FileDetail => ({
  id,
  type,
  name,
  size: `${megabytes(size)}MB`,
  status,
  reason,
  chunks,
  create_time: createdAt,
});
