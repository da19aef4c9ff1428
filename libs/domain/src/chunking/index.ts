export type { BlockKind, Chunk, DocumentBlock } from './blocks.ts';
export { chunkDocument, DEFAULT_CHUNK_SIZE } from './chunk-document.ts';
export type { ChunkOptions } from './chunk-document.ts';
