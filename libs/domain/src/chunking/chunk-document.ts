import type { Chunk, DocumentBlock } from './blocks.ts';
import { OpenChunk, type Piece } from './open-chunk.ts';
import { cutText } from './sentences.ts';
import { sizeOf } from './size.ts';

/**
 * How much one chunk holds unless said otherwise, in the measure of `sizeOf`: some 300 tokens, which every embedding model reads
 * whole, and enough around a statement to understand it.
 */
export const DEFAULT_CHUNK_SIZE = 1_200;

const DEEPEST_LEVEL = 6;
/** A header row greater than this part of a chunk is not repeated. */
const LARGEST_HEADER_SHARE = 1 / 4;

export interface ChunkOptions {
  /** The largest body of a chunk, in the measure of `sizeOf`; titles above it come on top, up to half as much. At least 16. */
  readonly maxSize?: number;
}

/**
 * Divides a document by title, by structure and by size: a title begins a chunk, a paragraph stays whole where it can, and a sentence
 * is cut only when it alone is larger than a chunk. A table that goes on in the next chunk begins there with its header row.
 *
 * Every word is in exactly one chunk, in the order of the document; equal blocks give equal chunks.
 */
export function chunkDocument(blocks: readonly DocumentBlock[], { maxSize = DEFAULT_CHUNK_SIZE }: ChunkOptions = {}): readonly Chunk[] {
  const open = new OpenChunk(Math.max(16, maxSize));
  for (const block of blocks) {
    if (block.text.trim() === '') continue;
    if (block.kind === 'heading') addHeading(open, block);
    else addBody(open, block);
  }
  return open.finish();
}

function addHeading(open: OpenChunk, block: DocumentBlock): void {
  const level = Math.min(Math.max(1, block.level ?? DEEPEST_LEVEL), DEEPEST_LEVEL);
  const title = block.text.trim();
  // Whatever is as long as this is a paragraph in large letters.
  if (sizeOf(title) > open.maxSize / 2) addBody(open, block);
  else open.enter(level, { text: title, glue: '\n\n', page: block.page });
}

function addBody(open: OpenChunk, block: DocumentBlock): void {
  const whole = sizeOf(block.text) <= open.maxSize;
  // A block that fits into a chunk is not torn, once the open one is filled well enough.
  if (whole && open.halfFull && !open.fits(block.text)) open.close();
  if (whole && open.fits(block.text)) {
    open.add({ text: block.text, glue: '\n\n', page: block.page });
    return;
  }
  const header = block.kind === 'table' ? headerOf(block, open.maxSize) : null;
  for (const [index, piece] of piecesOf(block, open.maxSize).entries()) {
    if (!open.fits(piece.text)) open.close(index > 0 ? header : null);
    open.add(piece);
  }
}

function headerOf(block: DocumentBlock, maxSize: number): string | null {
  const header = (block.text.trim().split('\n', 1)[0] ?? '').trim();
  return header !== '' && sizeOf(header) <= maxSize * LARGEST_HEADER_SHARE ? header : null;
}

/** What a block can be divided into: lines where they mean something, sentences in a text. */
function piecesOf(block: DocumentBlock, maxSize: number): readonly Piece[] {
  const byLine = block.kind === 'list' || block.kind === 'table' || block.kind === 'code';
  const units = byLine ? block.text.split('\n') : [block.text.trim()];
  // Room for the header row, which is above the rows of a table that goes on.
  const largest = block.kind === 'table' ? Math.floor(maxSize * (1 - LARGEST_HEADER_SHARE)) - 1 : maxSize;
  return units.flatMap((unit, unitIndex) =>
    (sizeOf(unit) <= largest && byLine ? [unit] : cutText(unit, largest)).map((text, index) => ({
      text,
      glue: index > 0 ? '' : unitIndex > 0 ? '\n' : '\n\n',
      page: block.page,
    })),
  );
}
