import { AppError } from '@continuo/contracts';
import { type Candidate, candidateOfPiece, isWanted, type Message } from '@continuo/domain';
import type { MessagePart, PartReader } from '@continuo/ports';

/** For all parts of a batch together. */
const TIMEOUT_MS = 60_000;
/** What one part may take of it where its even share is less: one that hangs must not cost all the others their turn. */
const LEAST_SHARE_MS = 10_000;

export interface PartOptions {
  readonly signal: AbortSignal;
  /** Nobody comes back: what cannot be read now is left out. */
  readonly isLastAttempt: boolean;
}

export interface PartsRead {
  readonly candidates: readonly Candidate[];
  /** How many parts nobody could read. */
  readonly unread: number;
}

/**
 * What the files and images that people sent say, as far as somebody can read them; one after the other.
 * @throws AppError the codes of `PartReader.describe`; at the last attempt `draining` alone.
 */
export async function partCandidates(
  messages: readonly Message[],
  reader: PartReader,
  { signal, isLastAttempt }: PartOptions,
): Promise<PartsRead> {
  const candidates: Candidate[] = [];
  let unread = 0;
  const endsAt = Date.now() + TIMEOUT_MS;
  const parts = messages.flatMap(partsToRead);
  for (const [place, part] of parts.entries()) {
    const { message } = part;
    const instructions = message.extraction?.instructions[part.part['type'] === 'file' ? 'document' : 'image'] ?? '';
    const shareMs = (endsAt - Date.now()) / (parts.length - place);
    const deadlineAt = Math.min(endsAt, Date.now() + Math.max(LEAST_SHARE_MS, shareMs));
    try {
      const pieces = await reader.describe(part, instructions, { signal, deadlineAt });
      if (pieces === null) unread += 1;
      else candidates.push(...pieces.map((piece) => candidateOfPiece(piece, message)));
    } catch (error) {
      if (!isLastAttempt || !AppError.is(error, 'file_invalid')) throw error;
      unread += 1;
    }
  }
  return { candidates, unread };
}

function partsToRead(message: Message): readonly MessagePart[] {
  if (message.role !== 'user' || !isWanted('fact', message.extraction?.views ?? null)) return [];
  const content = (message.parts as { readonly content?: unknown } | null)?.content;
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown, place): readonly MessagePart[] =>
    typeof part === 'object' && part !== null && 'type' in part && (part.type === 'file' || part.type === 'image_url')
      ? [{ message, place, part: part as Readonly<Record<string, unknown>> }]
      : [],
  );
}
