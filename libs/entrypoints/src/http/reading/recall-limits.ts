import {
  DEFAULT_RECALLED,
  DEFAULT_RECALLED_OTHERS,
  DEFAULT_RELATIVITY,
  MAX_EXPLAINED,
  MAX_RECALLED,
  type SearchMemoryRequest,
} from '@continuo/contracts';
import { forEachKind, type MemoryKind } from '@continuo/domain';
import { kindOfView } from './views.ts';

/** A ceiling for each kind; 0: it is not asked for. */
export interface RecallLimits extends Readonly<Record<MemoryKind, number>> {
  /** Ceiling for all kinds together; null: each kind has its own. */
  readonly together: number | null;
  readonly minRelativity: number;
}

type Limiting = Partial<
  Pick<
    SearchMemoryRequest,
    | 'memory_limit_number'
    | 'preference_limit_number'
    | 'include_preference'
    | 'relativity'
    | 'include_memory_view'
    | 'include_tool_memory'
    | 'tool_memory_limit_number'
    | 'include_skill'
    | 'skill_limit_number'
  >
>;

/** Which kinds to recall, and how many. Naming views is the newer form: one limit for all of them; else each kind has its own. */
export function recallLimits(body: Limiting, explained: boolean): RecallLimits {
  const ceiling = explained ? MAX_EXPLAINED : MAX_RECALLED;
  const facts = Math.min(body.memory_limit_number ?? DEFAULT_RECALLED, ceiling);
  const minRelativity = body.relativity ?? DEFAULT_RELATIVITY;
  if (body.include_memory_view !== undefined) {
    const kinds = new Set(body.include_memory_view.map(kindOfView));
    return { ...forEachKind((kind) => (kinds.has(kind) ? facts : 0)), together: facts, minRelativity };
  }
  const limit = (wanted: boolean, number: number | undefined, byDefault: number): number =>
    wanted ? Math.min(number ?? byDefault, ceiling) : 0;
  return {
    ...forEachKind(() => 0),
    fact: facts,
    preference: limit(body.include_preference !== false, body.preference_limit_number, DEFAULT_RECALLED),
    tool: limit(body.include_tool_memory === true, body.tool_memory_limit_number, DEFAULT_RECALLED_OTHERS),
    skill: limit(body.include_skill === true, body.skill_limit_number, DEFAULT_RECALLED_OTHERS),
    together: null,
    minRelativity,
  };
}

/** The kinds of such limits alone, as recall takes them. */
export const limitsByKind = (limits: RecallLimits): Readonly<Record<MemoryKind, number>> => forEachKind((kind) => limits[kind]);
