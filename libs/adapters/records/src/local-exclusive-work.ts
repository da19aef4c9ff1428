import type { ExclusiveWork } from '@continuo/ports';

/** For a store that one process works on: nobody else has to be told. */
export class LocalExclusiveWork implements ExclusiveWork {
  private readonly running = new Set<string>();

  async attempt(name: string, work: () => Promise<void>): Promise<boolean> {
    if (this.running.has(name)) return false;
    this.running.add(name);
    try {
      await work();
      return true;
    } finally {
      this.running.delete(name);
    }
  }
}
