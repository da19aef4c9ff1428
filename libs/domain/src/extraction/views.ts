import type { Candidate, MemoryKind } from '../memory.ts';

/** The contract's name of each kind of memory. */
const VIEWS: Readonly<Record<MemoryKind, string>> = {
  fact: 'detail_factual',
  preference: 'preference',
  event: 'event',
  tool: 'tool_memory',
  skill: 'skill',
  profile: 'profile',
};

/** Whether memories of a kind are wanted. `views` null: all are. */
export const isWanted = (kind: MemoryKind, views: readonly string[] | null): boolean => views === null || views.includes(VIEWS[kind]);

/**
 * A candidate as the caller wants it; null: not at all. Where facts are not wanted and events are, a dated fact is an event alone: it
 * fills no slot then, because what happened stays what happened.
 */
export function inViews(candidate: Candidate, views: readonly string[] | null): Candidate | null {
  if (candidate.kind !== 'fact') return isWanted(candidate.kind, views) ? candidate : null;
  if (isWanted('fact', views)) return isWanted('event', views) ? candidate : withoutEvent(candidate);
  if (!isWanted('event', views) || candidate.eventTime === null) return null;
  return { ...candidate, kind: 'event', topicKey: null, topicValue: null };
}

function withoutEvent(candidate: Candidate): Candidate {
  const { event: _event, ...details } = candidate.details;
  return { ...candidate, details };
}
