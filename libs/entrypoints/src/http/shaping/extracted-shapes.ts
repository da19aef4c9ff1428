import type { Candidate } from '@continuo/domain';

/** A fact that was drawn from messages and not kept. */
export const extractedFact = ({ title, text, about, origin }: Candidate) => ({
  memory_key: title,
  memory_value: text,
  memory_type: about === null && origin === 'user' ? ('UserMemory' as const) : ('LongTermMemory' as const),
  tags: [],
});

export const extractedPreference = ({ text, reasoning, preferenceType }: Candidate) => ({
  preference: text,
  reasoning,
  preference_type: preferenceType === 'implicit' ? ('implicit_preference' as const) : ('explicit_preference' as const),
});
