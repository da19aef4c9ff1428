/** What the batches of a run asked of a model. */
export interface CallFigures {
  readonly batches: number;
  /** Messages of the user with their answer. */
  readonly answeredTurns: number;
  readonly calls: number;
  readonly callsPerAnsweredTurn: number;
  /** Of one batch; null where several ran at a time. */
  readonly mostPerBatch: number | null;
}

/** Counts the questions to a model batch by batch; what each cost is known where only one runs at a time. */
export class CallCounter {
  private readonly callsSoFar: () => number;
  private readonly oneAtATime: boolean;
  private before = 0;
  private batches = 0;
  private answeredTurns = 0;
  private mostPerBatch = 0;

  constructor(callsSoFar: () => number, oneAtATime: boolean) {
    this.callsSoFar = callsSoFar;
    this.oneAtATime = oneAtATime;
  }

  /** @param answeredTurns that the batch completed. */
  batchDone(answeredTurns: number): void {
    const now = this.callsSoFar();
    this.mostPerBatch = Math.max(this.mostPerBatch, now - this.before);
    this.before = now;
    this.batches += 1;
    this.answeredTurns += answeredTurns;
  }

  figures(): CallFigures {
    const calls = this.callsSoFar();
    return {
      batches: this.batches,
      answeredTurns: this.answeredTurns,
      calls,
      callsPerAnsweredTurn: this.answeredTurns === 0 ? 0 : calls / this.answeredTurns,
      mostPerBatch: this.oneAtATime ? this.mostPerBatch : null,
    };
  }
}
