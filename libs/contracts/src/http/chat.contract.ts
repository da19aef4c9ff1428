import { z } from 'zod';
import { envelope } from './envelope.ts';
import { RecallExplanation } from './explanation.contract.ts';
import { WireFilter } from './filter.contract.ts';
import { ConversationId, UserId } from './identifiers.ts';
import { AgentId, AppId, Info, KnowledgeBaseTargets, Source, Tags } from './labels.ts';
import { RequiredText, WireBoolean, WireCount, WireNumber, wireObject } from './leniency.ts';
import { KnowledgeBaseIds, RecallLimit, Relativity } from './search-memory.contract.ts';

/** Most tokens of a chat query (the contract's chat page). */
export const MAX_CHAT_TOKENS = 8_000;
/** Most characters of a caller's own instructions; ours. */
export const MAX_SYSTEM_PROMPT_CHARACTERS = 200_000;
export const DEFAULT_TEMPERATURE = 0.7;
export const DEFAULT_TOP_P = 0.95;
export const DEFAULT_MAX_TOKENS = 8_192;

export const ChatRequest = wireObject({
  user_id: UserId().meta({ description: 'Who speaks.', examples: ['ana'] }),
  conversation_id: ConversationId()
    .optional()
    .meta({ type: 'string', description: 'The thread this turn belongs to; made by the server when absent.', examples: ['tuesday'] }),
  query: RequiredText().meta({
    description: `What the user says; at most ${MAX_CHAT_TOKENS.toLocaleString('en')} tokens.`,
    examples: ['Recommend a city I have not been to.'],
  }),
  filter: WireFilter(),
  knowledgebase_ids: KnowledgeBaseIds(),
  memory_limit_number: RecallLimit('facts'),
  include_preference: WireBoolean()
    .optional()
    .meta({ description: 'Default true.', examples: [true] }),
  preference_limit_number: RecallLimit('preferences'),
  relativity: Relativity(),
  model_name: z
    .string()
    .max(200)
    .optional()
    .meta({
      description: '`qwen2.5-72b-instruct` (default), `qwen3-32b`, `deepseek-r1`, or a name of your models file; case does not matter.',
      examples: ['qwen2.5-72b-instruct'],
    }),
  system_prompt: z
    .string()
    .max(MAX_SYSTEM_PROMPT_CHARACTERS)
    .optional()
    .meta({
      description: 'Replaces the built-in instructions. `{memories}` is replaced by what was recalled; without it that is appended.',
      examples: ['You are a travel agent.\n{memories}'],
    }),
  stream: WireBoolean()
    .optional()
    .meta({ description: 'true: the answer comes as server-sent events. Default false.', examples: [false] }),
  temperature: WireNumber({ min: 0, max: 2 })
    .optional()
    .meta({ description: `Default ${DEFAULT_TEMPERATURE}.`, examples: [DEFAULT_TEMPERATURE] }),
  top_p: WireNumber({ min: 0, max: 1 })
    .optional()
    .meta({ description: `Default ${DEFAULT_TOP_P}.`, examples: [DEFAULT_TOP_P] }),
  max_tokens: WireCount()
    .optional()
    .meta({
      type: 'integer',
      minimum: 1,
      description: `Ceiling of the answer. Default ${DEFAULT_MAX_TOKENS}.`,
      examples: [DEFAULT_MAX_TOKENS],
    }),
  add_message_on_answer: WireBoolean()
    .optional()
    .meta({ description: 'Remember this turn. Default true.', examples: [true] }),
  async_mode: WireBoolean()
    .optional()
    .meta({ description: 'false: answers once the memories of this turn are made, or after 25 seconds. Default true.', examples: [true] }),
  asyncMode: WireBoolean().optional().meta({ description: 'Older spelling of `async_mode`.' }),
  tags: Tags(),
  info: Info(),
  app_id: AppId(),
  agent_id: AgentId(),
  allow_public: WireBoolean()
    .optional()
    .meta({ description: 'true: the public memory of the project receives this turn, too. Default false.' }),
  allow_knowledgebase_ids: KnowledgeBaseTargets(),
  internet_search: z.unknown().optional().meta({ description: 'Accepted and ignored.' }),
  force_stop: z.unknown().optional().meta({ description: 'Accepted and ignored.' }),
  use_mem_os_cube: z.unknown().optional().meta({ description: 'Accepted and ignored.' }),
  source: Source(),
}).meta({
  id: 'ChatRequest',
  examples: [
    { user_id: 'ana', conversation_id: 'tuesday', query: 'I want to travel over the holidays. Recommend a city I have not been to.' },
  ],
});
export type ChatRequest = z.infer<typeof ChatRequest>;

export const ChatReply = envelope(
  'ChatReply',
  z.object({
    response: z.string().describe('The answer.'),
    conversation_id: z.string().describe('Where the turn was kept; new when the request named none.'),
    debug: RecallExplanation.optional(),
  }),
);
export type ChatReply = z.infer<typeof ChatReply>;

/** What one event of a streamed answer carries. */
export const ChatStreamEvent = z
  .object({
    type: z.enum(['reasoning', 'text', 'end', 'error']).describe('Any number of reasoning and text, at most one error, exactly one end.'),
    data: z.string().describe('A piece of the reasoning or the answer; the sentence of an error; empty at the end.'),
    debug: RecallExplanation.optional().describe('In the last event of an explained request.'),
  })
  .meta({ id: 'ChatStreamEvent' });
export type ChatStreamEvent = z.infer<typeof ChatStreamEvent>;
