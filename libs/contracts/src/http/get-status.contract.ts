import { z } from 'zod';
import { envelope } from './envelope.ts';
import { Source } from './labels.ts';
import { RequiredText, wireObject } from './leniency.ts';

export const GetStatusRequest = wireObject({
  task_id: RequiredText().meta({ description: 'As `/add/message` returned it.', examples: ['0b0e9d8e-1c4a-5a55-8d7c-0f6f3d1a2b3c'] }),
  source: Source(),
}).meta({ id: 'GetStatusRequest' });
export type GetStatusRequest = z.infer<typeof GetStatusRequest>;

const TouchedIds = z.object({ memory_ids: z.array(z.string()) }).meta({ id: 'TouchedMemories' });

export const TaskStatus = z
  .object({
    task_id: z.string(),
    status: z.enum(['running', 'completed', 'failed']),
    reason: z.string().optional().describe('Why it failed or changed nothing: `no_facts`, `duplicate`, `parse_failed`, …'),
    memory_views: z
      .object({
        added: z.int(),
        updated: z.int(),
        deleted: z.int().describe('Superseded ones count here.'),
        detail_factual: TouchedIds.optional(),
        preference: TouchedIds.optional(),
        profile: TouchedIds.optional(),
        event: TouchedIds.optional(),
        tool_memory: TouchedIds.optional(),
        skill: TouchedIds.optional(),
      })
      .meta({ id: 'TouchedViews' })
      .optional()
      .describe('Only when completed and something changed.'),
  })
  .meta({ id: 'TaskStatus' });
export type TaskStatus = z.infer<typeof TaskStatus>;

export const GetStatusReply = envelope('GetStatusReply', TaskStatus);
