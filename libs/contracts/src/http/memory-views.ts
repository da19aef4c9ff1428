import { z } from 'zod';

/** The six kinds of result of the contract. */
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
  conversation_id: z.string().describe('Where it was said; `default_session` for what was read in a file of a knowledge base.'),
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
  source_file: z
    .object({
      file_id: z.string(),
      file_name: z.string(),
      chunk: z.int().describe('From 0, in the order of the file.'),
      page: z.int().nullable(),
      headings: z.array(z.string()),
    })
    .optional()
    .describe('Of what was read in a file of a knowledge base: where.'),
} as const;

const Preference = {
  ...Stored,
  preference_type: z.enum(['explicit_preference', 'implicit_preference']).describe('explicit: said. implicit: inferred.'),
  preference: z.string().meta({ examples: ['Never suggest seafood.'] }),
  reasoning: z.string().describe('Why it was inferred; empty for an explicit one.'),
} as const;

const Tool = {
  ...Stored,
  tool_type: z
    .enum(['ToolTrajectoryMemory', 'ToolSchemaMemory'])
    .describe('ToolSchemaMemory: what a tool is. ToolTrajectoryMemory: how using tools went.'),
  tool_value: z.string().describe('What is remembered; the schema of a tool as JSON text.'),
  tool_used_status: z
    .array(z.object({ used_tool: z.string(), error_type: z.string(), success_rate: z.number(), tool_experience: z.string() }))
    .optional()
    .describe('How each tool did; of a trajectory alone.'),
  experience: z.string().optional().describe('What is to be learnt from it; of a trajectory alone.'),
} as const;

export const SkillContent = z
  .object({
    name: z.string(),
    description: z.string(),
    procedure: z.string(),
    experience: z.array(z.string()),
    preference: z.array(z.string()),
    examples: z.array(z.string()),
    script: z.record(z.string(), z.string()),
    others: z.record(z.string(), z.string()),
  })
  .meta({ id: 'SkillContent' });
export type SkillContent = z.infer<typeof SkillContent>;

const Skill = {
  ...Stored,
  skill_value: SkillContent,
  skill_url: z.string().describe('Where the uploaded file can be fetched; empty for a skill that was learnt.'),
  skill_type: z.literal('SkillMemory'),
  confidence: z.number().describe('0 to 1.'),
  tags: z.array(z.string()),
} as const;

const Event = {
  ...Stored,
  event_key: z.string().describe('A few words that name it.'),
  event_value: z.string().meta({ description: 'What happened or will happen.', examples: ['I have booked a trip to Guangzhou.'] }),
  event_type: z.literal('EventMemory'),
  event_time: z.array(z.string()).describe('When, in the words of the conversation.'),
  event_location: z.array(z.string()),
  event_roles: z.array(z.string()).describe('Who takes part.'),
} as const;

const Iso = z.string().describe('ISO 8601.');

/** One field of a profile. */
export const SearchProfileDetail = z
  .object({
    id: MemoryId,
    memory: z.string().meta({ description: 'The field and its value.', examples: ['Basics.City: Lyon'] }),
    memory_type: z.literal('ProfileMemory'),
    template_id: z.string(),
    profile_category: z.string().describe('Empty where the template has no categories.'),
    profile_field: z.string(),
    profile_path: z.string().meta({ examples: ['Basics.City'] }),
    status: z.literal('activated'),
    created_at: Iso,
    updated_at: Iso,
    confidence: z.number().describe('0 to 1.'),
    relativity: Relativity,
    algorithm_updatable: z.boolean().describe('Whether what is said may change it.'),
  })
  .meta({ id: 'SearchProfileDetail' });
export type SearchProfileDetail = z.infer<typeof SearchProfileDetail>;

/** A profile as a whole. */
export const ListedProfile = z
  .object({
    id: z.string(),
    project_id: z.string(),
    profile_template_id: z.string(),
    properties: z.record(z.string(), z.unknown()).describe('The fields as a tree; `value` and `algorithm_updatable` each.'),
    status: z.literal('activated'),
    created_at: Iso,
    updated_at: Iso,
  })
  .meta({ id: 'ListedProfile' });
export type ListedProfile = z.infer<typeof ListedProfile>;

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

export const ToolMemoryDetail = z.object({ ...Tool, relativity: Relativity }).meta({ id: 'ToolMemoryDetail' });
export type ToolMemoryDetail = z.infer<typeof ToolMemoryDetail>;

export const SkillDetail = z.object({ ...Skill, relativity: Relativity }).meta({ id: 'SkillDetail' });
export type SkillDetail = z.infer<typeof SkillDetail>;

export const SearchEventDetail = z.object({ ...Event, relativity: Relativity }).meta({ id: 'SearchEventDetail' });
export type SearchEventDetail = z.infer<typeof SearchEventDetail>;

export const ListedTool = z
  .object({ ...Tool, ...Listed, source: z.string().describe('The messages it was drawn from, as text.') })
  .meta({ id: 'ListedTool' });
export type ListedTool = z.infer<typeof ListedTool>;

export const ListedSkill = z.object({ ...Skill, ...Listed }).meta({ id: 'ListedSkill' });
export type ListedSkill = z.infer<typeof ListedSkill>;

export const ListedEvent = z.object({ ...Event, ...Listed }).meta({ id: 'ListedEvent' });
export type ListedEvent = z.infer<typeof ListedEvent>;
