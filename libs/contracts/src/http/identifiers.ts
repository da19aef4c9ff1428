import { z } from 'zod';
import { characters, codeOf, OptionalText, RequiredText } from './leniency.ts';

/** Most users, and most agents, of one group chat (the contract's limits page). */
export const MAX_PARTICIPANTS = 20;

/** Longest `user_id` and `conversation_id` in characters (the contract's limits page). */
export const MAX_ID_CHARACTERS = 100;

/** Longest `agent_id`, `app_id`, label key; ours, the contract names none. */
export const MAX_LABEL_CHARACTERS = 256;

/** Repaired text has lost what told two ids apart. */
const isRepaired = (id: string): boolean => id.includes('\uFFFD');
const repairedId = { error: 'must be well-formed text without NUL' };

export const UserId = () =>
  RequiredText()
    .refine((id) => !isRepaired(id), repairedId)
    .refine((id) => characters(id) <= MAX_ID_CHARACTERS, {
      error: `must have at most ${MAX_ID_CHARACTERS} characters`,
      params: codeOf('user_id_too_long'),
    })
    .meta({ minLength: 1, maxLength: MAX_ID_CHARACTERS });

/** One id, or a list of them without repeats: a group chat. Read as a list. */
export const UserIds = () =>
  z
    .union([UserId().transform((id) => [id]), z.array(UserId()).min(1).max(MAX_PARTICIPANTS)], { error: ONE_OR_LIST })
    .transform((ids) => [...new Set(ids)])
    .meta({ anyOf: oneOrList(MAX_ID_CHARACTERS) });

/** The same for agents, whose ids are labels: a blank one counts as absent. */
export const AgentIds = () =>
  z
    .union([AgentId().transform((id) => [id]), z.array(AgentId()).min(1).max(MAX_PARTICIPANTS)], { error: ONE_OR_LIST })
    .transform((ids) => {
      const named = [...new Set(ids.filter((id) => id !== undefined))];
      return named.length === 0 ? undefined : named;
    })
    .meta({ anyOf: oneOrList(MAX_LABEL_CHARACTERS) });

const AgentId = () => OptionalText(MAX_LABEL_CHARACTERS);

const ONE_OR_LIST = 'must be a string or a list of strings';

const oneOrList = (maxLength: number) => [
  { type: 'string' as const, minLength: 1, maxLength },
  { type: 'array' as const, items: { type: 'string' as const, minLength: 1, maxLength }, minItems: 1, maxItems: MAX_PARTICIPANTS },
];

export const RequiredConversationId = () =>
  RequiredText()
    .refine((id) => !isRepaired(id), repairedId)
    .refine(fitsConversationId, tooLongConversationId)
    .meta({ minLength: 1, maxLength: MAX_ID_CHARACTERS });

/** A blank one counts as absent. */
export const ConversationId = () =>
  z
    .string()
    .refine((id) => !isRepaired(id), repairedId)
    .refine(fitsConversationId, tooLongConversationId)
    .transform((id) => (id.trim() === '' ? undefined : id))
    .meta({ type: 'string', maxLength: MAX_ID_CHARACTERS });

function fitsConversationId(id: string): boolean {
  return characters(id) <= MAX_ID_CHARACTERS;
}

const tooLongConversationId = {
  error: `must have at most ${MAX_ID_CHARACTERS} characters`,
  params: codeOf('conversation_id_too_long'),
};
