import { z } from 'zod';
import { envelope } from './envelope.ts';
import { Source } from './labels.ts';
import { RequiredText, wireObject } from './leniency.ts';

/** Most tokens of all messages of one extraction together (the contract's limits page). */
export const MAX_EXTRACT_TOKENS = 8_000;

export const EXTRACTION_TYPES = ['memory', 'preference'] as const;

const Ignored = () => z.unknown().optional().meta({ description: 'Accepted and ignored.' });

export const ExtractMemoryRequest = wireObject({
  messages: z
    .array(
      wireObject({
        role: z.enum(['user', 'assistant', 'system']).meta({ description: 'Who speaks.', examples: ['user'] }),
        content: RequiredText().meta({ description: 'What is said.', examples: ['I live in Lisbon.'] }),
      }),
    )
    .min(1)
    .meta({
      description: `In the order they were said; at most ${MAX_EXTRACT_TOKENS.toLocaleString('en')} tokens together.`,
      examples: [[{ role: 'user', content: 'I live in Lisbon, and I prefer window seats.' }]],
    }),
  extraction_types: z
    .array(z.enum(EXTRACTION_TYPES))
    .min(1)
    .optional()
    .meta({ description: 'What to draw from them. Default: both.', examples: [['memory', 'preference']] }),
  model: Ignored(),
  user_id: Ignored(),
  conversation_id: Ignored(),
  agent_id: Ignored(),
  source: Source(),
}).meta({
  id: 'ExtractMemoryRequest',
  examples: [{ messages: [{ role: 'user', content: 'I live in Lisbon, and I prefer window seats.' }] }],
});
export type ExtractMemoryRequest = z.infer<typeof ExtractMemoryRequest>;

const ExtractedMemory = z
  .object({
    memory_key: z.string().describe('A few words that name it.'),
    memory_value: z.string().describe('What would be remembered.'),
    memory_type: z
      .enum(['WorkingMemory', 'LongTermMemory', 'UserMemory'])
      .describe('UserMemory: a fact about the user. LongTermMemory: any other fact.'),
    tags: z.array(z.string()),
  })
  .meta({ id: 'ExtractedMemory' });

const ExtractedPreference = z
  .object({
    preference: z.string(),
    reasoning: z.string().describe('Why it was inferred; empty for an explicit one.'),
    preference_type: z.enum(['explicit_preference', 'implicit_preference']),
  })
  .meta({ id: 'ExtractedPreference' });

export const ExtractMemoryReply = envelope(
  'ExtractMemoryReply',
  z.object({
    success: z.literal(true),
    memory_detail_list: z.array(ExtractedMemory).optional().describe('Absent unless asked for.'),
    preference_detail_list: z.array(ExtractedPreference).optional().describe('Absent unless asked for.'),
  }),
);
export type ExtractMemoryReply = z.infer<typeof ExtractMemoryReply>;
