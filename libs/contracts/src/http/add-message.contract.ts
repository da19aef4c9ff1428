import { z } from 'zod';
import { envelope } from './envelope.ts';
import { AgentIds, ConversationId, UserIds } from './identifiers.ts';
import { AppId, Info, KnowledgeBaseTargets, Source, Tags } from './labels.ts';
import { codeOf, WireBoolean, wireObject } from './leniency.ts';
import { countOtherParts, InputMessage } from './message.contract.ts';
import { MEMORY_VIEWS, MemoryView } from './memory-views.ts';

/** Most tokens of all messages of one add together (the contract's limits page). */
export const MAX_ADD_TOKENS = 40_000;
/** Most images and files of all messages of one add together; ours: each of them is fetched and read. */
export const MAX_ADD_FILES = 20;

/** What `custom_extract_prompt` can give instructions for: a view, or a kind of attachment. */
export const EXTRACT_PROMPT_KEYS = [...MEMORY_VIEWS, 'image', 'document'] as const;
/** Most characters of one such instruction; ours: it goes into every prompt that mines the messages. */
export const MAX_EXTRACT_PROMPT_CHARACTERS = 8_000;

const ExtractPrompts = () =>
  z
    .partialRecord(z.enum(EXTRACT_PROMPT_KEYS), z.string().max(MAX_EXTRACT_PROMPT_CHARACTERS).nullable(), {
      error: `must have no other members than ${EXTRACT_PROMPT_KEYS.join(', ')}`,
    })
    .transform((prompts) =>
      Object.fromEntries(Object.entries(prompts).flatMap(([key, text]) => (text === null || text.trim() === '' ? [] : [[key, text]]))),
    );

export const AddMessageRequest = wireObject({
  user_id: UserIds()
    .optional()
    .meta({
      description:
        'Whose memories these are. A list of at most 20 is a group chat: the space of each receives the messages. May be absent beside `agent_id` in a project whose agents have memories of their own.',
      examples: ['ana'],
    }),
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
      description: `In the order they were said; at most ${MAX_ADD_TOKENS.toLocaleString('en')} tokens and ${MAX_ADD_FILES} images and files together.`,
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
      description:
        'true (default): answers once the messages are stored. false: also waits for their memories, at most 25 seconds. Messages with images or files never wait.',
      examples: [true],
    }),
  asyncMode: WireBoolean().optional().meta({ description: 'Older spelling of `async_mode`.' }),
  tags: Tags(),
  info: Info(),
  app_id: AppId(),
  agent_id: AgentIds()
    .optional()
    .meta({
      description:
        'Which agents took part: the first is a label, filterable. In a project whose agents have memories of their own, each receives the messages, too.',
      examples: ['travel-agent'],
    }),
  allow_public: WireBoolean()
    .optional()
    .meta({ description: 'true: the public memory of the project receives the messages, too. Default false.' }),
  allow_knowledgebase_ids: KnowledgeBaseTargets(),
  allow_memory_view: z
    .array(MemoryView)
    .min(1)
    .optional()
    .meta({ description: 'Which kinds of memory to make of the messages. Default: all.', examples: [['detail_factual', 'preference']] }),
  custom_extract_prompt: ExtractPrompts()
    .optional()
    .meta({
      type: 'object',
      description: `Instructions of your own for whoever makes the memories, by view, \`image\` or \`document\`; at most ${MAX_EXTRACT_PROMPT_CHARACTERS} characters each.`,
      examples: [{ preference: 'Keep only what concerns food.' }],
    }),
  source: Source(),
})
  .superRefine((request, context) => {
    if (request.messages.reduce((count, { content }) => count + countOtherParts(content), 0) > MAX_ADD_FILES)
      context.addIssue({
        code: 'custom',
        path: ['messages'],
        message: `must have at most ${MAX_ADD_FILES} images and files together`,
        params: codeOf('too_many_files'),
      });
    if (request.user_id === undefined && request.agent_id === undefined)
      context.addIssue({ code: 'custom', path: ['user_id'], message: 'is required', params: codeOf('required_field_missing') });
    if (request.messages.every(({ role }) => role === 'tool'))
      context.addIssue({
        code: 'custom',
        path: ['messages'],
        message: 'must hold more than results of tools: send the call with its result',
      });
  })
  .meta({
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
