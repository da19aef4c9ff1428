import type { Current, Done, Slot } from './races-operations.ts';

/** What is seen when everything has been worked off. */
export interface Outcome {
  /** Everything current of the slot. */
  readonly current: readonly Current[];
  /** Content and status, by id, of every memory that was named. */
  readonly memories: ReadonlyMap<string, { readonly content: string; readonly status: string }>;
  /** The value of the profile field; null: none. */
  readonly badge: string | null;
}

export interface Settled {
  /** What was current before the last operation began, with nothing left to be worked off; null: something was. */
  readonly current: readonly Current[] | null;
  /** What was said just before the last operation, and perhaps mined after it; null: nothing. */
  readonly said: string | null;
}

const before = (one: Done, other: Done): boolean => one.ended < other.began;

/** What is wrong with the outcome of one interleaving, in words. */
export function faultsOf(slot: Slot, done: readonly Done[], settled: Settled, outcome: Outcome): readonly string[] {
  const last = done.at(-1);
  return [
    ...done.filter(({ status }) => status >= 500).map(({ kind, status }) => `${kind} answered ${status}`),
    ...(outcome.current.length > 1 ? [`${outcome.current.map(({ value }) => value).join(' and ')} are both current`] : []),
    ...outcome.current.flatMap((current) => resurrections(slot, current, done, outcome)),
    ...(last === undefined ? [] : lostLast(last, settled, outcome)),
    ...lostContents(slot, done, outcome),
    ...lostEdit(done, outcome),
  ];
}

/** A value that was taken away may only be there if something told it after that, or at the same time. */
function resurrections(slot: Slot, current: Current, done: readonly Done[], { memories }: Outcome): readonly string[] {
  const told = done.filter(({ kind, value }) => value === current.value && kind !== 'edit');
  return done.flatMap((removal) => {
    const gone = removal.kind === 'delete' && removal.status === 200 && removal.memoryId === current.id;
    if (gone) return [`${current.value} was deleted and is current`];
    if (removal.removed !== current.value || removal.status !== 200) return [];
    if (removal.memoryId === null)
      return told.some((each) => !before(each, removal)) ? [] : [`${current.value} is current after ${removal.kind}`];
    // By id: another memory may have said the same before, and feedback waits for its turn. What is made of older words is the fault.
    const old = current.createdAt > removal.endedAt && told.every((each) => before(each, removal) && !waits(each));
    return old && isFirst(removal, done) && wasIt(slot, removal, memories) ? [`${current.value} came back after ${removal.kind}`] : [];
  });
}

/** What is deleted still tells what it said then. */
const wasIt = (slot: Slot, { kind, memoryId, removed }: Done, memories: Outcome['memories']): boolean =>
  kind === 'update' || slot.valueOf(memories.get(memoryId ?? '')?.content ?? '') === removed;

/**
 * Deleted again, a memory is denied no further than by the first deletion. An update names a memory that was current when somebody
 * looked: what was said since may have replaced it, and then it changes history. Only one that nothing went before took the value away.
 */
const isFirst = (removal: Done, done: readonly Done[]): boolean =>
  removal.status === 200 &&
  (removal.kind === 'update'
    ? done.every((other) => other === removal || before(removal, other))
    : !done.some(({ kind, memoryId, began }) => kind === 'delete' && memoryId === removal.memoryId && began < removal.began));

const waits = ({ kind }: Done): boolean => kind === 'replace' || kind === 'state';

/** What was done last, and alone, must show. */
function lostLast(last: Done, settled: Settled, { current, memories }: Outcome): readonly string[] {
  const [now] = current;
  const tells = (value: string | null): readonly string[] =>
    now?.value === value ? [] : [`${last.kind} told ${value} last, and ${now?.value ?? 'nothing'} is current`];
  if (last.kind === 'add' || last.kind === 'addAndWait' || last.kind === 'state') return tells(last.value);
  if (last.status !== 200 || settled.current === null) return [];
  const named = settled.current.find(({ id }) => id === last.memoryId);
  // What was said just before it may have been mined just before it.
  const minedFirst = settled.said !== null && now?.value === settled.said && now.createdAt <= last.endedAt;
  if (last.kind === 'update' && named !== undefined) return minedFirst ? [] : tells(last.value);
  if (last.kind === 'delete' && named !== undefined) {
    const gone =
      memories.get(named.id)?.status === 'deleted' && (now === undefined || (settled.said !== null && settled.said !== named.value));
    return gone ? [] : ['what was deleted last is not gone'];
  }
  if (last.kind === 'replace' && settled.current[0] !== undefined && settled.current[0].value === last.removed) return tells(last.value);
  return [];
}

/** What a memory says was written by the last update of it, or by one at the same time; feedback may have replaced words since. */
function lostContents(slot: Slot, done: readonly Done[], { memories }: Outcome): readonly string[] {
  const replaced = done.flatMap(({ removed, value, kind }) =>
    kind === 'replace' && removed !== null && value !== null ? [[removed, value] as const] : [],
  );
  return [...memories].flatMap(([id, { content }]) => {
    const updates = done.filter((each) => each.kind === 'update' && each.memoryId === id && each.status === 200);
    const lasting = updates.filter((each) => !updates.some((other) => before(each, other)));
    const possible = new Set(lasting.flatMap(({ value }) => (value === null ? [] : [value])));
    for (const _ of replaced) for (const [from, to] of replaced) if (possible.has(from)) possible.add(to);
    const value = slot.valueOf(content);
    return lasting.length === 0 || (value !== null && possible.has(value))
      ? []
      : [`an update to ${[...possible].join(' or ')} was lost: ${value}`];
  });
}

function lostEdit(done: readonly Done[], { badge }: Outcome): readonly string[] {
  const edits = done.filter(({ kind, status }) => kind === 'edit' && status === 200);
  const lasting = edits.filter((each) => !edits.some((other) => before(each, other)));
  return lasting.length === 0 || lasting.some(({ value }) => value === badge) ? [] : [`an edit was lost: ${badge}`];
}
