import { z } from 'zod';
import { Source } from './labels.ts';
import { RequiredText, WireCount, wireObject } from './leniency.ts';

/** Most tokens of all documents of one reranking together (the contract's limits page). */
export const MAX_RERANK_TOKENS = 8_000;

export const RERANK_MODELS = ['memos-reranker-0.6b', 'memos-reranker-4b'] as const;
export const DEFAULT_RERANK_MODEL = RERANK_MODELS[0];

export const RerankRequest = wireObject({
  query: RequiredText().meta({ description: 'What is asked.', examples: ['What is the capital of Portugal?'] }),
  documents: z
    .array(z.string())
    .min(1)
    .meta({
      description: `Texts to put in order; at most ${MAX_RERANK_TOKENS.toLocaleString('en')} tokens together.`,
      examples: [['Bread is baked in an oven.', 'The capital of Portugal is Lisbon.']],
    }),
  model: z
    .enum(RERANK_MODELS)
    .optional()
    .meta({ description: 'Both names are answered by the measure that memories are recalled by.', examples: [DEFAULT_RERANK_MODEL] }),
  top_n: WireCount()
    .optional()
    .meta({ type: 'integer', description: 'The best so many. Default: all.', examples: [1] }),
  source: Source(),
}).meta({
  id: 'RerankRequest',
  examples: [
    { query: 'What is the capital of Portugal?', documents: ['Bread is baked in an oven.', 'The capital of Portugal is Lisbon.'] },
  ],
});
export type RerankRequest = z.infer<typeof RerankRequest>;

/** The one reply of the API without an envelope; errors have theirs. */
export const RerankReply = z
  .object({
    id: z.string().describe('Of this request, as in the header `x-request-id`.'),
    model: z.string(),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
    results: z
      .array(
        z.object({
          index: z.int().describe('Its place in `documents`, from 0.'),
          document: z.object({ text: z.string() }),
          relevance_score: z.number().meta({ description: '0 to 1.', examples: [0.83] }),
        }),
      )
      .describe('Best first.'),
  })
  .meta({ id: 'RerankReply' });
export type RerankReply = z.infer<typeof RerankReply>;
