import type { ChatModelEvent } from '@continuo/ports';

/**
 * Ends an answer before the first of these texts, wherever the pieces of the answer are cut. What could be the beginning of one is held
 * back until it is known not to be.
 */
export async function* stopAt(events: AsyncIterable<ChatModelEvent>, stops: readonly string[]): AsyncIterable<ChatModelEvent> {
  let held = '';
  for await (const event of events) {
    if (event.type === 'end' && held !== '') yield { type: 'text', text: held };
    if (event.type !== 'text') {
      yield event;
      continue;
    }
    held += event.text;
    const at = firstOf(held, stops);
    const free = at ?? held.length - possibleBeginning(held, stops);
    if (free > 0) yield { type: 'text', text: held.slice(0, free) };
    if (at !== null) return;
    held = held.slice(free);
  }
}

/** Where the earliest of the texts begins; null: nowhere. */
function firstOf(text: string, stops: readonly string[]): number | null {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
  return places.length === 0 ? null : Math.min(...places);
}

/** How many characters at the end could begin one of the texts. */
function possibleBeginning(text: string, stops: readonly string[]): number {
  const longest = Math.max(...stops.map((stop) => stop.length)) - 1;
  for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (stops.some((stop) => stop.startsWith(end))) return length;
  }
  return 0;
}
