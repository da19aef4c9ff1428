import { double, nullable, oneOf, repeated, reshaped, text, truth, type WireSchema } from './wire-schema.ts';

type Scalar = string | number | boolean;

type Field =
  | { readonly name: 'agent_id' | 'app_id' | 'tags' | 'related_id' | 'create_time' | 'update_time' }
  | { readonly name: 'info'; readonly key: string };

/** Structurally the domain's `Filter`. */
export type FilterValue =
  | { readonly op: 'and'; readonly of: readonly FilterValue[] }
  | { readonly op: 'or'; readonly of: readonly FilterValue[] }
  | { readonly op: 'equals' | 'contains' | 'like'; readonly field: Field; readonly value: Scalar }
  | { readonly op: 'in'; readonly field: Field; readonly values: readonly Scalar[] }
  | { readonly op: 'gt' | 'gte' | 'lt' | 'lte'; readonly field: Field; readonly value: number | string };

const ScalarMessage = reshaped(
  'FilterScalar',
  { text: nullable(text()), number: nullable(double()), truth: nullable(truth()) },
  {
    decode: ({ text: string, number, truth: boolean }): Scalar | null => string ?? number ?? boolean,
    encode: (value) => ({ [typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'truth']: value }),
  },
);

const FieldMessage = reshaped(
  'FilterField',
  {
    name: oneOf('FilterFieldName', ['agent_id', 'app_id', 'tags', 'create_time', 'update_time', 'info', 'related_id']),
    key: nullable(text()),
  },
  {
    decode: ({ name, key }): Field | null => {
      if (name !== 'info') return { name };
      return key === null ? null : { name, key };
    },
    encode: (field) => ({ name: field.name, key: field.name === 'info' ? field.key : null }),
  },
);

const Operator = oneOf('FilterOperator', ['and', 'or', 'equals', 'contains', 'like', 'in', 'gt', 'gte', 'lt', 'lte']);

interface Node {
  readonly op: 'and' | 'or' | 'equals' | 'contains' | 'like' | 'in' | 'gt' | 'gte' | 'lt' | 'lte';
  readonly of: readonly FilterValue[];
  readonly field: Field | null;
  readonly value: Scalar | null;
  readonly values: readonly Scalar[];
}

const BARE = { of: [], field: null, value: null, values: [] } as const;

function filterOf({ op, of, field, value, values }: Node): FilterValue | null {
  if (op === 'and' || op === 'or') return { op, of };
  if (field === null) return null;
  if (op === 'in') return { op, field, values };
  if (value === null) return null;
  if (op === 'equals' || op === 'contains' || op === 'like') return { op, field, value };
  return typeof value === 'boolean' ? null : { op, field, value };
}

/** A tree of conditions; it holds itself. */
export const FilterMessage: WireSchema<FilterValue> = reshaped(
  'Filter',
  {
    op: Operator,
    get of(): WireSchema<readonly FilterValue[]> {
      return branches();
    },
    field: nullable(FieldMessage),
    value: nullable(ScalarMessage),
    values: repeated(ScalarMessage),
  },
  { decode: filterOf, encode: (filter) => ({ ...BARE, ...filter }) },
);

let several: WireSchema<readonly FilterValue[]> | null = null;

function branches(): WireSchema<readonly FilterValue[]> {
  several ??= repeated(FilterMessage);
  return several;
}
