import type { DedupCase } from './case.ts';

/** What is measured; each case is about some of them. */
export const MEASURES = [
  'collapsed',
  'falselyMerged',
  'current',
  'found',
  'currentFirst',
  'staleLeak',
  'restated',
  'deleteLeak',
  'crossLeak',
] as const;
export type Measure = (typeof MEASURES)[number];

/** How a case went; a measure that it is not about is absent. */
export interface Outcome {
  readonly case: DedupCase;
  /** False: of something that was said nothing was remembered, so that nothing was tested. */
  readonly tested: boolean;
  readonly measures: Readonly<Partial<Record<Measure, boolean>>>;
  /** What was current in the end, for reading failures. */
  readonly memories: readonly string[];
}

/** What a case must come to. */
export const WANTED: Readonly<Record<Measure, boolean>> = {
  collapsed: true,
  falselyMerged: false,
  current: true,
  found: true,
  currentFirst: true,
  staleLeak: false,
  restated: true,
  deleteLeak: false,
  crossLeak: false,
};

/** Whether anything of a case went otherwise than it must, or was not tested at all. */
export const failed = ({ tested, measures }: Outcome): boolean =>
  !tested || MEASURES.some((measure) => measures[measure] !== undefined && measures[measure] !== WANTED[measure]);
