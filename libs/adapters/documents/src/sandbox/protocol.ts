import type { DocumentBlock } from '@continuo/domain';
import type { GivenFile } from '@continuo/ports';
import type { ParsingLimits } from '../parsing/limits.ts';
import type { RefusalCode } from '../parsing/refusal.ts';

/** What a child process is asked for. The file itself comes over its standard input: nothing of it is copied on the way. */
export type ParserJob = { readonly byteCount: number; readonly name: string; readonly limits: ParsingLimits } & (
  | { readonly kind: 'document'; readonly declaredType: GivenFile['declaredType'] }
  | { readonly kind: 'skill' }
);

/** What a child process says: `ready`, then any number of `blocks`, then `value` or `refusal`. */
export type ParserMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'blocks'; readonly blocks: readonly DocumentBlock[] }
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'refusal'; readonly code: RefusalCode; readonly message: string };

export interface ParserResult {
  readonly blocks: readonly DocumentBlock[];
  /** Of a document everything but the blocks; of a skill everything. */
  readonly value: unknown;
}
