import { z } from 'zod';
import { characters, codeOf, RequiredText } from './leniency.ts';

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
