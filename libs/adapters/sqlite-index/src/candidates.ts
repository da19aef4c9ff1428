import type { StatementSync } from 'node:sqlite';
import { completeLabels, matchesFilter, type Filterable, type Labels } from '@continuo/domain';
import type { CheckAwaited, ThreadHit, ThreadQuery } from './search-protocol.ts';

/** What is read of a row, in the order of the statement's columns. */
type JudgedRow = readonly [kind: string, createdAt: number, updatedAt: number, labels: string, body: string];

/** Reading rows by number, project and subject. */
export interface CandidateStatements {
  /** The body as well: most rows are let in, and a second statement costs more than a body read for nothing. */
  readonly judge: StatementSync;
}

/** How many rows are looked at between two questions whether anybody still waits. */
const ROWS_BETWEEN_CHECKS = 256;

/**
 * The documents of one search. Each is read and judged once, whichever arms find it: scope, kind and filter reject it before
 * it takes one of an arm's places.
 */
export class Candidates {
  /** JSON of every document that was let in, and their rows in the same order. */
  readonly bodies: string[] = [];
  readonly rows: number[] = [];
  readonly #statements: CandidateStatements;
  readonly #query: ThreadQuery;
  /** Place in `bodies` by row; -1: rejected. */
  readonly #places = new Map<number, number>();
  /** Labels by their JSON: most documents of a subject carry the same few. */
  readonly #labels = new Map<string, Filterable['labels']>();
  #looked = 0;

  /** @param statements with `judge` returning arrays. */
  constructor(statements: CandidateStatements, query: ThreadQuery) {
    this.#statements = statements;
    this.#query = query;
  }

  /** Adds the row to an arm's hits when it belongs to the scope and fits kinds and filter. */
  addTo(hits: ThreadHit[], row: number, score: number, checkAwaited: CheckAwaited): void {
    let place = this.#places.get(row);
    if (place === undefined) {
      if ((this.#looked += 1) % ROWS_BETWEEN_CHECKS === 0) checkAwaited();
      place = this.#judge(row);
      this.#places.set(row, place);
    }
    if (place >= 0) hits.push([place, score]);
  }

  #judge(row: number): number {
    const { scope, kinds, filter } = this.#query;
    const found = this.#statements.judge.get(row, scope.projectId, scope.subject) as unknown as JudgedRow | undefined;
    if (found === undefined) return -1;
    const [kind, createdAt, updatedAt, labels, body] = found;
    if (!kinds.some((asked) => asked === kind)) return -1;
    if (filter !== null && !matchesFilter({ labels: this.#labelsOf(labels), createdAt, updatedAt }, filter)) return -1;
    this.rows.push(row);
    return this.bodies.push(body) - 1;
  }

  #labelsOf(json: string): Filterable['labels'] {
    let labels = this.#labels.get(json);
    if (labels === undefined) {
      labels = completeLabels(JSON.parse(json) as Labels);
      this.#labels.set(json, labels);
    }
    return labels;
  }
}
