/** What `doctor` says of one part. */
export interface Finding {
  readonly part: string;
  /** `degraded`: it works, with less; `wrong`: it does not. */
  readonly state: 'ok' | 'degraded' | 'wrong';
  readonly words: string;
  /** What to do about it; empty when there is nothing to do. */
  readonly remedy: string;
}

export const fine = (part: string, words: string): Finding => ({ part, state: 'ok', words, remedy: '' });
export const degraded = (part: string, words: string, remedy = ''): Finding => ({ part, state: 'degraded', words, remedy });
export const wrong = (part: string, words: string, remedy: string): Finding => ({ part, state: 'wrong', words, remedy });

export const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
