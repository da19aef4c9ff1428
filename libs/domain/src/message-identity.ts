import type { MessageRole, NewMessage } from './message.ts';
import type { SubjectKey } from './scope.ts';
import { nameBasedId } from './uuid.ts';

/** How long one repeated message alone counts as the same message sent again, not as the same thing said again. */
export const SINGLE_OVERLAP_MS = 10 * 60_000;

export interface MessageIdentity {
  readonly projectId: string;
  readonly subject: SubjectKey;
  /** Raised by an erasure, so that what is said anew afterwards is another message. */
  readonly epoch: number;
  readonly conversationId: string;
  readonly role: MessageRole;
  readonly content: string;
  readonly parts: unknown;
  /** Epoch milliseconds the caller gave, or null: then the place tells equal messages apart. */
  readonly chatTime: number | null;
  /** Which message of the conversation it is. Ignored when there is a time. */
  readonly place: number;
}

/** The id of a message follows from what was said where and when, so the same history has the same ids in every store. */
export function messageId(identity: MessageIdentity): string {
  const { projectId, subject, epoch, conversationId, role, chatTime, place } = identity;
  const moment = chatTime === null ? ['place', place] : ['time', chatTime];
  return nameBasedId('message', projectId, subject, epoch, conversationId, role, canonicalContent(identity), ...moment);
}

/** Equal for equal content, whatever the order of object members in it. */
export function canonicalContent(message: Pick<NewMessage, 'content' | 'parts'>): string {
  return message.parts === null || message.parts === undefined ? `text:${message.content}` : `parts:${canonicalJson(message.parts)}`;
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

type Spoken = Pick<NewMessage, 'role' | 'content' | 'parts' | 'chatTime'>;
type Kept = Spoken & { readonly createdAt: number };

/**
 * Which of the incoming messages the conversation already holds: for each the index in `stored` of the message it repeats, or
 * null when it is new and has to be appended.
 *
 * System messages are left out on both sides, because clients change them from call to call: each is told by its content alone.
 * Recognised of the rest are: the whole conversation from its start (clients that send
 * the growing history), its tail, and an earlier state of it. One message alone is a repeat for ten minutes only, because the
 * same thing may be said twice. A message with a time is recognised wherever it stands, and what followed it with it; the time
 * is part of it, so against a stored message without one it is new.
 *
 * @param stored in order; null marks a gap, where messages were left out. The first and the last `incoming.length + 1` of the
 * conversation are enough.
 */
export function alignWithConversation(
  stored: readonly (Kept | null)[],
  incoming: readonly Spoken[],
  now: number,
): readonly (number | null)[] {
  const isSpoken = (message: Pick<Spoken, 'role'> | null): boolean => message?.role !== 'system';
  const storedPlaces = stored.flatMap((message, place) => (isSpoken(message) ? [place] : []));
  const incomingPlaces = incoming.flatMap((message, place) => (isSpoken(message) ? [place] : []));
  const spoken = new Alignment(
    storedPlaces.map((place) => stored[place] ?? null),
    incomingPlaces.flatMap((place) => incoming[place] ?? []),
    now,
  ).result();
  const matches = incoming.map((message) => (isSpoken(message) ? null : instructionIn(stored, message)));
  incomingPlaces.forEach((place, position) => {
    const at = spoken[position];
    matches[place] = at === null || at === undefined ? null : (storedPlaces[at] ?? null);
  });
  return matches;
}

/** An instruction sent with every call is one instruction. */
function instructionIn(stored: readonly (Kept | null)[], message: Spoken): number | null {
  const content = canonicalContent(message);
  const at = stored.findLastIndex(
    (known) =>
      known?.role === 'system' && canonicalContent(known) === content && (message.chatTime === null || message.chatTime === known.chatTime),
  );
  return at === -1 ? null : at;
}

class Alignment {
  private readonly stored: readonly (Kept | null)[];
  private readonly incoming: readonly Spoken[];
  private readonly now: number;
  private readonly storedContent: readonly string[];
  private readonly incomingContent: readonly string[];
  private readonly matches: (number | null)[];

  constructor(stored: readonly (Kept | null)[], incoming: readonly Spoken[], now: number) {
    this.stored = stored;
    this.incoming = incoming;
    this.now = now;
    this.storedContent = stored.map((message) => (message === null ? '' : canonicalContent(message)));
    this.incomingContent = incoming.map((message) => canonicalContent(message));
    this.matches = incoming.map(() => null);
  }

  result(): readonly (number | null)[] {
    const overlap = this.overlap();
    for (let index = 0; index < overlap.count; index += 1) this.matches[index] = overlap.from + index;
    this.matchByTime(overlap.count);
    return this.matches;
  }

  /** How many of the first messages repeat stored ones, and from where. */
  private overlap(): { readonly from: number; readonly count: number } {
    const known = this.stored.length;
    const sent = this.incoming.length;
    if (known > 0 && known < sent && this.sameRun(0, known)) return { from: 0, count: known };
    for (let count = Math.min(known, sent); count > 0; count -= 1) {
      const from = known - count;
      if (this.sameRun(from, count) && (count > 1 || this.isFresh(from, 1))) return { from, count };
      if (count === sent && this.repeatsEarlierState(sent)) return { from: 0, count: sent };
    }
    return { from: 0, count: 0 };
  }

  /** An earlier state of a growing history, sent late: more than one turn of it, or just said. A first turn alone may be said again. */
  private repeatsEarlierState(count: number): boolean {
    if (count < 2 || !this.sameRun(0, count)) return false;
    return this.incoming.filter((message) => message.role === 'user').length > 1 || this.isFresh(0, count);
  }

  private matchByTime(start: number): void {
    for (let index = start; index < this.incoming.length; index += 1) {
      if (this.incoming[index]?.chatTime !== null) {
        const at = this.stored.findIndex(
          (message, place) => message?.chatTime === this.incoming[index]?.chatTime && this.same(place, index),
        );
        this.matches[index] = at === -1 ? null : at;
        continue;
      }
      const before = index > start ? this.matches[index - 1] : null;
      if (before !== null && before !== undefined && this.same(before + 1, index)) this.matches[index] = before + 1;
    }
  }

  /** Whether the first `count` incoming messages are the stored ones from there on. */
  private sameRun(storedFrom: number, count: number): boolean {
    for (let index = 0; index < count; index += 1) if (!this.same(storedFrom + index, index)) return false;
    return true;
  }

  private same(place: number, index: number): boolean {
    const known = this.stored[place];
    const sent = this.incoming[index];
    if (known === undefined || known === null || sent === undefined) return false;
    if (known.role !== sent.role || this.storedContent[place] !== this.incomingContent[index]) return false;
    return sent.chatTime === null || sent.chatTime === known.chatTime;
  }

  private isFresh(from: number, count: number): boolean {
    return this.stored.slice(from, from + count).every((message) => message !== null && this.now - message.createdAt < SINGLE_OVERLAP_MS);
  }
}
