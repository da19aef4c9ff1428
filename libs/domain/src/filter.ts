/** What a filter can ask about. `info` keys are the caller's own. */
export type FilterField =
  | { readonly name: 'agent_id' | 'app_id' | 'tags' | 'related_id' | 'create_time' | 'update_time' }
  | { readonly name: 'info'; readonly key: string };

export type FilterScalar = string | number | boolean;

/**
 * A parsed filter. Times are epoch milliseconds by now, whatever the caller wrote.
 *
 * `equals` on a list field (tags, an `info` array) is membership. `contains`: membership for lists, substring for strings.
 * `like`: substring without regard to case. A field the item does not have never matches.
 */
export type Filter =
  | { readonly op: 'and'; readonly of: readonly Filter[] }
  | { readonly op: 'or'; readonly of: readonly Filter[] }
  | { readonly op: 'equals' | 'contains' | 'like'; readonly field: FilterField; readonly value: FilterScalar }
  | { readonly op: 'in'; readonly field: FilterField; readonly values: readonly FilterScalar[] }
  | { readonly op: 'gt' | 'gte' | 'lt' | 'lte'; readonly field: FilterField; readonly value: number | string };

/** What a filter is asked of: a memory, an indexed document or a message. */
export interface Filterable {
  readonly labels: {
    readonly tags: readonly string[];
    readonly info: Readonly<Record<string, unknown>>;
    readonly appId: string | null;
    readonly agentId: string | null;
    readonly relatedIds: readonly string[];
  };
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The plain evaluator; every store must agree with it. */
export function matchesFilter(item: Filterable, filter: Filter): boolean {
  if (filter.op === 'and') return filter.of.every((part) => matchesFilter(item, part));
  if (filter.op === 'or') return filter.of.some((part) => matchesFilter(item, part));
  const values = valuesOf(item, filter.field);
  switch (filter.op) {
    case 'equals':
      return values.includes(filter.value);
    case 'in':
      return filter.values.some((value) => values.includes(value));
    case 'contains':
      return isList(item, filter.field)
        ? values.includes(filter.value)
        : values.some((value) => typeof value === 'string' && value.includes(String(filter.value)));
    case 'like':
      return values.some((value) => typeof value === 'string' && value.toLowerCase().includes(String(filter.value).toLowerCase()));
    default:
      return values.some((value) => compares(value, filter.op, filter.value));
  }
}

function valuesOf(item: Filterable, field: FilterField): readonly FilterScalar[] {
  switch (field.name) {
    case 'agent_id':
      return present(item.labels.agentId);
    case 'app_id':
      return present(item.labels.appId);
    case 'tags':
      return item.labels.tags;
    case 'related_id':
      return item.labels.relatedIds;
    case 'create_time':
      return [item.createdAt];
    case 'update_time':
      return [item.updatedAt];
    case 'info': {
      const value = Object.hasOwn(item.labels.info, field.key) ? item.labels.info[field.key] : undefined;
      return Array.isArray(value) ? value.filter(isScalar) : isScalar(value) ? [value] : [];
    }
  }
}

const isList = (item: Filterable, field: FilterField): boolean =>
  field.name === 'tags' || field.name === 'related_id' || (field.name === 'info' && Array.isArray(item.labels.info[field.key]));

const isScalar = (value: unknown): value is FilterScalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const present = (value: string | null): readonly string[] => (value === null ? [] : [value]);

/** Numbers compare with numbers and strings with strings, by code points; a mixed pair never matches. */
function compares(left: FilterScalar, op: 'gt' | 'gte' | 'lt' | 'lte', right: number | string): boolean {
  if (typeof left !== typeof right) return false;
  const order = left === right ? 0 : typeof left === 'string' ? codePointOrder(left, String(right)) : Number(left) - Number(right);
  switch (op) {
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
  }
}

/** The order in which databases hold texts; JavaScript's own puts what lies beyond the basic plane before U+E000. */
function codePointOrder(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  let place = 0;
  while (place < shorter && left.charCodeAt(place) === right.charCodeAt(place)) place += 1;
  return place < shorter ? planeOrder(left.charCodeAt(place)) - planeOrder(right.charCodeAt(place)) : left.length - right.length;
}

/** Halves of a pair after everything else. */
const planeOrder = (unit: number): number => (unit >= 0xd8_00 && unit < 0xe0_00 ? unit + 0x1_0000 : unit);
