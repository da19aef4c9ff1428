import { SqliteFailure } from './sqlite-failure.ts';
import type { SqliteThread } from './sqlite-thread.ts';
import type { Statement } from './thread-protocol.ts';

/** How many transactions may share one commit, and for how long the first may wait for the others. */
const GROUPING = { transactions: 32, ageMs: 5 };
const BUSY_RETRIES = 5;

const plain = (sql: string): Statement => ({ sql, parameters: [] });
const BEGIN = plain('begin immediate');
const COMMIT = plain('commit');
const ROLLBACK = plain('rollback');
const SAVE = plain('savepoint step');
const RELEASE = plain('release step');
const UNDO = plain('rollback to step');

/** Transactions that reach the disk together. */
interface Group {
  size: number;
  readonly openedAt: number;
  readonly committed: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One transaction at a time on the writer. When others wait, a finished transaction is not committed alone: the next one runs
 * first as another savepoint, and one commit, so one fsync, acknowledges them all.
 */
export class WriterLane {
  private readonly thread: SqliteThread;
  private readonly grouping: typeof GROUPING;
  private readonly queue: (() => void)[] = [];
  private busy = false;
  private group: Group | null = null;

  constructor(thread: SqliteThread, grouping = GROUPING) {
    this.thread = thread;
    this.grouping = grouping;
  }

  /** Waits for its turn and opens a transaction; `finish` must follow. */
  async enter(): Promise<void> {
    if (this.busy) await new Promise<void>((resolve) => this.queue.push(resolve));
    this.busy = true;
    try {
      if (this.group === null) {
        await this.begin();
        this.group = newGroup();
      } else await this.thread.run([SAVE]);
    } catch (error) {
      await this.breakGroup(error);
      this.passOn();
      throw error;
    }
  }

  /** Resolves when what was written is on the disk. */
  async commit(): Promise<void> {
    const group = this.opened();
    group.size += 1;
    if (this.queue.length > 0 && !this.isFull(group)) {
      try {
        await this.thread.run([RELEASE]);
      } catch (error) {
        await this.breakGroup(error);
      }
      this.passOn();
      return group.committed;
    }
    await this.close([RELEASE, COMMIT]);
    this.passOn();
    return group.committed;
  }

  async rollback(): Promise<void> {
    const group = this.opened();
    if (group.size === 0) await this.breakGroup(new Error('rolled back'));
    else if (this.queue.length > 0) {
      await this.thread.run([UNDO, RELEASE]).catch((error: unknown) => this.breakGroup(error));
    } else await this.close([UNDO, RELEASE, COMMIT]);
    this.passOn();
  }

  private async begin(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.thread.run([BEGIN, SAVE]);
        return;
      } catch (error) {
        // Another process holds the database longer than the busy timeout: the command line, copying or migrating.
        if (!(error instanceof SqliteFailure) || !error.isBusy || attempt >= BUSY_RETRIES) throw error;
      }
    }
  }

  private async close(statements: readonly Statement[]): Promise<void> {
    const group = this.opened();
    try {
      await this.thread.run(statements);
      this.group = null;
      group.resolve();
    } catch (error) {
      await this.breakGroup(error);
    }
  }

  /** Nothing of the group was kept; whoever waits for its commit is told. */
  private async breakGroup(error: unknown): Promise<void> {
    const group = this.group;
    this.group = null;
    // There may be no transaction left: SQLite ends it by itself on some errors.
    await this.thread.run([ROLLBACK]).catch(() => undefined);
    group?.reject(error);
  }

  private isFull(group: Group): boolean {
    return group.size >= this.grouping.transactions || performance.now() - group.openedAt >= this.grouping.ageMs;
  }

  private opened(): Group {
    // After a failed statement of a group another member may find it gone.
    return (this.group ??= newGroup());
  }

  private passOn(): void {
    const next = this.queue.shift();
    if (next === undefined) this.busy = false;
    else next();
  }
}

function newGroup(): Group {
  let resolve = (): void => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const committed = new Promise<void>((onCommit, onFailure) => {
    resolve = onCommit;
    reject = onFailure;
  });
  // A group whose only member rolled back has nobody to tell.
  committed.catch(() => undefined);
  return { size: 0, openedAt: performance.now(), committed, resolve, reject };
}
