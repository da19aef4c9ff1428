/** The known name that takes the fewest edits to reach, when it takes few; else null. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const [best] = known.map((other) => ({ other, edits: editsBetween(name, other) })).toSorted((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.max(2, name.length / 4) ? best.other : null;
}

function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
