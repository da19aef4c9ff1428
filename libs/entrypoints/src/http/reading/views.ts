import { type GetMemoryRequest, MEMORY_VIEWS, type MemoryView } from '@continuo/contracts';
import type { MemoryKind } from '@continuo/domain';

const KINDS: Readonly<Record<MemoryView, MemoryKind>> = {
  detail_factual: 'fact',
  preference: 'preference',
  profile: 'profile',
  event: 'event',
  tool_memory: 'tool',
  skill: 'skill',
};

const VIEWS: Readonly<Record<MemoryKind, MemoryView>> = {
  fact: 'detail_factual',
  preference: 'preference',
  profile: 'profile',
  event: 'event',
  tool: 'tool_memory',
  skill: 'skill',
};

export const kindOfView = (view: MemoryView): MemoryKind => KINDS[view];
export const viewOfKind = (kind: MemoryKind): MemoryView => VIEWS[kind];

/** The kinds a list shows: all, unless the request names views, or leaves some out in the older form. */
export function listedKinds(
  body: Pick<GetMemoryRequest, 'include_memory_view' | 'include_preference' | 'include_tool_memory'>,
): readonly MemoryKind[] {
  if (body.include_memory_view !== undefined) return body.include_memory_view.map(kindOfView);
  const left = new Set<MemoryView>([
    ...(body.include_preference === false ? (['preference'] as const) : []),
    ...(body.include_tool_memory === false ? (['tool_memory'] as const) : []),
  ]);
  return MEMORY_VIEWS.filter((view) => !left.has(view)).map(kindOfView);
}
