import { AppError } from '@continuo/contracts';
import type { Filter } from '@continuo/domain';
import type { SourceFilters } from '@continuo/use-cases';
import { readCondition, type ConditionContext } from './parse-condition.ts';

/** How deep `and` and `or` may stand inside each other. */
export const MAX_FILTER_DEPTH = 3;
/** Most conditions of one filter; ours, so that a filter stays cheaper than what it filters. */
export const MAX_FILTER_CONDITIONS = 100;
/** Most characters that all conditions together look for or compare with, lists and equal values aside; ours, for the same reason. */
export const MAX_FILTER_CHARACTERS = 100_000;

const SOURCES = ['user', 'agent', 'public', 'knowledgebase'] as const satisfies readonly (keyof SourceFilters)[];
type Source = (typeof SOURCES)[number];

export interface FilterSettings {
  /** True: an empty filter is an error, and a flat root has one field only. */
  readonly strict: boolean;
  readonly timeZone: string;
}

interface Reading extends ConditionContext {
  readonly strict: boolean;
  conditions: number;
  characters: number;
}

type Members = Readonly<Record<string, unknown>>;

/** What a search reaches: a filter may be split by these. */
export interface FilterReach {
  /** Whether knowledge bases are searched; a filter for them is a mistake where they are not. */
  readonly knowledgeBases: boolean;
}

/**
 * The contract's filter grammar into the domain's filters, one per source. A global filter holds for all of them; of a filter split by
 * source each part holds for its own, and what is not named is not narrowed.
 * @throws AppError `invalid_request`: it names the path of the field.
 */
export function parseSourceFilters(filter: Members | undefined, settings: FilterSettings, reach: FilterReach): SourceFilters {
  const reading: Reading = { ...settings, conditions: 0, characters: 0 };
  const members = filter === undefined ? {} : whole(filter, 'filter');
  const named = sourcesIn(members);
  if (named.length === 0) {
    const global = filter === undefined ? null : readRoot(members, 'filter', reading);
    return { user: global, agent: global, public: global, knowledgebase: global };
  }
  if (named.includes('knowledgebase') && !reach.knowledgeBases) throw invalid('filter.knowledgebase', 'needs knowledgebase_ids');
  const of = (source: Source): Filter | null => {
    if (!named.includes(source)) return null;
    return readRoot(whole(members[source] as Members, `filter.${source}`), `filter.${source}`, reading);
  };
  return { user: of('user'), agent: of('agent'), public: of('public'), knowledgebase: of('knowledgebase') };
}

/**
 * The same where one source alone is read: global, or wrapped as that source; null: no filter.
 * @throws AppError `invalid_request`, also for another source: it must not pass for no filter at all.
 */
export function parseFilter(filter: Members | undefined, settings: FilterSettings, source: Source = 'user'): Filter | null {
  const other = filter === undefined ? undefined : sourcesIn(whole(filter, 'filter')).find((name) => name !== source);
  if (other !== undefined) throw invalid(`filter.${other}`, `has no meaning here: only memories of the ${source} are read`);
  return parseSourceFilters(filter, settings, { knowledgeBases: true })[source];
}

/** The sources by which a filter is split; none: it is global. */
function sourcesIn(members: Members): readonly Source[] {
  const named = SOURCES.filter((name) => isSource(members[name]));
  const beside = named.length === 0 ? undefined : Object.keys(members).find((name) => !named.some((source) => source === name));
  if (beside !== undefined) throw invalid(`filter.${beside}`, 'must not stand beside a source');
  return named;
}

/** Clients name every member of the grammar and leave the unused ones null. */
const withoutUnset = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([name, value]) => value !== null || !GRAMMAR_NAMES.has(name)));

/** A source holds a group or a flat root; a label that happens to be called `user` holds a scalar or operators. */
function isSource(value: unknown): boolean {
  if (!isObject(value)) return false;
  return !Object.keys(value).some((member) => OPERATOR_NAMES.has(member));
}

