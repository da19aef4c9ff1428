import type { FilterScalar, Labels } from '@continuo/domain';
import type { Insertable } from 'kysely';
import type { MemoryLabelsTable } from '../schema/tables.ts';

type LabelRow = Insertable<MemoryLabelsTable>;

/** What filters can ask of a memory, one row per value. Other values of `info` cannot be filtered by and make no row. */
export function labelRows(memoryId: string, labels: Labels): readonly LabelRow[] {
  const row = (field: string, key: string, value: FilterScalar, inList: boolean): LabelRow => ({
    memory_id: memoryId,
    field,
    key,
    ...valueColumns(value),
    in_list: inList ? 1 : 0,
  });
  return [
    ...(labels.agentId === null ? [] : [row('agent_id', '', labels.agentId, false)]),
    ...(labels.appId === null ? [] : [row('app_id', '', labels.appId, false)]),
    ...labels.tags.map((tag) => row('tags', '', tag, true)),
    ...labels.relatedIds.map((id) => row('related_id', '', id, true)),
    ...Object.entries(labels.info).flatMap(([key, value]) =>
      Array.isArray(value)
        ? value.filter(isScalar).map((item) => row('info', key, item, true))
        : isScalar(value)
          ? [row('info', key, value, false)]
          : [],
    ),
  ];
}

function valueColumns(value: FilterScalar): Pick<LabelRow, 'type' | 'text_value' | 'folded_value' | 'number_value'> {
  if (typeof value === 'string') return { type: 's', text_value: value, folded_value: value.toLowerCase(), number_value: null };
  return { type: typeof value === 'number' ? 'n' : 'b', text_value: null, folded_value: null, number_value: Number(value) };
}

const isScalar = (value: unknown): value is FilterScalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
