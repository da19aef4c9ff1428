import type { SqliteThread } from './sqlite-thread.ts';

const ALIVE = [{ sql: 'select 1', parameters: [] }];

/**
 * The threads that read. One that has ended is replaced: it fails at once, so it would have the least to do and be chosen
 * for ever.
 */
export class ReaderPool {
  private readonly start: () => SqliteThread;
  private readonly size: number;
  private members: SqliteThread[];
  private replacing = false;
  private closed = false;

  constructor(size: number, start: () => SqliteThread) {
    this.size = Math.max(1, size);
    this.start = start;
    this.members = Array.from({ length: this.size }, start);
  }

  /** Those there are now. */
  get threads(): readonly SqliteThread[] {
    return this.members;
  }

  /** The one with the least to do, of those that live. */
  idlest(): SqliteThread {
    this.replaceEnded();
    return this.members.reduce((best, reader) => (reader.load < best.load ? reader : best));
  }

  /** What was asked before is answered; whatever is asked later fails. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.members.map((reader) => reader.close()));
  }

  private replaceEnded(): void {
    if (this.closed) return;
    const living = this.members.filter((reader) => !reader.hasEnded);
    this.members = living.length > 0 ? living : [this.start()];
    if (this.members.length < this.size) void this.grow();
  }

  /** A new one joins when it has answered: one that cannot start must not fail requests that others could serve. */
  private async grow(): Promise<void> {
    if (this.replacing) return;
    this.replacing = true;
    const reader = this.start();
    try {
      await reader.run(ALIVE);
      if (this.closed) await reader.close();
      else this.members.push(reader);
    } catch {
      // It has ended. The next request finds one missing still and tries again.
    } finally {
      this.replacing = false;
    }
  }
}
