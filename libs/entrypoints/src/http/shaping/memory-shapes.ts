import type { MemoryDetail, SourceMessage } from '@continuo/contracts';
import { saidAt, type Memory } from '@continuo/domain';
import type { RecalledItem, RecallResult } from '@continuo/ports';
import type { MemoryListing, MemoryWithSources } from '@continuo/use-cases';
import { preferenceNote } from './preference-note.ts';
import { listedProfile } from './profile-shapes.ts';
import { eventFields, factFields, preferenceFields, profileFields, skillFields, toolFields, turnFields } from './view-items.ts';

/** The lists of a search. @param prefix where the API begins. */
export function searchLists(result: RecallResult, prefix: string) {
  return {
    memory_detail_list: result.facts.flatMap(memoryDetail),
    preference_detail_list: result.preferences.flatMap(detail(preferenceFields)),
    profile_detail_list: result.profiles.flatMap(detail(profileFields)),
    event_detail_list: result.events.flatMap(detail(eventFields)),
    tool_memory_detail_list: result.tools.flatMap(detail(toolFields)),
    skill_detail_list: result.skills.flatMap(detail((memory) => skillFields(memory, prefix))),
    preference_note: preferenceNote(result.preferences.flatMap(({ memory }) => (memory === null ? [] : [memory]))),
  };
}

/** The lists of a page. @param prefix where the API begins. */
export function pageLists({ memories, profiles }: MemoryListing, prefix: string) {
  return {
    memory_detail_list: memories.fact.map(listed(factFields)),
    preference_detail_list: memories.preference.map(listed(preferenceFields)),
    profile_detail_list: profiles.map(listedProfile),
    event_detail_list: memories.event.map(listed(eventFields)),
    tool_memory_detail_list: memories.tool.map((entry) => ({
      ...listed(toolFields)(entry),
      source: entry.sources.map(({ role, content }) => `${role}: ${content}`).join('\n'),
    })),
    skill_detail_list: memories.skill.map(listed((memory) => skillFields(memory, prefix))),
  };
}

function memoryDetail(item: RecalledItem): readonly MemoryDetail[] {
  if (item.turn !== null) return [{ ...turnFields(item.turn), relativity: rounded(item.relativity) }];
  return detail(factFields)(item);
}

const detail =
  <Fields extends object>(fieldsOf: (memory: Memory) => Fields) =>
  ({ memory, relativity }: RecalledItem): readonly (Fields & { relativity: number })[] =>
    memory === null ? [] : [{ ...fieldsOf(memory), relativity: rounded(relativity) }];

const listed =
  <Fields extends object>(fieldsOf: (memory: Memory) => Fields) =>
  ({ memory, sources }: MemoryWithSources) => ({
    ...fieldsOf(memory),
    sources: sources.map((message): SourceMessage => ({
      message_id: message.id,
      role: message.role,
      content: message.content,
      chat_time: saidAt(message),
      conversation_id: message.conversationId,
    })),
    info: { ...memory.labels.info },
    relativity: 0,
  });

const rounded = (score: number): number => Math.round(score * 10_000) / 10_000;
