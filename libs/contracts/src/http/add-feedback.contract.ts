import { z } from 'zod';
import { envelope } from './envelope.ts';
import { ConversationId, UserId } from './identifiers.ts';
import { AgentId, AppId, Info, Source, Tags } from './labels.ts';
import { characters, RequiredText, WireBoolean, wireObject } from './leniency.ts';

/** Most tokens of one feedback; ours: what one chat may ask. */
export const MAX_FEEDBACK_TOKENS = 8_000;
/** Most characters of it; ours: blanks hardly count as tokens. */
export const MAX_FEEDBACK_CHARACTERS = 100_000;

export const AddFeedbackRequest = wireObject({
  user_id: UserId().meta({ description: 'Whose memories it is about.', examples: ['ana'] }),
  feedback_content: RequiredText()
    .refine((text) => characters(text) <= MAX_FEEDBACK_CHARACTERS, { error: `must have at most ${MAX_FEEDBACK_CHARACTERS} characters` })
    .meta({
      maxLength: MAX_FEEDBACK_CHARACTERS,
      description: `What is wrong, or different, in plain words; at most ${MAX_FEEDBACK_TOKENS.toLocaleString('en')} tokens.`,
      examples: ['That is wrong, I live in Porto, not in Lisbon.'],
    }),
  conversation_id: ConversationId()
    .optional()
    .meta({ type: 'string', description: 'The thread it is about; it helps to understand it.', examples: ['monday'] }),
  feedback_time: z
    .union([z.string().max(200), z.number()], { error: 'must be a time, as a string or a number' })
    .optional()
    .meta({
      description: 'When it was given, written as `chat_time` of a message is. Default: now.',
      examples: ['2026-11-20 09:00:00'],
    }),
  agent_id: AgentId(),
  app_id: AppId(),
  tags: Tags(),
  info: Info(),
  allow_public: WireBoolean()
    .optional()
    .meta({ description: 'true: it is kept in the public memory of the project as well. Default false.', examples: [false] }),
  allow_knowledgebase_ids: z
    .array(z.string())
    .transform((ids) => [...new Set(ids.filter((id) => id.trim() !== ''))])
    .optional()
    .meta({
      type: 'array',
      items: { type: 'string' },
      description:
        'Knowledge bases it is meant for, too: their documents stay as they are, and it is kept beside them, found by all who search the base. At most 20.',
    }),
  source: Source(),
}).meta({
  id: 'AddFeedbackRequest',
  examples: [{ user_id: 'ana', conversation_id: 'monday', feedback_content: 'Replace "Rex" with "Max" everywhere.' }],
});
export type AddFeedbackRequest = z.infer<typeof AddFeedbackRequest>;

export const AddFeedbackReply = envelope(
  'AddFeedbackReply',
  z.object({
    success: z.literal(true),
    task_id: z.string().meta({ description: 'Ask `/get/status` about it.', examples: ['0b0e9d8e-1c4a-5a55-8d7c-0f6f3d1a2b3c'] }),
    status: z.enum(['running', 'completed', 'failed']).describe('running: kept, and applied in its turn among the messages of the user.'),
  }),
);
export type AddFeedbackReply = z.infer<typeof AddFeedbackReply>;
