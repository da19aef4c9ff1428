import type { MemoryKind } from './memory.ts';
import { normaliseText } from './text/fold.ts';
import { nameBasedId } from './uuid.ts';

/** The id of the memory that is made of one piece of a document, so that the same document read again makes nothing new. */
export const documentMemoryId = (fileId: string, place: number): string => nameBasedId('memory', 'document', fileId, place);

/**
 * The id of a memory follows from what it says and where it was first said, not from how messages were batched. A memory
 * stated again after a deletion rests on another message and so is another memory.
 */
export function memoryId(kind: MemoryKind, text: string, firstSourceMessageId: string): string {
  return nameBasedId('memory', kind, normaliseText(text), firstSourceMessageId);
}
