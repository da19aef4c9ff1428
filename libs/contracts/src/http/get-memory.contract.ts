import { z } from 'zod';
import { envelope } from './envelope.ts';
import { WireFilter } from './filter.contract.ts';
import { Source } from './labels.ts';
import { WireBoolean, WireCount, WireLimit, wireObject } from './leniency.ts';
import {
  ListedEvent,
  ListedMemory,
  ListedPreference,
  ListedProfile,
  ListedSkill,
  ListedTool,
  MEMORY_VIEWS,
  MemoryView,
  SkillContent,
} from './memory-views.ts';
import { requireSubject, Subject } from './subject.ts';

export const MAX_PAGE_SIZE = 50;
export const DEFAULT_PAGE_SIZE = 10;

export const GetMemoryRequest = wireObject({
  ...Subject('Whose memories are listed'),
  page: WireCount()
    .optional()
    .meta({ type: 'integer', minimum: 1, description: 'From 1. Default 1.', examples: [1] }),
  current: WireCount().optional().meta({ type: 'integer', minimum: 1, description: 'Another name of `page`.' }),
  size: WireLimit(MAX_PAGE_SIZE)
    .optional()
    .meta({
      type: 'integer',
      description: `Items of each kind on a page; more than ${MAX_PAGE_SIZE} counts as ${MAX_PAGE_SIZE}. Default ${DEFAULT_PAGE_SIZE}.`,
      examples: [DEFAULT_PAGE_SIZE],
    }),
  filter: WireFilter(),
  include_memory_view: z
    .array(MemoryView)
    .optional()
    .meta({ description: 'The kinds to list. Default: all.', examples: [['detail_factual', 'preference']] }),
  include_preference: WireBoolean()
    .optional()
    .meta({ description: 'Ignored beside `include_memory_view`. Default true.', examples: [true] }),
  include_tool_memory: WireBoolean().optional().meta({ description: 'Ignored beside `include_memory_view`. Default true.' }),
  source: Source(),
})
  .superRefine(requireSubject)
  .meta({ id: 'GetMemoryRequest', examples: [{ user_id: 'ana', page: 1, size: 10 }] });
export type GetMemoryRequest = z.infer<typeof GetMemoryRequest>;

export const GetMemoryReply = envelope(
  'GetMemoryReply',
  z.object({
    memory_detail_list: z.array(ListedMemory).describe('Facts, newest change first.'),
    preference_detail_list: z.array(ListedPreference).describe('Preferences, newest change first.'),
    profile_detail_list: z.array(ListedProfile).describe('Profiles as a whole, oldest first.'),
    event_detail_list: z.array(ListedEvent).describe('Events, newest change first; dated facts are among them.'),
    tool_memory_detail_list: z.array(ListedTool).describe('Tools and how using them went, newest change first.'),
    skill_detail_list: z.array(ListedSkill).describe('Skills, newest change first.'),
    total: z.int().describe('Of the kind that has most.'),
    size: z.int(),
    current: z.int().describe('The page this is.'),
    pages: z.int(),
  }),
);
export type GetMemoryReply = z.infer<typeof GetMemoryReply>;

export const OneMemoryReply = envelope(
  'OneMemoryReply',
  z.object({
    id: z.string(),
    memory_view: z.enum(MEMORY_VIEWS),
    title: z.string(),
    content: z.union([z.string(), SkillContent]).describe('What it says; an object for a skill.'),
    memory: z.string().describe('What it says, as text.'),
    conversation_id: z.string(),
    message_ids: z.array(z.string()).describe('The messages it was drawn from.'),
    messages: z.array(
      z.object({ role: z.string(), content: z.string(), chat_time: z.string().describe('ISO 8601.') }).meta({ id: 'MemorySource' }),
    ),
    status: z.enum(['activated', 'resolving', 'archived', 'deleted']).describe('archived: replaced by a later memory.'),
    algorithm_updatable: z.boolean(),
    created_at: z.string().describe('ISO 8601.'),
    updated_at: z.string().describe('ISO 8601.'),
    user_id: z.string().describe('Empty when it is of no user: an agent’s, public, of a knowledge base.'),
    agent_id: z.string().describe('Empty when there is none.'),
    tags: z.array(z.string()),
    info: z.record(z.string(), z.unknown()),
  }),
);
export type OneMemoryReply = z.infer<typeof OneMemoryReply>;
