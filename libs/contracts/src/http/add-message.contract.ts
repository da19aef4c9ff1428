import { z } from 'zod';
import { envelope } from './envelope.ts';
import { ConversationId, UserId } from './identifiers.ts';
import { AgentId, AppId, Info, Source, Tags } from './labels.ts';
import { WireBoolean, wireObject } from './leniency.ts';
import { InputMessage } from './message.contract.ts';
import { MemoryView } from './memory-views.ts';

/** Most tokens of all messages of one add together (the contract's limits page). */
export const MAX_ADD_TOKENS = 40_000;

/** A list of one is what newer clients send where an older contract had a string. */
const firstOfOne = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value);

export const AddMessageRequest = wireObject({
  user_id: z.preprocess(firstOfOne, UserId()).meta({ description: 'Whose memories these are.', examples: ['ana'] }),
  conversation_id: ConversationId()
    .optional()
    .meta({
      type: 'string',
      description: 'The thread they belong to; made by the server when absent.',
      examples: ['monday'],
    }),
  messages: z
    .array(InputMessage)
    .min(1)
    .meta({
      description: `In the order they were said; at most ${MAX_ADD_TOKENS.toLocaleString('en')} tokens together.`,
      examples: [
        [
          { role: 'user', content: 'I have booked a trip to Guangzhou for the summer.' },
          { role: 'assistant', content: 'Lovely! Shall I look for hotels?' },
        ],
      ],
    }),
  async_mode: WireBoolean()
    .optional()
    .meta({
      description: 'true (default): answers once the messages are stored. false: also waits for their memories, at most 25 seconds.',
      examples: [true],
    }),
  asyncMode: WireBoolean().optional().meta({ description: 'Older spelling of `async_mode`.' }),
  tags: Tags(),
  info: Info(),
  app_id: AppId(),
  agent_id: z
    .preprocess(firstOfOne, AgentId())
    .optional()
    .meta({ type: 'string', description: 'Which agent took part: a label, filterable.' }),
  allow_public: WireBoolean().optional().meta({ description: 'Public memory comes later: true is refused.' }),
  allow_knowledgebase_ids: z.array(z.string()).optional().meta({ description: 'Knowledge bases come later: ids are refused.' }),
  allow_memory_view: z
    .array(MemoryView)
    .optional()
    .meta({ description: 'Accepted; every kind this server knows is extracted whatever it names.' }),
  source: Source(),
}).meta({
  id: 'AddMessageRequest',
  examples: [
    {
      user_id: 'ana',
      conversation_id: 'monday',
      messages: [
        { role: 'user', content: 'I have booked a trip to Guangzhou for the summer. Which hotel chains are there?' },
        { role: 'assistant', content: '7 Days Inn, Ji Hotel and Hilton, for example.' },
      ],
    },
  ],
});
export type AddMessageRequest = z.infer<typeof AddMessageRequest>;

export const AddMessageReply = envelope(
  'AddMessageReply',
  z.object({
    success: z.literal(true),
    task_id: z.string().meta({ description: 'Ask `/get/status` about it.', examples: ['0b0e9d8e-1c4a-5a55-8d7c-0f6f3d1a2b3c'] }),
    status: z.enum(['running', 'completed', 'failed']).describe('running: stored, its memories are being made.'),
  }),
);
export type AddMessageReply = z.infer<typeof AddMessageReply>;
