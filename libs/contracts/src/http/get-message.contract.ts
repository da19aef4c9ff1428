import { z } from 'zod';
import { envelope } from './envelope.ts';
import { RequiredConversationId, UserId } from './identifiers.ts';
import { Source } from './labels.ts';
import { WireLimit, wireObject } from './leniency.ts';

export const MAX_LISTED_MESSAGES = 50;
export const DEFAULT_LISTED_MESSAGES = 6;

export const GetMessageRequest = wireObject({
  user_id: UserId().meta({ description: 'Whose conversation it is.', examples: ['ana'] }),
  conversation_id: RequiredConversationId().meta({ description: 'The conversation to read.', examples: ['monday'] }),
  message_limit_number: WireLimit(MAX_LISTED_MESSAGES)
    .optional()
    .meta({
      type: 'integer',
      description: `The newest so many; more than ${MAX_LISTED_MESSAGES} counts as ${MAX_LISTED_MESSAGES}. Default ${DEFAULT_LISTED_MESSAGES}.`,
      examples: [DEFAULT_LISTED_MESSAGES],
    }),
  conversation_limit_number: z.unknown().optional().meta({ description: 'Accepted and ignored.' }),
  source: Source(),
}).meta({ id: 'GetMessageRequest', examples: [{ user_id: 'ana', conversation_id: 'monday' }] });
export type GetMessageRequest = z.infer<typeof GetMessageRequest>;

export const ListedMessage = z
  .object({
    message_id: z.string(),
    role: z.enum(['user', 'assistant']),
    content: z.string(),
    create_time: z.string().meta({ description: 'When it was said, ISO 8601.', examples: ['2026-11-20T09:00:00.000Z'] }),
    update_time: z.string().meta({ description: 'The same: messages are never edited.', examples: ['2026-11-20T09:00:00.000Z'] }),
    parts: z.unknown().optional().meta({ description: 'The content as sent, when it was more than text.' }),
  })
  .meta({ id: 'ListedMessage' });
export type ListedMessage = z.infer<typeof ListedMessage>;

export const GetMessageReply = envelope(
  'GetMessageReply',
  z.object({
    message_detail_list: z
      .array(ListedMessage)
      .describe('Messages of user and assistant, oldest first; empty for an unknown conversation.'),
  }),
);
export type GetMessageReply = z.infer<typeof GetMessageReply>;
