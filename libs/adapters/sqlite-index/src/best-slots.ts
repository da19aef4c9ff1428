/**
 * Slots by falling value, ties by slot. The best `first` are found without sorting the rest, which is sorted only when somebody
 * asks for more: a filter or a stale row may reject some.
 */
export function* bestSlots(values: Float32Array, accepts: (slot: number) => boolean, first: number): Generator<number> {
  const best = selectBest(values, accepts, first);
  yield* best;
  if (best.length < first) return;
  const given = new Set(best);
  const rest: number[] = [];
  for (let slot = 0; slot < values.length; slot += 1) if (!given.has(slot) && accepts(slot)) rest.push(slot);
  yield* rest.sort((a, b) => valueAt(values, b) - valueAt(values, a) || a - b);
}

function selectBest(values: Float32Array, accepts: (slot: number) => boolean, count: number): readonly number[] {
  // A heap whose root is the worst of the best.
  const heap: number[] = [];
  const worse = (a: number, b: number): boolean => valueAt(values, a) < valueAt(values, b) || (values[a] === values[b] && a > b);
  for (let slot = 0; slot < values.length; slot += 1) {
    if (heap.length < count) {
      if (accepts(slot)) raise(heap, slot, worse);
    } else if (worse(heap[0]!, slot) && accepts(slot)) {
      sink(heap, slot, worse);
    }
  }
  return heap.sort((a, b) => (worse(a, b) ? 1 : -1));
}

function raise(heap: number[], slot: number, worse: (a: number, b: number) => boolean): void {
  let place = heap.push(slot) - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!worse(slot, heap[parent]!)) break;
    heap[place] = heap[parent]!;
    place = parent;
  }
  heap[place] = slot;
}

function sink(heap: number[], slot: number, worse: (a: number, b: number) => boolean): void {
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && worse(heap[child + 1]!, heap[child]!)) child += 1;
    if (!worse(heap[child]!, slot)) break;
    heap[place] = heap[child]!;
    place = child;
  }
  heap[place] = slot;
}

const valueAt = (values: Float32Array, slot: number): number => values[slot] ?? -Infinity;
