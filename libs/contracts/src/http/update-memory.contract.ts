import { z } from 'zod';
import { envelope } from './envelope.ts';
import { Source } from './labels.ts';
import { codeOf, RequiredText, wireObject } from './leniency.ts';

/** Most characters of a memory's new content, and of its title; ours, the contract names none. */
export const MAX_CONTENT_CHARACTERS = 100_000;
export const MAX_TITLE_CHARACTERS = 1_000;
/** Most characters of all members of a skill together, as JSON; ours. */
const MAX_SKILL_CHARACTERS = 400_000;

/** What an update can set a status to: recalled, or kept as history. */
export const UPDATE_STATUSES = ['activated', 'archived'] as const;

const Text = () => z.string().max(MAX_CONTENT_CHARACTERS);

/** Members of a skill, each by itself. */
const SkillContent = wireObject({
  name: Text().optional(),
  description: Text().optional(),
  procedure: Text().optional(),
  experience: z.array(Text()).optional(),
  preference: z.array(Text()).optional(),
  examples: z.array(Text()).optional(),
  script: z.record(z.string(), Text()).optional(),
  others: z.record(z.string(), Text()).optional(),
});

const TEXT_OR_SKILL = 'must be a string, or for a skill an object of its members';

export const UpdateMemoryRequest = wireObject({
  memory_id: RequiredText().meta({
    description: 'As a search or a list returned it.',
    examples: ['3b2f0f0e-5f0d-5a63-9d0e-0f3b6c0d7f11'],
  }),
  content: z
    .union(
      [
        RequiredText().refine((text) => text.length <= MAX_CONTENT_CHARACTERS, {
          error: `must have at most ${MAX_CONTENT_CHARACTERS} characters`,
        }),
        SkillContent,
      ],
      {
        error: TEXT_OR_SKILL,
      },
    )
    .refine((content) => typeof content === 'string' || JSON.stringify(content).length <= MAX_SKILL_CHARACTERS, {
      error: `must have at most ${MAX_SKILL_CHARACTERS} characters as JSON`,
    })
    .optional()
    .meta({
      description:
        'What it is to say. It counts as said now: what was said before cannot bring the old wording back. Of a skill also an object of members.',
      examples: ['I live in Porto.'],
    }),
  title: RequiredText()
    .refine((title) => title.length <= MAX_TITLE_CHARACTERS, { error: `must have at most ${MAX_TITLE_CHARACTERS} characters` })
    .optional()
    .meta({ description: 'A few words that name it.', examples: ['Home'] }),
  status: z
    .enum(UPDATE_STATUSES)
    .optional()
    .meta({ description: '`archived`: kept as history, not recalled. `activated`: recalled again.', examples: ['activated'] }),
  source: Source(),
})
  .superRefine((body, context) => {
    if (body.content !== undefined || body.title !== undefined || body.status !== undefined) return;
    context.addIssue({ code: 'custom', message: 'must change content, title or status', params: codeOf('required_field_missing') });
  })
  .meta({ id: 'UpdateMemoryRequest', examples: [{ memory_id: '3b2f0f0e-5f0d-5a63-9d0e-0f3b6c0d7f11', content: 'I live in Porto.' }] });
export type UpdateMemoryRequest = z.infer<typeof UpdateMemoryRequest>;

export const UpdateMemoryReply = envelope('UpdateMemoryReply', z.object({ success: z.literal(true) }));
export type UpdateMemoryReply = z.infer<typeof UpdateMemoryReply>;
