import type { Filterable } from '@continuo/domain';
import type { WireFilterObject } from './filter-world.ts';
import { WRITTEN_TIMES } from './filter-values.ts';

/*
 * What a filter of `FilterWorld` means, read from the wire's form straight away, so that a mistake in the parser shows as well as one in
 * a store. As plain as can be; it knows only times that the world writes.
 */

type Test = (held: unknown, operand: unknown) => boolean;

const TIMES = new Map<unknown, number>(WRITTEN_TIMES);
const FIELD_TIMES: Readonly<Record<string, 'createdAt' | 'updatedAt'>> = {
  create_time: 'createdAt',
  created_at: 'createdAt',
  update_time: 'updatedAt',
  updated_at: 'updatedAt',
};

const compared =
  (holds: (order: number) => boolean): Test =>
  (held, operand) =>
    (typeof held === 'number' && typeof operand === 'number' && holds(held - operand)) ||
    // By code points, which is the order of the bytes.
    (typeof held === 'string' && typeof operand === 'string' && holds(Buffer.compare(Buffer.from(held), Buffer.from(operand))));

/** Of one value. */
const TESTS: Readonly<Record<string, Test>> = {
  '=': (held, operand) => held === operand,
  in: (held, operand) => (operand as unknown[]).includes(held),
  like: (held, operand) => typeof held === 'string' && held.toLowerCase().includes(String(operand).toLowerCase()),
  gt: compared((order) => order > 0),
  gte: compared((order) => order >= 0),
  lt: compared((order) => order < 0),
  lte: compared((order) => order <= 0),
};

export function matchesWire(item: Filterable, filter: WireFilterObject): boolean {
  const members = Object.entries(filter).filter(([, value]) => value !== null);
  return members.every(([name, value]) => {
    if (name === 'and') return (value as WireFilterObject[]).every((part) => matchesWire(item, part));
    if (name === 'or') return (value as WireFilterObject[]).some((part) => matchesWire(item, part));
    const isOfUser =
      name === 'user' &&
      typeof value === 'object' &&
      !Object.keys(value as object).some((key) => Object.hasOwn(TESTS, key) || key === 'contains');
    return isOfUser ? matchesWire(item, value as WireFilterObject) : matchesCondition(item, name, value);
  });
}

function matchesCondition(item: Filterable, name: string, value: unknown): boolean {
  const time = Object.hasOwn(FIELD_TIMES, name) ? FIELD_TIMES[name] : undefined;
  if (time !== undefined) {
    const operators = typeof value === 'object' ? Object.entries(value as object) : [['=', value] as const];
    return operators.every(([name_, operand]) => operand === null || TESTS[name_]?.(item[time], TIMES.get(operand)) === true);
  }
  const { values, isList } = heldBy(item, name);
  if (Array.isArray(value)) return values.some((held) => value.includes(held));
  const operators = typeof value === 'object' && value !== null ? Object.entries(value) : [['=', value] as const];
  return operators.every(([operator, operand]) => {
    if (operand === null) return true;
    if (operator !== 'contains' || isList) return values.some((held) => TESTS[operator === 'contains' ? '=' : operator]?.(held, operand));
    return values.some((held) => typeof held === 'string' && held.includes(String(operand)));
  });
}

function heldBy({ labels }: Filterable, name: string): { readonly values: readonly unknown[]; readonly isList: boolean } {
  if (name === 'tags') return { values: labels.tags, isList: true };
  if (name === 'related_id') return { values: labels.relatedIds, isList: true };
  if (name === 'agent_id' || name === 'app_id') {
    const id = name === 'agent_id' ? labels.agentId : labels.appId;
    return { values: id === null ? [] : [id], isList: false };
  }
  const key = name.replace(/^info\./u, '');
  const value = Object.hasOwn(labels.info, key) ? labels.info[key] : null;
  const scalars = (Array.isArray(value) ? value : [value]).filter((each) => ['string', 'number', 'boolean'].includes(typeof each));
  return { values: scalars, isList: Array.isArray(value) };
}
