import { z } from 'zod';

const ExplainedItem = z
  .object({
    id: z.string(),
    kind: z.enum(['fact', 'preference', 'event', 'tool', 'skill', 'profile', 'turn']),
    relativity: z.number(),
    explanation: z.record(z.string(), z.unknown()).describe('Arm ranks, scores, boosts and the rules that applied.'),
    source_message_ids: z.array(z.string()),
  })
  .meta({ id: 'ExplainedItem' });

/** Added to `data` when the request carries `X-Continuo-Debug: explain`. */
export const RecallExplanation = z
  .object({
    recall: z
      .enum(['ok', 'empty', 'below_threshold', 'degraded', 'timeout'])
      .describe('empty: nothing is known. below_threshold: candidates, none good enough. degraded: an arm was late or down.'),
    missing_arms: z.array(z.string()),
    items: z.array(ExplainedItem),
    absences: z
      .array(z.object({ id: z.string(), reason: z.string(), relativity: z.number().nullable() }))
      .describe('Of the ids in `X-Continuo-Explain-Ids`: why they were not returned.'),
    configuration: z
      .object({ embedding_model: z.string().nullable(), without: z.array(z.string()), candidates: z.number() })
      .describe('What the answer was really made with: the model that embedded the query, signals left out, documents scored.'),
    timings: z.object({ embed_ms: z.number(), index_ms: z.number(), total_ms: z.number() }),
  })
  .meta({ id: 'RecallExplanation' });
export type RecallExplanation = z.infer<typeof RecallExplanation>;
