import type { EventDetails } from '../memory-details.ts';
import type { Candidate } from '../memory.ts';
import { readTimeExpressions } from '../time/index.ts';
import { locationsIn } from './locations.ts';

const MOST_OF_EACH = 8;

/** What a model named of an event; what it left out is read from the words. */
export type NamedEvent = Partial<EventDetails>;

/**
 * A dated fact with what the event view shows of it: the time in the words it was said in, places, and the people it is about. Every
 * other candidate stays as it is.
 *
 * @param speakerName of the one who said it; null: not known, or nobody to be named.
 */
export function withEvent(candidate: Candidate, speakerName: string | null, timeZone: string, named: NamedEvent = {}): Candidate {
  if (candidate.eventTime === null || candidate.kind !== 'fact') return candidate;
  const times = candidate.quotes.flatMap((quote) =>
    readTimeExpressions(quote, candidate.statedAt, timeZone).map(({ start, end }) => quote.slice(start, end).trim()),
  );
  const locations = candidate.quotes.flatMap((quote) => locationsIn(quote));
  const roles = [speakerName, candidate.about].filter((name) => name !== null);
  const event: EventDetails = {
    times: orElse(named.times, times),
    locations: orElse(named.locations, locations),
    roles: few([...roles, ...(named.roles ?? [])]),
  };
  return { ...candidate, details: { ...candidate.details, event } };
}

const few = (values: readonly string[]): readonly string[] => [...new Set(values)].slice(0, MOST_OF_EACH);

const orElse = (named: readonly string[] | undefined, read: readonly string[]): readonly string[] =>
  few(named === undefined || named.length === 0 ? read : named);
