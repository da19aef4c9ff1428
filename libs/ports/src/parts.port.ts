import type { DocumentDetails, Message } from '@continuo/domain';
import type { CallOptions } from './models.port.ts';

/** What a part of a message says, put into words. */
export interface PartText {
  readonly text: string;
  /** A few words. */
  readonly title: string;
  /** Where in the file it stands. */
  readonly document: DocumentDetails;
}

/** A message with one of its parts, as it was sent. */
export interface MessagePart {
  readonly message: Message;
  /** Its place among the parts of the message, from 0. */
  readonly place: number;
  /** `{type, file}` or `{type, image_url}` of the contract. */
  readonly part: Readonly<Record<string, unknown>>;
}

/**
 * Puts parts of messages into words that can be remembered. What cannot be read (another type, damaged, too large, a refused address) is
 * null, because reading it again would end the same way; the part stays in its message as it was sent.
 */
export interface PartReader {
  /**
   * In the order of the file; empty: it says nothing, or nobody here looks at such a part; null: it cannot be read.
   * @param instructions of the caller for this sort of part, for readers that ask a model; empty: none.
   * @throws AppError when it is worth another try: `draining` for what ends by itself; `file_invalid` for a file that did not come, or was
   * not read in time.
   */
  describe(part: MessagePart, instructions: string, options: CallOptions): Promise<readonly PartText[] | null>;
}

export const PART_READER = Symbol('PartReader');
