import type { MemoryKind } from './memory.ts';
import { normaliseText } from './text/fold.ts';
import { nameBasedId } from './uuid.ts';

/**
 * The id of a memory follows from what it says and where it was first said, not from how messages were batched. A memory
 * stated again after a deletion rests on another message and so is another memory.
 */
export function memoryId(kind: MemoryKind, text: string, firstSourceMessageId: string): string {
  return nameBasedId('memory', kind, normaliseText(text), firstSourceMessageId);
}
