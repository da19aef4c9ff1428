import { z } from 'zod';

/** The six kinds of result of the contract. This server fills `detail_factual` and `preference`. */
export const MEMORY_VIEWS = ['detail_factual', 'preference', 'profile', 'event', 'tool_memory', 'skill'] as const;
export const MemoryView = z.enum(MEMORY_VIEWS);
export type MemoryView = z.infer<typeof MemoryView>;

const Milliseconds = z.number().meta({ description: 'Epoch milliseconds.', examples: [1_795_000_000_000] });
const Relativity = z.number().meta({ description: 'How well it answers the query, 0 to 1.', examples: [0.83] });
const MemoryId = z.string().meta({ examples: ['3b2f0f0e-5f0d-5a63-9d0e-0f3b6c0d7f11'] });

/** Where a memory was said. */
export const SourceMessage = z
  .object({
    message_id: z.string(),
    role: z.string(),
    content: z.string(),
    chat_time: Milliseconds,
    conversation_id: z.string(),
  })
  .meta({ id: 'SourceMessage' });
export type SourceMessage = z.infer<typeof SourceMessage>;

const Stored = {
  id: MemoryId,
  create_time: Milliseconds,
  update_time: Milliseconds,
  conversation_id: z.string().describe('Where it was said.'),
  status: z.literal('activated').describe('Only what holds now is returned.'),
} as const;

const Fact = {
  ...Stored,
  memory_key: z.string().describe('A few words that name it.'),
  memory_value: z
    .string()
    .meta({ description: 'What is remembered.', examples: ['I have booked a trip to Guangzhou in the summer of 2026.'] }),
  memory_type: z
    .enum(['WorkingMemory', 'LongTermMemory', 'UserMemory'])
    .describe('WorkingMemory: a turn as it was said. UserMemory: a fact about the user. LongTermMemory: any other fact.'),
  confidence: z.number().describe('0 to 1.'),
  tags: z.array(z.string()),
} as const;

const Preference = {
  ...Stored,
  preference_type: z.enum(['explicit_preference', 'implicit_preference']).describe('explicit: said. implicit: inferred.'),
  preference: z.string().meta({ examples: ['Never suggest seafood.'] }),
  reasoning: z.string().describe('Why it was inferred; empty for an explicit one.'),
} as const;

const Listed = {
  sources: z.array(SourceMessage).describe('The messages it was drawn from.'),
  info: z.record(z.string(), z.unknown()),
  relativity: z.number().describe('Without meaning here; always 0.'),
} as const;

export const MemoryDetail = z.object({ ...Fact, relativity: Relativity }).meta({ id: 'MemoryDetail' });
export type MemoryDetail = z.infer<typeof MemoryDetail>;

export const PreferenceDetail = z.object({ ...Preference, relativity: Relativity }).meta({ id: 'PreferenceDetail' });
export type PreferenceDetail = z.infer<typeof PreferenceDetail>;

export const ListedMemory = z.object({ ...Fact, ...Listed }).meta({ id: 'ListedMemory' });
export type ListedMemory = z.infer<typeof ListedMemory>;

export const ListedPreference = z.object({ ...Preference, ...Listed }).meta({ id: 'ListedPreference' });
export type ListedPreference = z.infer<typeof ListedPreference>;

const Unused = () => z.array(z.unknown()).max(0).describe('Always empty for now.');

/** Kinds that are always there and empty as yet; clients reject null. */
export const UnusedViews = {
  profile_detail_list: Unused(),
  event_detail_list: Unused(),
  tool_memory_detail_list: Unused(),
  skill_detail_list: Unused(),
} as const;

/** The empty lists of {@link UnusedViews}. */
export const noUnusedViews = () => ({ profile_detail_list: [], event_detail_list: [], tool_memory_detail_list: [], skill_detail_list: [] });
