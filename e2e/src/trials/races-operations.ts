import type { System } from '../system.ts';
import { pick } from './random.ts';

/** One thing that holds one value at a time, and how it is spoken of. */
export interface Slot {
  readonly name: string;
  readonly values: readonly string[];
  readonly says: (value: string) => string;
  readonly denies: (value: string) => string;
  /** The value that a memory states; null: it is about something else. */
  readonly valueOf: (text: string) => string | null;
}

export const SLOTS: readonly Slot[] = [
  {
    name: 'home.city',
    values: ['Porto', 'Oslo', 'Vienna', 'Madrid', 'Dublin'],
    says: (value) => `I live in ${value}.`,
    denies: (value) => `That's wrong, I never lived in ${value}.`,
    valueOf: (text) => /\blive in (\p{L}+)/u.exec(text)?.[1] ?? null,
  },
  {
    name: 'work.employer',
    values: ['Zorblat', 'Quantix', 'Nimbus', 'Fernhill'],
    says: (value) => `I work at ${value}.`,
    denies: (value) => `That's wrong, I never worked at ${value}.`,
    valueOf: (text) => /\bwork at (\p{L}+)/u.exec(text)?.[1] ?? null,
  },
];

export type Kind = 'add' | 'addAndWait' | 'update' | 'delete' | 'deny' | 'replace' | 'state' | 'edit' | 'extract';

/** Something that was done, and when, as the caller saw it. */
export interface Done {
  readonly kind: Kind;
  readonly slot: Slot;
  /** The value it makes known; null: none. */
  readonly value: string | null;
  /** The value it takes away: by name, or with the memory that had it; null: none. */
  readonly removed: string | null;
  /** The memory it names; null: none. */
  readonly memoryId: string | null;
  /** Two counts of one clock: what ended below where another began was before it. */
  readonly began: number;
  readonly ended: number;
  /** Epoch milliseconds of its end. */
  readonly endedAt: number;
  readonly status: number;
  readonly taskId: string | null;
}

/** What is current of a slot. */
export interface Current {
  readonly id: string;
  readonly value: string;
  readonly createdAt: number;
}

export interface Person {
  readonly user: string;
  readonly templateId: string;
}

const KINDS: readonly Kind[] = [
  'add',
  'add',
  'addAndWait',
  'update',
  'update',
  'delete',
  'deny',
  'replace',
  'replace',
  'state',
  'edit',
  'extract',
];

let clock = 0;

/** Something to do, at random. @param known what was current when it was last looked at. */
export function wishAtRandom(slot: Slot, known: readonly Current[], random: () => number): Wish {
  const drawn = pick(random, KINDS);
  const [value, other, place] = [pick(random, slot.values), pick(random, slot.values), random()];
  const target = known[Math.floor(place * known.length)] ?? null;
  // Nothing is known yet that could be named.
  const kind = target === null && (drawn === 'update' || drawn === 'delete') ? 'add' : drawn;
  return { kind, slot, value, other, target };
}

/** One thing after the other: what is to go was often said again just before, or something else was, and waits to be mined meanwhile. */
export function wishesAtRandom(slot: Slot, known: readonly Current[], random: () => number): readonly Wish[] {
  const wish = wishAtRandom(slot, known, random);
  const saidAgain = random() < SAID_AGAIN && (wish.kind === 'delete' || wish.kind === 'update') && wish.target !== null;
  return saidAgain && wish.target !== null
    ? [{ ...wish, kind: 'add', value: random() < 0.5 ? wish.target.value : wish.other }, wish]
    : [wish];
}

const SAID_AGAIN = 0.7;

export interface Wish {
  readonly kind: Kind;
  readonly slot: Slot;
  readonly value: string;
  readonly other: string;
  readonly target: Current | null;
}

export async function perform(system: System, person: Person, wish: Wish): Promise<Done> {
  const { kind, slot, value, target } = wish;
  const [path, body] = requestOf(person, wish);
  clock += 1;
  const began = clock;
  const { status, body: answer } = await system.post(path, body);
  clock += 1;
  const tellsValue = kind !== 'delete' && kind !== 'deny' && kind !== 'extract';
  return {
    kind,
    slot,
    value: tellsValue ? value : null,
    removed: removedBy(wish),
    memoryId: kind === 'update' || kind === 'delete' ? (target?.id ?? null) : null,
    began,
    ended: clock,
    endedAt: Date.now(),
    status,
    taskId: answer?.data?.task_id ?? null,
  };
}

function removedBy({ kind, value, other, target }: Wish): string | null {
  if (kind === 'deny') return value;
  if (kind === 'replace') return other === value ? null : other;
  return (kind === 'delete' || kind === 'update') && target !== null && (kind === 'delete' || target.value !== value) ? target.value : null;
}

function requestOf({ user, templateId }: Person, { kind, slot, value, other, target }: Wish): readonly [string, object] {
  const said = (content: string) => [{ role: 'user', content }];
  const comment = (content: string) => ['/add/feedback', { user_id: user, conversation_id: 'races', feedback_content: content }] as const;
  switch (kind) {
    case 'add':
    case 'addAndWait':
      return ['/add/message', { user_id: user, messages: said(`${slot.says(value)} ${aside()}`), async_mode: kind === 'add' }];
    case 'update':
      return ['/update/memory', { memory_id: target?.id, content: slot.says(value) }];
    case 'delete':
      return ['/delete/memory', { memory_ids: [target?.id] }];
    case 'deny':
      return comment(slot.denies(value));
    case 'replace':
      return comment(`Replace ${other} with ${value} everywhere.`);
    case 'state':
      return comment(`Actually, ${slot.says(value)}`);
    case 'edit':
      return ['/edit/profile', { profile_template_id: templateId, user_id: user, metadata: { Badge: { value } } }];
    case 'extract':
      return ['/extract/memory', { messages: said(slot.says(value)) }];
  }
}

/** Two equal messages would be one that came twice. */
function aside(): string {
  clock += 1;
  return `(${clock})`;
}
