import type { Filter, FilterField, FilterScalar } from '@continuo/domain';
import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely';
import type { Tables } from './schema/tables.ts';
import type { SqlDialect } from './sql-dialect.ts';

type Memories = ExpressionBuilder<Tables, 'memories'>;
type Labels = ExpressionBuilder<Tables, 'memories' | 'memory_labels'>;
type Condition = Exclude<Filter, { readonly op: 'and' | 'or' }>;
type Comparison = 'gt' | 'gte' | 'lt' | 'lte';

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** A planner that takes conditions on labels for joins, as Postgres does, would think for seconds about more; a count is no join. */
const MOST_JOINED = 8;

/** A filter over memories as SQL. Agrees with `matchesFilter` of the domain. */
export function filterExpression(memories: Memories, dialect: SqlDialect, filter: Filter): Expression<SqlBool> {
  const joined = conditionsOf(filter) <= MOST_JOINED;
  const expression = (part: Filter): Expression<SqlBool> => {
    if (part.op === 'and') return memories.and(part.of.map(expression));
    if (part.op === 'or') return memories.or(part.of.map(expression));
    const time = timeColumn(part.field);
    if (time !== null) return timeCondition(memories, dialect, time, part);
    const labels = labelsMatching(memories, dialect, part);
    return joined
      ? memories.exists(labels.select(sql<number>`1`.as('found')))
      : memories(labels.select(sql<number>`count(*)`.as('found')), '>', 0);
  };
  return expression(filter);
}

const conditionsOf = (filter: Filter): number =>
  filter.op === 'and' || filter.op === 'or' ? filter.of.reduce((total, part) => total + conditionsOf(part), 0) : 1;

const labelsMatching = (memories: Memories, dialect: SqlDialect, filter: Condition) =>
  memories
    .selectFrom('memory_labels')
    .whereRef('memory_labels.memory_id', '=', 'memories.id')
    .where('memory_labels.field', '=', filter.field.name)
    .where('memory_labels.key', '=', filter.field.name === 'info' ? filter.field.key : '')
    .where((labels) => dialect.withinTime(labels.ref('memory_labels.in_list')))
    .where((labels) => valueCondition(labels, dialect, filter));

function valueCondition(labels: Labels, dialect: SqlDialect, filter: Condition): Expression<SqlBool> {
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
        ? // By code points, as the plain evaluator: no column of either engine is collated otherwise.
          labels.and([labels('type', '=', 's'), labels('text_value', OPERATORS[filter.op], filter.value)])
        : labels.and([labels('type', '=', 'n'), labels('number_value', OPERATORS[filter.op], filter.value)]);
  }
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
  filter: Condition,
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
