import { NEIGHBOURS } from './weights.ts';
import type { RecallCandidate } from './types.ts';

/** Where a turn stands among the candidates: the places of the turns around it in the list of candidates, where they are in it. */
export interface Surroundings {
  /** The candidate so many messages later in the same conversation, earlier for a negative distance; null: none is. */
  readonly at: (index: number, distance: number) => number | null;
  /** All candidates of each conversation that have a place in it. */
  readonly conversations: readonly (readonly number[])[];
}

export function surroundingsOf(candidates: readonly RecallCandidate[]): Surroundings {
  const conversations = new Map<string, Map<number, number>>();
  const placesAround = candidates.map(({ document }, index) => {
    if (document.place === null) return null;
    const id = conversationKey(document);
    const places = conversations.get(id) ?? new Map<number, number>();
    conversations.set(id, places.set(document.place, index));
    return { place: document.place, places };
  });
  const at = (index: number, distance: number): number | null => {
    const around = placesAround[index] ?? null;
    return around?.places.get(around.place + distance) ?? null;
  };
  return { at, conversations: [...conversations.values()].map((places) => [...places.values()]) };
}

/** Two spaces may well give their conversations the same name. */
const conversationKey = ({ scope, conversationId }: RecallCandidate['document']): string =>
  `${scope.projectId}\n${scope.subject}\n${conversationId}`;

const NEXT = [-1, 1];
const NEAR = [-3, -2, 2, 3];

/**
 * What of the query is met in each turn or around it: what the turn leaves unsaid because it was said right before, or will be right
 * after, counts a share, less from further away, least from elsewhere in the conversation. Memories stand for themselves.
 */
export function matchesAround(own: readonly (readonly number[])[], { at, conversations }: Surroundings): readonly (readonly number[])[] {
  const around: (readonly number[])[] = [...own];
  for (const conversation of conversations) {
    const anywhere = strongest(conversation.map((index) => own[index] ?? []));
    for (const index of conversation) {
      const met = [...(own[index] ?? [])];
      raise(met, anywhere, NEIGHBOURS.conversation);
      for (const distance of NEAR) raise(met, own[at(index, distance) ?? -1], NEIGHBOURS.near);
      for (const distance of NEXT) raise(met, own[at(index, distance) ?? -1], NEIGHBOURS.next);
      around[index] = met;
    }
  }
  return around;
}

function raise(met: number[], by: readonly number[] | undefined, share: number): void {
  for (const [slot, match] of by?.entries() ?? []) met[slot] = Math.max(met[slot] ?? 0, share * match);
}

function strongest(all: readonly (readonly number[])[]): readonly number[] {
  const best: number[] = [];
  for (const matches of all) raise(best, matches, 1);
  return best;
}

/** The odds by vectors of each turn, drawn towards those of the better turn right before or after it; null: it has no vector. */
export function oddsAround(own: readonly (number | null)[], { at }: Surroundings): readonly (number | null)[] {
  return own.map((odds, index) => {
    if (odds === null) return null;
    const next = NEXT.map((distance) => own[at(index, distance) ?? -1] ?? odds);
    return (1 - NEIGHBOURS.meaning) * odds + NEIGHBOURS.meaning * Math.max(odds, ...next);
  });
}
