import type { BlockKind, DocumentBlock } from '@continuo/domain';
import type { ParsingLimits } from './limits.ts';
import { invalid } from './refusal.ts';

/** Whatever text cannot hold: stores refuse the zero byte, and control characters mean nothing to a reader. */
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/gu;

export const cleanText = (text: string): string => text.replaceAll(CONTROLS, '').toWellFormed();

/** The blocks of one document, in reading order: cleaned, none of them empty, and no more than a document may have. */
export class BlockList {
  readonly #limits: ParsingLimits;
  readonly #blocks: DocumentBlock[] = [];
  #characters = 0;

  constructor(limits: ParsingLimits) {
    this.#limits = limits;
  }

  get blocks(): readonly DocumentBlock[] {
    return this.#blocks;
  }

  heading(level: number | null, text: string, page: number | null = null): void {
    this.#add({ kind: 'heading', level, text: cleanText(text).replaceAll(/\s+/gu, ' ').trim(), page });
  }

  add(kind: Exclude<BlockKind, 'heading'>, text: string, page: number | null = null): void {
    const clean = cleanText(text);
    this.#add({ kind, level: null, text: kind === 'code' ? clean.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd() : clean.trim(), page });
  }

  /** The first title; null: there is none. */
  firstTitle(): string | null {
    return this.#blocks.find(({ kind }) => kind === 'heading')?.text ?? null;
  }

  #add(block: DocumentBlock): void {
    if (block.text.trim() === '') return;
    this.#characters += block.text.length;
    if (this.#characters > this.#limits.maxCharacters) throw invalid('The file holds more text than one document may have.');
    if (this.#blocks.length >= this.#limits.maxBlocks) throw invalid('The file falls into more parts than one document may have.');
    this.#blocks.push(block);
  }
}
