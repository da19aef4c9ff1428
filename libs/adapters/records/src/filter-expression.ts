import type { Filter, FilterField, FilterScalar } from '@continuo/domain';
import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely';
import type { Tables } from './schema/tables.ts';
import type { SqlDialect } from './sql-dialect.ts';

type Memories = ExpressionBuilder<Tables, 'memories'>;
type Labels = ExpressionBuilder<Tables, 'memories' | 'memory_labels'>;
type Comparison = 'gt' | 'gte' | 'lt' | 'lte';

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** A filter over memories as SQL. Agrees with `matchesFilter` of the domain. */
export function filterExpression(memories: Memories, dialect: SqlDialect, filter: Filter): Expression<SqlBool> {
  if (filter.op === 'and') return memories.and(filter.of.map((part) => filterExpression(memories, dialect, part)));
  if (filter.op === 'or') return memories.or(filter.of.map((part) => filterExpression(memories, dialect, part)));
  const time = timeColumn(filter.field);
  if (time !== null) return timeCondition(memories, dialect, time, filter);
  return memories.exists(
    memories
      .selectFrom('memory_labels')
      .select(sql<number>`1`.as('found'))
      .whereRef('memory_labels.memory_id', '=', 'memories.id')
      .where('memory_labels.field', '=', filter.field.name)
      .where('memory_labels.key', '=', filter.field.name === 'info' ? filter.field.key : '')
      .where((labels) => valueCondition(labels, dialect, filter)),
  );
}

function valueCondition(labels: Labels, dialect: SqlDialect, filter: Exclude<Filter, { readonly op: 'and' | 'or' }>): Expression<SqlBool> {
  switch (filter.op) {
    case 'equals':
      return equals(labels, filter.value);
    case 'in':
      return oneOf(labels, dialect, filter.values);
    case 'contains':
      return labels.or([
        labels.and([labels('in_list', '=', 1), equals(labels, filter.value)]),
        labels.and([labels('in_list', '=', 0), dialect.containsText(labels.ref('text_value'), String(filter.value))]),
      ]);
    case 'like':
      return dialect.containsText(labels.ref('folded_value'), String(filter.value).toLowerCase());
    default:
      return typeof filter.value === 'string'
        ? labels.and([labels('type', '=', 's'), textComparison(labels, filter.op, filter.value)])
        : labels.and([labels('type', '=', 'n'), labels('number_value', OPERATORS[filter.op], filter.value)]);
  }
}

/** From here on the stores, which sort by code points, and the domain, which compares UTF-16 units, differ: the units of a pair lie below. */
const FIRST_AFTER_PAIRS = '\ue000';
const FIRST_PAIR = '\u{10000}';
/** How many characters from there on are looked at; texts that share so many of them and differ only then are hardly ever meant. */
const LOOKED_AT = 100;

/** As UTF-16 units compare: texts that begin as the value does and then hold a pair where it has none, or none where it has one, change sides. */
function textComparison(labels: Labels, op: Comparison, value: string): Expression<SqlBool> {
  const lower: Expression<SqlBool>[] = [];
  const higher: Expression<SqlBool>[] = [];
  const characters = [...value];
  for (const [place, character] of characters.entries()) {
    if ((character.codePointAt(0) ?? 0) < 0xe000) continue;
    const start = characters.slice(0, place).join('');
    const fromPairs = labels('text_value', '>=', start + FIRST_PAIR);
    const beginsSo = labels(sql<string>`substr(${labels.ref('text_value')}, 1, ${sql.lit(place)})`, '=', start);
    if (character.length === 1) lower.push(labels.and([fromPairs, beginsSo]));
    else higher.push(labels.and([labels('text_value', '>=', start + FIRST_AFTER_PAIRS), labels.not(fromPairs)]));
    if (lower.length + higher.length === LOOKED_AT) break;
  }
  const plain = labels('text_value', OPERATORS[op], value);
  const [joining, leaving] = op === 'gt' || op === 'gte' ? [higher, lower] : [lower, higher];
  if (joining.length + leaving.length === 0) return plain;
  return labels.or([labels.and([plain, labels.not(labels.or(leaving))]), ...joining]);
}

function equals(labels: Labels, value: FilterScalar): Expression<SqlBool> {
  if (typeof value === 'string') return labels.and([labels('type', '=', 's'), labels('text_value', '=', value)]);
  return labels.and([labels('type', '=', typeof value === 'number' ? 'n' : 'b'), labels('number_value', '=', Number(value))]);
}

/** Not one condition per value: a list may be longer than a statement may be deep. */
function oneOf(labels: Labels, dialect: SqlDialect, values: readonly FilterScalar[]): Expression<SqlBool> {
  const texts = values.filter((value) => typeof value === 'string');
  const numbers = (type: 'number' | 'boolean') => values.filter((value) => typeof value === type).map(Number);
  return labels.or([
    labels.and([labels('type', '=', 's'), dialect.isOneOf(labels.ref('text_value'), texts)]),
    labels.and([labels('type', '=', 'n'), dialect.isOneOf(labels.ref('number_value'), numbers('number'))]),
    labels.and([labels('type', '=', 'b'), dialect.isOneOf(labels.ref('number_value'), numbers('boolean'))]),
  ]);
}

function timeColumn(field: FilterField): 'created_at' | 'updated_at' | null {
  if (field.name === 'create_time') return 'created_at';
  return field.name === 'update_time' ? 'updated_at' : null;
}

/** Any number: a column of whole numbers would refuse others. */
const asNumber = (value: number) => sql<number>`cast(${value} as double precision)`;

/** Times are numbers: they equal and compare with numbers alone, and hold no text. */
function timeCondition(
  memories: Memories,
  dialect: SqlDialect,
  column: 'created_at' | 'updated_at',
  filter: Exclude<Filter, { readonly op: 'and' | 'or' }>,
): Expression<SqlBool> {
  const never = sql<SqlBool>`1 = 0`;
  switch (filter.op) {
    case 'equals':
      return typeof filter.value === 'number' ? memories(column, '=', asNumber(filter.value)) : never;
    case 'in':
      return dialect.isOneOf(
        memories.ref(column),
        filter.values.filter((value) => typeof value === 'number'),
      );
    case 'contains':
    case 'like':
      return never;
    default:
      return typeof filter.value === 'number' ? memories(column, OPERATORS[filter.op satisfies Comparison], asNumber(filter.value)) : never;
  }
}
