import type { Filter, FilterField, FilterScalar } from '@continuo/domain';
import { labelKey, longMark, ordered, PART_LENGTH, START_LENGTH } from '../documents/label-values.ts';
import { allOf, anyOf, NONE, type Query } from './query.ts';

type Condition = Exclude<Filter, { readonly op: 'and' | 'or' }>;
type Comparison = Extract<Condition, { readonly op: 'gt' | 'gte' | 'lt' | 'lte' }>;

export interface CompiledFilter {
  readonly query: Query;
  /** False: the query finds everything that matches and, where texts are long or compared with characters after U+D7FF, maybe more. */
  readonly exact: boolean;
}

/**
 * Whether a text holds another. Runs over the documents that all other conditions have left, where a pattern would run over every
 * text of every user. Constant, so that it is compiled once.
 */
const HOLDS_PART =
  'for (def name : params.names) { for (def text : doc[name]) { if (text.contains(params.part)) { return true; } } } return false;';

/** From here on units, by which the index orders, and code points, by which filters compare, differ. */
const HIGH_UNIT = /[\ud800-\uffff]/;
/** Above every unit as the index writes them. */
const ABOVE_ALL = '\u{20000}';

/** A filter as a query. Agrees with `matchesFilter` of the domain; values travel as values, never as part of a text that is parsed. */
export function compileFilter(filter: Filter): CompiledFilter {
  const compiler = new FilterCompiler();
  return { query: compiler.compile(filter), exact: compiler.exact };
}

class FilterCompiler {
  exact = true;

  compile(filter: Filter): Query {
    if (filter.op === 'and') return allOf(membersOf(filter, 'and').map((part) => this.compile(part)));
    if (filter.op === 'or') return anyOf(membersOf(filter, 'or').map((part) => this.compile(part)));
    const time = timeField(filter.field);
    return time === null ? this.#label(filter) : timeCondition(time, filter);
  }

  #label(condition: Condition): Query {
    const value = this.#value(condition);
    if (value === NONE) return NONE;
    const key = { term: { 'labels.key': labelKey(condition.field) } };
    return { nested: { path: 'labels', score_mode: 'none', query: allOf([key, value]) } };
  }

  #value(condition: Condition): Query {
    switch (condition.op) {
      case 'equals':
        return equals([condition.value]);
      case 'in':
        return equals(condition.values);
      case 'contains':
        return anyOf([
          allOf([{ term: { 'labels.list': true } }, equals([condition.value])]),
          allOf([{ term: { 'labels.list': false } }, this.#holds(['labels.start', 'labels.rest'], String(condition.value))]),
        ]);
      case 'like':
        return this.#holds(['labels.folded'], String(condition.value).toLowerCase());
      default:
        return typeof condition.value === 'string'
          ? this.#compareText(condition.op, condition.value)
          : compareNumber('labels.number', condition.op, condition.value);
    }
  }

  #holds(names: readonly string[], part: string): Query {
    if (part.length > PART_LENGTH) this.exact = false;
    return { script: { script: { lang: 'painless', source: HOLDS_PART, params: { names, part: ordered(part.slice(0, PART_LENGTH)) } } } };
  }

  /** Beginnings decide unless what they are compared with is as long as they are, or holds what units and code points order differently. */
  #compareText(op: Comparison['op'], value: string): Query {
    const high = value.search(HIGH_UNIT);
    if (high === -1 && value.length < START_LENGTH) return { range: { 'labels.start': { [op]: ordered(value) } } };
    this.exact = false;
    const begins = ordered(value.slice(0, high === -1 ? START_LENGTH : Math.min(high, START_LENGTH)));
    if (op === 'gt' || op === 'gte') return { range: { 'labels.start': { gte: begins } } };
    return { range: { 'labels.start': { lt: begins + ABOVE_ALL } } };
  }
}

/** Members of members of the same kind are its own: queries may be nested twenty deep only. */
function membersOf(filter: Filter, op: 'and' | 'or'): readonly Filter[] {
  return filter.op === op ? filter.of.flatMap((part) => membersOf(part, op)) : [filter];
}

function equals(values: readonly FilterScalar[]): Query {
  const texts = values.filter((value) => typeof value === 'string');
  const terms = (field: string, wanted: readonly unknown[]): readonly Query[] =>
    wanted.length === 0 ? [] : [{ terms: { [field]: wanted } }];
  return anyOf([
    ...terms('labels.start', texts.filter((text) => text.length < START_LENGTH).map(ordered)),
    ...terms('labels.long', texts.filter((text) => text.length >= START_LENGTH).map(longMark)),
    ...terms('labels.number', finite(values)),
    ...terms(
      'labels.flag',
      values.filter((value) => typeof value === 'boolean'),
    ),
  ]);
}

const finite = (values: readonly FilterScalar[]): readonly number[] =>
  values.filter((value) => typeof value === 'number').filter(Number.isFinite);

/** What is not finite cannot be written in JSON, and no document holds it. */
function compareNumber(field: string, op: Comparison['op'], value: number): Query {
  if (Number.isFinite(value)) return { range: { [field]: { [op]: value } } };
  const isAbove = op === 'gt' || op === 'gte';
  return value === (isAbove ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) ? { exists: { field } } : NONE;
}

function timeField(field: FilterField): 'created_at' | 'updated_at' | null {
  if (field.name === 'create_time') return 'created_at';
  return field.name === 'update_time' ? 'updated_at' : null;
}

/** Times are numbers: they equal and compare with numbers alone, and hold no text. */
function timeCondition(field: 'created_at' | 'updated_at', condition: Condition): Query {
  switch (condition.op) {
    case 'equals':
      return anyOf(finite([condition.value]).map((value) => ({ term: { [field]: value } })));
    case 'in':
      return condition.values.length === 0 ? NONE : { terms: { [field]: finite(condition.values) } };
    case 'contains':
    case 'like':
      return NONE;
    default:
      return typeof condition.value === 'number' ? compareNumber(field, condition.op, condition.value) : NONE;
  }
}