const GRAMMAR_NAMES: ReadonlySet<string> = new Set([...SOURCES, 'and', 'or']);

const OPERATOR_NAMES: ReadonlySet<string> = new Set(['contains', 'in', 'like', 'gt', 'gte', 'lt', 'lte', '=']);

function readRoot(members: Members, path: string, reading: Reading): Filter | null {
  const names = Object.keys(members);
  if (names.length === 0) return nothing(path, reading);
  if (isGroup(members)) return readGroup(members, path, 1, reading);
  if (reading.strict && names.length > 1) throw invalid(path, 'must be {"and": […]}, {"or": […]} or one condition');
  return together('and', names.map((name) => readField(name, members[name], `${path}.${name}`, reading)).flat());
}

const isGroup = (members: Members): boolean => 'and' in members || 'or' in members;

function readGroup(members: Members, path: string, depth: number, reading: Reading): Filter | null {
  const [op, other] = Object.keys(members);
  if (other !== undefined || (op !== 'and' && op !== 'or')) throw invalid(path, 'must hold either "and" or "or" and nothing beside it');
  if (depth > MAX_FILTER_DEPTH) throw invalid(path, `is nested deeper than ${MAX_FILTER_DEPTH} levels`);
  const list = members[op];
  if (!Array.isArray(list)) throw invalid(`${path}.${op}`, 'must be a list of conditions');
  if (list.length === 0) throw invalid(`${path}.${op}`, 'must not be empty');
  const parts = list.flatMap((member: unknown, position) => {
    const part = readMember(member, `${path}.${op}[${position}]`, depth, reading);
    return part === null ? [] : [part];
  });
  return together(op, parts);
}

function readMember(member: unknown, path: string, depth: number, reading: Reading): Filter | null {
  if (!isObject(member)) throw invalid(path, 'must be an object: a condition or a group');
  const members = whole(member, path);
  const [name, second] = Object.keys(members);
  if (name === undefined) return nothing(path, reading);
  if (isGroup(members)) return readGroup(members, path, depth + 1, reading);
  if (second !== undefined) throw invalid(path, 'must name exactly one field');
  return together('and', readField(name, members[name], `${path}.${name}`, reading));
}

function readField(name: string, value: unknown, path: string, reading: Reading): readonly Filter[] {
  const filters = readCondition(name, value, path, reading);
  reading.conditions += filters.length;
  if (reading.conditions > MAX_FILTER_CONDITIONS) throw invalid('filter', `must have at most ${MAX_FILTER_CONDITIONS} conditions`);
  for (const filter of filters) reading.characters += charactersOf(filter);
  if (reading.characters > MAX_FILTER_CHARACTERS) throw invalid('filter', `must have at most ${MAX_FILTER_CHARACTERS} characters`);
  return filters;
}

/** What is equal is looked up; only what is searched through or compared costs more the longer it is. */
const charactersOf = (filter: Filter): number =>
  'value' in filter && filter.op !== 'equals' && typeof filter.value === 'string' ? filter.value.length : 0;

/** Lenient: as if it were not there. */
function nothing(path: string, reading: Reading): null {
  if (reading.strict) throw invalid(path, 'must not be empty');
  return null;
}

function together(op: 'and' | 'or', parts: readonly Filter[]): Filter | null {
  const [only, second] = parts;
  if (only === undefined) return null;
  return second === undefined ? only : { op, of: parts };
}

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An unset variable must not widen a filter to everything: a condition that is null is a mistake. */
function whole(members: Members, path: string): Members {
  const set = withoutUnset(members);
  const unset = Object.keys(set).find((name) => set[name] === null);
  if (unset !== undefined) throw invalid(`${path}.${unset}`, 'must not be null');
  return set;
}

const invalid = (path: string, expected: string): AppError => new AppError('invalid_request', `${path} ${expected}.`);
