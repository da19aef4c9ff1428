import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that were started by it, as the kernel sees them now. */
function familyOf(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(/\) \S (\d+)/.exec(textOf(`/proc/${entry}/stat`))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const family: number[] = [];
  for (const queue = [root]; queue.length > 0;) {
    const id = queue.pop() as number;
    family.push(id);
    queue.push(...(children.get(id) ?? []));
  }
  return family;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The most memory that any one process of a system has held so far, in megabytes; those that have ended are not among them. */
export const peakMegabytes = (root: number): number =>
  Math.max(...familyOf(root).map((id) => Number(/VmHWM:\s+(\d+) kB/.exec(textOf(`/proc/${id}/status`))?.[1] ?? 0) / 1024));

/** Looks again and again, so that processes that come and go are seen. */
export function watchMemory(root: number): () => number {
  let most = 0;
  const look = (): void => void (most = Math.max(most, peakMegabytes(root)));
  const timer = setInterval(look, 100).unref();
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}
