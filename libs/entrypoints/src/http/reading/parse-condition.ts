import { AppError, MAX_LABEL_CHARACTERS } from '@continuo/contracts';
import { parseWrittenTime, type Filter, type FilterField, type FilterScalar } from '@continuo/domain';

export interface ConditionContext {
  readonly timeZone: string;
}

type Comparison = 'gt' | 'gte' | 'lt' | 'lte';

const COMPARISONS: readonly Comparison[] = ['gt', 'gte', 'lt', 'lte'];
const OPERATORS = ['=', 'contains', 'in', 'like', ...COMPARISONS] as const;
type Operator = (typeof OPERATORS)[number];

/** Other names under which the engine behind the vendor's API knows the two times. */
const TIME_NAMES: Readonly<Record<string, 'create_time' | 'update_time'>> = {
  create_time: 'create_time',
  created_at: 'create_time',
  update_time: 'update_time',
  updated_at: 'update_time',
};

/** `{field: scalar}` or `{field: {operator: value, …}}` into one filter per operator. @throws AppError `invalid_request`. */
export function readCondition(name: string, value: unknown, path: string, context: ConditionContext): readonly Filter[] {
  const field = fieldOf(name, path);
  if (typeof value !== 'object' || value === null) {
    return [readOperator(field, field.name === 'tags' ? 'contains' : '=', value, path, context)];
  }
  // Any of these users and agents, in the contract's own form.
  if (field.name === 'related_id' && Array.isArray(value)) return [readOperator(field, 'in', value, path, context)];
  if (Array.isArray(value)) throw invalid(path, 'must be a single value, or operators such as {"in": […]}');
  const operators = Object.entries(value as Record<string, unknown>).filter(([, operand]) => operand !== null);
  if (operators.length === 0) throw invalid(path, 'must not be empty');
  return operators.map(([operator, operand]) => {
    const known = OPERATORS.find((each) => each === operator);
    if (known === undefined) throw invalid(`${path}.${operator}`, `is no operator; known are ${OPERATORS.join(', ')}`);
    return readOperator(field, known, operand, `${path}.${operator}`, context);
  });
}

function fieldOf(name: string, path: string): FilterField {
  if (name === 'agent_id' || name === 'app_id' || name === 'tags' || name === 'related_id') return { name };
  const time = Object.hasOwn(TIME_NAMES, name) ? TIME_NAMES[name] : undefined;
  if (time !== undefined) return { name: time };
  if (name === 'user_id') throw invalid(path, 'cannot be filtered by: the user stands beside the filter');
  const key = name.startsWith('info.') ? name.slice('info.'.length) : name;
  if (key.trim() === '') throw invalid(path, 'must name a field');
  if (key.length > MAX_LABEL_CHARACTERS) throw invalid('filter', `names a field of more than ${MAX_LABEL_CHARACTERS} characters`);
  // A misspelt time would otherwise be taken for a key of info and quietly match nothing.
  if (key === name && /time/iu.test(name))
    throw invalid(path, 'is no time field; known are create_time and update_time. Write info.<key> for a key of info');
  return { name: 'info', key };
}

function readOperator(field: FilterField, operator: Operator, operand: unknown, path: string, context: ConditionContext): Filter {
  if (field.name === 'create_time' || field.name === 'update_time') return readTime(field, operator, operand, path, context);
  const comparison = COMPARISONS.find((each) => each === operator);
  if (comparison !== undefined) return readComparison(field, comparison, operand, path);
  if (operator === 'in') return { op: 'in', field, values: readList(field, operand, path) };
  const value = readScalar(field, operand, path);
  if (operator === '=') return { op: 'equals', field, value };
  if (operator === 'contains') return { op: 'contains', field, value };
  if (typeof value !== 'string') throw invalid(path, 'must be a string');
  return { op: 'like', field, value };
}

function readTime(field: FilterField, operator: Operator, operand: unknown, path: string, context: ConditionContext): Filter {
  const comparison = COMPARISONS.find((each) => each === operator);
  if (comparison === undefined && operator !== '=') throw invalid(path, 'does not apply to a time; use gt, gte, lt or lte');
  const time = typeof operand === 'string' || typeof operand === 'number' ? parseWrittenTime(operand, context.timeZone) : null;
  if (time === null) throw invalid(path, 'must be a date such as 2026-03-01 or 2026-03-01 08:00:00');
  return comparison === undefined ? { op: 'equals', field, value: time } : { op: comparison, field, value: time };
}

function readComparison(field: FilterField, op: Comparison, operand: unknown, path: string): Filter {
  if (field.name !== 'info') throw invalid(path, 'does not apply to this field');
  const value = readScalar(field, operand, path);
  if (typeof value === 'boolean') throw invalid(path, 'must be a string or a number');
  return { op, field, value };
}

function readList(field: FilterField, operand: unknown, path: string): readonly FilterScalar[] {
  if (!Array.isArray(operand)) throw invalid(path, 'must be a list');
  if (operand.length === 0) throw invalid(path, 'must not be empty');
  return operand.map((value: unknown, position) => readScalar(field, value, `${path}[${position}]`));
}

function readScalar(field: FilterField, value: unknown, path: string): FilterScalar {
  if (typeof value === 'string') {
    if (value.trim() === '') throw invalid(path, 'must not be blank');
    return value;
  }
  if (field.name !== 'info') throw invalid(path, 'must be a string');
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw invalid(path, 'must be a string, a number, true or false');
}

const invalid = (path: string, expected: string): AppError => new AppError('invalid_request', `${path} ${expected}.`);
