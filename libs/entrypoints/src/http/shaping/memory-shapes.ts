import {
  noUnusedViews,
  type ListedMemory,
  type ListedPreference,
  type MemoryDetail,
  type PreferenceDetail,
  type SourceMessage,
} from '@continuo/contracts';
import { saidAt, type Memory, type Message } from '@continuo/domain';
import type { RecalledItem } from '@continuo/ports';
import type { MemoryListing, MemoryWithSources } from '@continuo/use-cases';
import { preferenceNote } from './preference-note.ts';

const KEY_CHARACTERS = 40;
const HAN = /\p{Script=Han}/u;

/** The lists of a search. */
export function searchLists(facts: readonly RecalledItem[], preferences: readonly RecalledItem[]) {
  const preferenceList = preferences.flatMap((item) => (item.memory === null ? [] : [preferenceDetail(item.memory, item.relativity)]));
  return {
    memory_detail_list: facts.flatMap((item) => memoryDetail(item)),
    preference_detail_list: preferenceList,
    ...noUnusedViews(),
    preference_note: preferenceNote(preferences.flatMap((item) => (item.memory === null ? [] : [item.memory]))),
  };
}

/** The lists of a page. */
export function pageLists(listing: MemoryListing) {
  return {
    memory_detail_list: listing.facts.map((entry): ListedMemory => ({
      ...factFields(entry.memory),
      ...listedFields(entry),
      relativity: 0,
    })),
    preference_detail_list: listing.preferences.map((entry): ListedPreference => ({
      ...preferenceFields(entry.memory),
      ...listedFields(entry),
      relativity: 0,
    })),
    ...noUnusedViews(),
  };
}

function memoryDetail(item: RecalledItem): readonly MemoryDetail[] {
  const relativity = rounded(item.relativity);
  if (item.memory !== null) return [{ ...factFields(item.memory), relativity }];
  return item.turn === null ? [] : [{ ...turnFields(item.turn), relativity }];
}

const preferenceDetail = (memory: Memory, relativity: number): PreferenceDetail => ({
  ...preferenceFields(memory),
  relativity: rounded(relativity),
});

function factFields(memory: Memory) {
  return {
    ...storedFields(memory),
    memory_key: memory.title,
    memory_value: attributed(memory.text, memory.origin === 'assistant'),
    memory_type: memory.about === null && memory.origin === 'user' ? ('UserMemory' as const) : ('LongTermMemory' as const),
    confidence: memory.confidence,
    tags: [...memory.labels.tags],
  };
}

function turnFields(turn: Message) {
  return {
    id: turn.id,
    create_time: turn.createdAt,
    update_time: turn.createdAt,
    conversation_id: turn.conversationId,
    status: 'activated' as const,
    memory_key: shortened(turn.content),
    memory_value: attributed(turn.content, turn.role === 'assistant'),
    memory_type: 'WorkingMemory' as const,
    confidence: 0.99,
    tags: [...turn.labels.tags],
  };
}

function preferenceFields(memory: Memory) {
  return {
    ...storedFields(memory),
    preference_type: memory.preferenceType === 'implicit' ? ('implicit_preference' as const) : ('explicit_preference' as const),
    preference: memory.text,
    reasoning: memory.reasoning,
  };
}

const storedFields = (memory: Memory) => ({
  id: memory.id,
  create_time: memory.createdAt,
  update_time: memory.updatedAt,
  conversation_id: memory.conversationId,
  status: 'activated' as const,
});

const listedFields = (entry: MemoryWithSources) => ({
  sources: entry.sources.map((message): SourceMessage => ({
    message_id: message.id,
    role: message.role,
    content: message.content,
    chat_time: saidAt(message),
    conversation_id: message.conversationId,
  })),
  info: { ...entry.memory.labels.info },
});

/** What the assistant said is marked, so that nobody takes its suggestions for what the user did. */
function attributed(text: string, byAssistant: boolean): string {
  if (!byAssistant || /^[[【]assistant/iu.test(text)) return text;
  return HAN.test(text) ? `[assistant观点] ${text}` : `[assistant view] ${text}`;
}

function shortened(text: string): string {
  const line = text.trim().replaceAll(/\s+/gu, ' ');
  const characters = [...line];
  return characters.length <= KEY_CHARACTERS ? line : `${characters.slice(0, KEY_CHARACTERS).join('')}…`;
}

const rounded = (score: number): number => Math.round(score * 10_000) / 10_000;
