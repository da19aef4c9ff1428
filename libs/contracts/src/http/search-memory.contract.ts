import { z } from 'zod';
import { envelope } from './envelope.ts';
import { RecallExplanation } from './explanation.contract.ts';
import { WireFilter } from './filter.contract.ts';
import { ConversationId } from './identifiers.ts';
import { Source } from './labels.ts';
import { codeOf, RequiredText, WireBoolean, WireLimit, WireNumber, wireObject } from './leniency.ts';
import {
  MemoryDetail,
  MemoryView,
  PreferenceDetail,
  SearchEventDetail,
  SearchProfileDetail,
  SkillDetail,
  ToolMemoryDetail,
} from './memory-views.ts';
import { requireSubject, Subject } from './subject.ts';

/** Most items of one kind in one reply (the contract's limits page). */
export const MAX_RECALLED = 25;
/** The same in requests with `X-Continuo-Debug: explain`. */
export const MAX_EXPLAINED = 50;
export const DEFAULT_RECALLED = 9;
/** Default of the limits of tool memories and skills. */
export const DEFAULT_RECALLED_OTHERS = 6;
/** Default of `relativity` (the contract, since 2.0.7). */
export const DEFAULT_RELATIVITY = 0.45;
/** Most tokens of a search query. */
export const MAX_QUERY_TOKENS = 40_000;

export const Relativity = () =>
  WireNumber({ min: -Infinity, max: Infinity })
    .refine((value) => value >= 0 && value <= 1, { error: 'must be between 0 and 1', params: codeOf('relativity_out_of_range') })
    .optional()
    .meta({
      type: 'number',
      minimum: 0,
      maximum: 1,
      description: `Least score an item must have; 0 keeps everything. Default ${DEFAULT_RELATIVITY}.`,
      examples: [DEFAULT_RELATIVITY],
    });

/** A ceiling, never a promise. The higher bound is for explained requests; others are lowered to 25 later. */
export const RecallLimit = (what: string, byDefault = DEFAULT_RECALLED) =>
  WireLimit(MAX_EXPLAINED)
    .optional()
    .meta({
      type: 'integer',
      minimum: 1,
      maximum: MAX_RECALLED,
      description: `Most ${what} to return; more than ${MAX_RECALLED} counts as ${MAX_RECALLED}. Default ${byDefault}.`,
      examples: [6],
    });

export const KnowledgeBaseIds = () =>
  z
    .union([z.array(z.string()), z.string().transform((id) => [id])], { error: 'must be a list of strings' })
    .optional()
    .meta({
      type: 'array',
      items: { type: 'string' },
      description:
        'Knowledge bases to search, too: at most 100 ids, or `["all"]` for every one that is linked to the project, of more than 100 the oldest. Default: none.',
      examples: [['all']],
    });

export const SearchMemoryRequest = wireObject({
  ...Subject('Whose memories are searched'),
  query: RequiredText().meta({ description: 'What to look for, in the words of the user.', examples: ['Where do I stay in Guangzhou?'] }),
  conversation_id: ConversationId()
    .optional()
    .meta({ type: 'string', description: 'Raises what was said there a little; excludes nothing.', examples: ['tuesday'] }),
  filter: WireFilter(),
  memory_limit_number: RecallLimit('facts'),
  include_preference: WireBoolean()
    .optional()
    .meta({ description: 'Default true.', examples: [true] }),
  preference_limit_number: RecallLimit('preferences'),
  relativity: Relativity(),
  include_memory_view: z
    .array(MemoryView)
    .min(1)
    .optional()
    .meta({
      description: 'The kinds to search; then `memory_limit_number` bounds them together and the other switches are ignored.',
      examples: [['detail_factual', 'preference']],
    }),
  knowledgebase_ids: KnowledgeBaseIds(),
  include_tool_memory: WireBoolean().optional().meta({ description: 'Ignored beside `include_memory_view`. Default false.' }),
  tool_memory_limit_number: RecallLimit('tool memories', DEFAULT_RECALLED_OTHERS),
  include_skill: WireBoolean().optional().meta({ description: 'Ignored beside `include_memory_view`. Default false.' }),
  skill_limit_number: RecallLimit('skills', DEFAULT_RECALLED_OTHERS),
  context_format: z.string().optional().meta({ description: 'Accepted and ignored.' }),
  source: Source(),
})
  .superRefine(requireSubject)
  .meta({ id: 'SearchMemoryRequest', examples: [{ user_id: 'ana', query: 'Where do I stay in Guangzhou?' }] });
export type SearchMemoryRequest = z.infer<typeof SearchMemoryRequest>;

export const SearchMemoryReply = envelope(
  'SearchMemoryReply',
  z.object({
    memory_detail_list: z.array(MemoryDetail).describe('Facts, best first.'),
    preference_detail_list: z.array(PreferenceDetail).describe('Preferences, best first.'),
    profile_detail_list: z.array(SearchProfileDetail).describe('Fields of profiles, best first.'),
    event_detail_list: z.array(SearchEventDetail).describe('Events, best first; dated facts are among them.'),
    tool_memory_detail_list: z.array(ToolMemoryDetail).describe('Tools and how using them went, best first.'),
    skill_detail_list: z.array(SkillDetail).describe('Skills, best first.'),
    preference_note: z.string().describe('Advice for a prompt on how to use preferences; empty when there are none.'),
    debug: RecallExplanation.optional(),
  }),
);
export type SearchMemoryReply = z.infer<typeof SearchMemoryReply>;
