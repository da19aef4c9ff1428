/** Delays that double from attempt to attempt up to a ceiling. */
export class BackOff {
  private readonly firstMs: number;
  private readonly ceilingMs: number;
  private nextMs: number;

  constructor(firstMs: number, ceilingMs: number) {
    this.firstMs = firstMs;
    this.ceilingMs = ceilingMs;
    this.nextMs = firstMs;
  }

  /** The delay before the next attempt. */
  next(): number {
    const delayMs = this.nextMs;
    this.nextMs = Math.min(this.ceilingMs, delayMs * 2);
    return delayMs;
  }

  /** After a success the next failure starts small again. */
  reset(): void {
    this.nextMs = this.firstMs;
  }
}
