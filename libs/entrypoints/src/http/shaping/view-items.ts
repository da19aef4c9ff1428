import type { SkillContent } from '@continuo/contracts';
import { subjectKind, wordsOfTurn, type Memory, type Message } from '@continuo/domain';

/*
 * The members of each kind of result, the same in a search and in a list.
 */

const storedFields = (memory: Memory) => ({
  id: memory.id,
  create_time: memory.createdAt,
  update_time: memory.updatedAt,
  conversation_id: memory.conversationId,
  status: 'activated' as const,
});

export function factFields(memory: Memory) {
  const { document } = memory.details;
  return {
    ...storedFields(memory),
    memory_key: memory.title,
    memory_value: attributed(memory.text, memory.origin === 'assistant'),
    memory_type: isOfTheSubject(memory) ? ('UserMemory' as const) : ('LongTermMemory' as const),
    confidence: memory.confidence,
    tags: [...memory.labels.tags],
    ...(document === undefined
      ? {}
      : {
          source_file: {
            file_id: document.fileId,
            file_name: document.fileName,
            chunk: document.place,
            page: document.page,
            headings: [...document.headings],
          },
        }),
  };
}

/** Said by somebody of themself in their own space; what is public or in a knowledge base is about nobody in particular. */
const isOfTheSubject = ({ about, origin, scope }: Memory): boolean =>
  about === null && origin === 'user' && (subjectKind(scope.subject) === 'user' || subjectKind(scope.subject) === 'agent');

export function turnFields(turn: Message) {
  return {
    id: turn.id,
    create_time: turn.createdAt,
    update_time: turn.createdAt,
    conversation_id: turn.conversationId,
    status: 'activated' as const,
    memory_key: shortened(wordsOfTurn(turn)),
    memory_value: attributed(wordsOfTurn(turn), turn.role === 'assistant'),
    memory_type: 'WorkingMemory' as const,
    confidence: 0.99,
    tags: [...turn.labels.tags],
  };
}

export const preferenceFields = (memory: Memory) => ({
  ...storedFields(memory),
  preference_type: memory.preferenceType === 'implicit' ? ('implicit_preference' as const) : ('explicit_preference' as const),
  preference: memory.text,
  reasoning: memory.reasoning,
});

export const eventFields = (memory: Memory) => ({
  ...storedFields(memory),
  event_key: memory.title,
  event_value: attributed(memory.text, memory.origin === 'assistant'),
  event_type: 'EventMemory' as const,
  event_time: [...(memory.details.event?.times ?? [])],
  event_location: [...(memory.details.event?.locations ?? [])],
  event_roles: [...(memory.details.event?.roles ?? [])],
});

export function toolFields(memory: Memory) {
  const { tool } = memory.details;
  const isSchema = tool?.type === 'schema';
  return {
    ...storedFields(memory),
    tool_type: isSchema ? ('ToolSchemaMemory' as const) : ('ToolTrajectoryMemory' as const),
    tool_value: memory.text,
    ...(isSchema
      ? {}
      : {
          tool_used_status: (tool?.used ?? []).map((use) => ({
            used_tool: use.tool,
            error_type: use.errorType,
            success_rate: use.successRate,
            tool_experience: use.experience,
          })),
          experience: tool?.experience ?? '',
        }),
  };
}

export function skillContent({ title, text, details: { skill } }: Memory): SkillContent {
  return {
    name: skill?.name ?? title,
    description: skill?.description ?? text,
    procedure: skill?.procedure ?? '',
    experience: [...(skill?.experience ?? [])],
    preference: [...(skill?.preference ?? [])],
    examples: [...(skill?.examples ?? [])],
    script: { ...skill?.script },
    others: { ...skill?.others },
  };
}

/** @param prefix where the API begins. */
export function skillFields(memory: Memory, prefix: string) {
  const fileId = memory.details.skill?.fileId ?? null;
  return {
    ...storedFields(memory),
    skill_value: skillContent(memory),
    skill_url: fileId === null ? '' : `${prefix}/get/skill/${encodeURIComponent(fileId)}`,
    skill_type: 'SkillMemory' as const,
    confidence: memory.confidence,
    tags: [...memory.labels.tags],
  };
}

export function profileFields(memory: Memory) {
  const { profile } = memory.details;
  return {
    id: memory.id,
    memory: profile === undefined ? memory.text : `${profile.path}: ${profile.value}`,
    memory_type: 'ProfileMemory' as const,
    template_id: profile?.templateId ?? '',
    profile_category: profile?.category ?? '',
    profile_field: profile?.field ?? memory.title,
    profile_path: profile?.path ?? memory.title,
    status: 'activated' as const,
    created_at: new Date(memory.createdAt).toISOString(),
    updated_at: new Date(memory.updatedAt).toISOString(),
    confidence: memory.confidence,
    algorithm_updatable: profile?.algorithmUpdatable ?? true,
  };
}

const HAN = /\p{Script=Han}/u;

/** What the assistant said is marked, so that nobody takes its suggestions for what the user did. */
function attributed(text: string, byAssistant: boolean): string {
  if (!byAssistant || /^[[【]assistant/iu.test(text)) return text;
  return HAN.test(text) ? `[assistant观点] ${text}` : `[assistant view] ${text}`;
}

const KEY_CHARACTERS = 40;

function shortened(text: string): string {
  const line = text.trim().replaceAll(/\s+/gu, ' ');
  const characters = [...line];
  return characters.length <= KEY_CHARACTERS ? line : `${characters.slice(0, KEY_CHARACTERS).join('')}…`;
}
