import { z } from 'zod';
import { MAX_LABEL_CHARACTERS } from './identifiers.ts';
import { OptionalText } from './leniency.ts';

/** Most tags of one write, and characters of one tag; ours, the contract names none. */
export const MAX_TAGS = 256;

/** Most characters of `info` as JSON; ours: it is kept on every memory of the write. */
export const MAX_INFO_CHARACTERS = 65_536;

export const Tags = () =>
  z
    .array(z.string().max(MAX_LABEL_CHARACTERS))
    .max(MAX_TAGS)
    .transform((tags) => [...new Set(tags.filter((tag) => tag.trim() !== ''))])
    .optional()
    .meta({
      type: 'array',
      items: { type: 'string', maxLength: MAX_LABEL_CHARACTERS },
      maxItems: MAX_TAGS,
      description: 'Labels kept on the messages and on every memory drawn from them; filter with `{"tags": {"contains": "…"}}`.',
      examples: [['travel']],
    });

export const Info = () =>
  z
    .record(z.string(), z.unknown())
    .refine((info) => JSON.stringify(info).length <= MAX_INFO_CHARACTERS, {
      error: `must have at most ${MAX_INFO_CHARACTERS} characters as JSON`,
    })
    .optional()
    .meta({
      description:
        'Your own data, kept and given back as sent. Strings, numbers, booleans and lists of strings can be filtered by their key.',
      examples: [{ scene: 'booking', biz_id: 'order-17' }],
    });

export const AppId = () =>
  OptionalText(MAX_LABEL_CHARACTERS)
    .optional()
    .meta({ type: 'string', description: 'Which application wrote it: a label, filterable.', examples: ['shop-ios'] });

export const AgentId = () =>
  OptionalText(MAX_LABEL_CHARACTERS)
    .optional()
    .meta({ type: 'string', description: 'Which agent took part: a label, filterable.', examples: ['travel-agent'] });

/** Knowledge bases that a write may go to, too. */
export const KnowledgeBaseTargets = () =>
  z
    .union([z.array(z.string()), z.string().transform((id) => [id])], { error: 'must be a list of strings' })
    .transform((ids) => [...new Set(ids.filter((id) => id.trim() !== ''))])
    .optional()
    .meta({
      type: 'array',
      items: { type: 'string' },
      description: 'Ids of knowledge bases that receive the messages, too; each must be linked to the project. At most 20.',
    });

/** Undocumented; clients send it with every request. */
export const Source = () => z.unknown().optional().meta({ description: 'Accepted and ignored.' });
