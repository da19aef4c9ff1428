import { z } from 'zod';
import { ConversationId, UserId } from './identifiers.ts';
import { WireBoolean, WireCount, WireNumber, wireObject } from './leniency.ts';

/** Roles of a turn; `developer` is the newer name of `system`. */
export const COMPLETION_ROLES = ['system', 'developer', 'user', 'assistant'] as const;

const CompletionText = z
  .union([z.string(), z.array(wireObject({ type: z.literal('text'), text: z.string() }))], {
    error: 'must be a string or a list of text parts',
  })
  .transform((content) => (typeof content === 'string' ? content : content.map(({ text }) => text).join('\n')))
  .meta({
    anyOf: [
      { type: 'string' },
      { type: 'array', items: { type: 'object', properties: { type: { type: 'string', enum: ['text'] }, text: { type: 'string' } } } },
    ],
    description: 'The text, or parts of the type `text`.',
  });

const CompletionMessage = wireObject({
  role: z.enum(COMPLETION_ROLES).describe('Who speaks.'),
  content: CompletionText,
  name: z.string().max(256).optional().describe('Name of who speaks.'),
}).meta({ id: 'CompletionMessage' });

/** A request in OpenAI's shape. Members that are not listed are accepted and ignored. */
export const ChatCompletionRequest = wireObject({
  model: z.string().max(200).optional().describe('A name of `/models`; case does not matter. Default: the first.'),
  messages: z
    .array(CompletionMessage)
    .min(1)
    .describe('The conversation so far, the question of the user last. It takes the place of the stored one in the prompt.'),
  user: UserId().meta({ description: 'Whose memories these are: the user of this project who asks.', examples: ['ana'] }),
  stream: WireBoolean().optional().describe('true: the answer comes as server-sent events, ended by `[DONE]`.'),
  stream_options: wireObject({ include_usage: WireBoolean().optional() })
    .optional()
    .describe('`include_usage`: a last piece tells the tokens.'),
  temperature: WireNumber({ min: 0, max: 2 }).optional().describe('0 to 2.'),
  top_p: WireNumber({ min: 0, max: 1 }).optional().describe('0 to 1.'),
  max_completion_tokens: WireCount().optional().describe('Ceiling of the answer.'),
  max_tokens: WireCount().optional().describe('Older name of `max_completion_tokens`.'),
  stop: z
    .union([z.string().transform((text) => [text]), z.array(z.string()).max(4)], { error: 'must be a string or a list of at most four' })
    .transform((texts) => texts.filter((text) => text !== ''))
    .optional()
    .meta({
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, maxItems: 4 }],
      description: 'Texts before which the answer ends.',
    }),
  n: WireNumber({ min: 1, max: 1 }).optional().describe('1: there is one answer.'),
  tools: z
    .array(z.unknown())
    .refine((tools) => tools.length === 0, { error: 'must be left out: this endpoint calls no tools' })
    .optional()
    .describe('Not supported; an empty list is accepted.'),
  functions: z
    .array(z.unknown())
    .refine((functions) => functions.length === 0, { error: 'must be left out: this endpoint calls no functions' })
    .optional()
    .describe('Not supported; an empty list is accepted.'),
  response_format: wireObject({ type: z.literal('text') })
    .optional()
    .describe('`text` alone.'),
  metadata: wireObject({ conversation_id: ConversationId().optional() })
    .optional()
    .describe(
      '`conversation_id`: the thread these messages belong to, as the header `X-Conversation-Id`; else where the last answer among them is stored, else a new one.',
    ),
}).meta({
  id: 'ChatCompletionRequest',
  examples: [{ model: 'qwen2.5-72b-instruct', user: 'ana', messages: [{ role: 'user', content: 'Which city should I visit next?' }] }],
});
export type ChatCompletionRequest = z.infer<typeof ChatCompletionRequest>;

const CompletionUsage = z
  .object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() })
  .meta({ id: 'CompletionUsage' });
export type CompletionUsage = z.infer<typeof CompletionUsage>;

const FinishReason = z.enum(['stop', 'length']);

/** A whole answer in OpenAI's shape. */
export const ChatCompletionReply = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.int().describe('Epoch seconds.'),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.literal(0),
        message: z.object({
          role: z.literal('assistant'),
          content: z.string(),
          reasoning_content: z.string().optional().describe('What the model thought, where it tells.'),
          refusal: z.null(),
        }),
        logprobs: z.null(),
        finish_reason: FinishReason,
      }),
    ),
    usage: CompletionUsage,
  })
  .meta({ id: 'ChatCompletionReply' });
export type ChatCompletionReply = z.infer<typeof ChatCompletionReply>;

/** One piece of a streamed answer in OpenAI's shape. */
export const ChatCompletionChunk = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion.chunk'),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.literal(0),
        delta: z.object({
          role: z.literal('assistant').optional(),
          content: z.string().optional(),
          reasoning_content: z.string().optional(),
        }),
        logprobs: z.null(),
        finish_reason: FinishReason.nullable(),
      }),
    ),
    usage: CompletionUsage.nullable().optional(),
  })
  .meta({ id: 'ChatCompletionChunk' });
export type ChatCompletionChunk = z.infer<typeof ChatCompletionChunk>;

/** One of them. */
export const ListedModel = z
  .object({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() })
  .meta({ id: 'ListedModel' });
export type ListedModel = z.infer<typeof ListedModel>;

/** The names `model` can have. */
export const ModelsReply = z.object({ object: z.literal('list'), data: z.array(ListedModel) }).meta({ id: 'ModelsReply' });
export type ModelsReply = z.infer<typeof ModelsReply>;

/** Every error of the endpoints in OpenAI's shape. */
export const OpenAiErrorReply = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.enum([
        'invalid_request_error',
        'authentication_error',
        'permission_error',
        'rate_limit_error',
        'insufficient_quota',
        'server_error',
      ]),
      param: z.string().nullable().describe('The field that is wrong, where one is.'),
      code: z.string().nullable(),
    }),
  })
  .meta({ id: 'OpenAiErrorReply' });
export type OpenAiErrorReply = z.infer<typeof OpenAiErrorReply>;
