import { AppError } from '@continuo/contracts';

export interface UploadGateLimits {
  /** How many may be inside at once. */
  readonly most: number;
  /** What they may hold together. */
  readonly bytes: number;
  /** How long one waits for its turn. */
  readonly waitMs: number;
}

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

/** Lets large bodies into memory one after another; whoever waits is not read from, so its client waits as well. */
export class UploadGate {
  private readonly limits: UploadGateLimits;
  private readonly waiting: Waiting[] = [];
  private inside = 0;
  private held = 0;

  constructor(limits: UploadGateLimits) {
    this.limits = limits;
  }

  /**
   * Resolves when it is this body's turn, with what lets the next one in; called twice it does so once.
   * @throws AppError `requests_limited` when that takes too long.
   */
  async enter(bytes: number): Promise<() => void> {
    if (this.waiting.length === 0 && this.fits(bytes)) this.count(1, bytes);
    else await this.turn(bytes);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.count(-1, -bytes);
      this.admit();
    };
  }

  private count(bodies: number, bytes: number): void {
    this.inside += bodies;
    this.held += bytes;
  }

  private fits(bytes: number): boolean {
    // One that is larger than all together may hold goes alone.
    return this.inside === 0 || (this.inside < this.limits.most && this.held + bytes <= this.limits.bytes);
  }

  private turn(bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        bytes,
        enter: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(new AppError('requests_limited', 'Too many large uploads at once.', { retryAfterMs: this.limits.waitMs }));
        this.admit();
      }, this.limits.waitMs);
      this.waiting.push(entry);
    });
  }

  private admit(): void {
    for (let next = this.waiting[0]; next !== undefined && this.fits(next.bytes); next = this.waiting[0]) {
      this.waiting.shift();
      this.count(1, next.bytes);
      next.enter();
    }
  }
}
