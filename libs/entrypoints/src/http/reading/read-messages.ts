import { AppError, type AddMessageRequest, hasOtherParts, partsOf, textOfContent, type InputMessage } from '@continuo/contracts';
import { type ExtractionOptions, type Labels, type NewMessage, parseChatTime, UNNAMED_SPEAKER } from '@continuo/domain';
import type { Participants } from './read-participants.ts';

export interface MessageReading {
  readonly participants: Participants;
  /** Whether more spaces than one receive them: then every message says whose it is, because "I" is another in each. */
  readonly shared: boolean;
  readonly now: number;
  readonly timeZone: string;
}

/** Messages of the wire as the domain knows them. @throws AppError `invalid_request` for a time or a speaker that cannot be read. */
export function readMessages(messages: readonly InputMessage[], reading: MessageReading): readonly NewMessage[] {
  return messages.map((message, position) => ({
    role: message.role,
    content: textOfContent(message.content),
    parts: partsOf(message),
    chatTime: readChatTime(message.chat_time, `messages[${position}].chat_time`, reading),
    roleName: message.role_name ?? null,
    speakerId: readSpeaker(message, `messages[${position}].role_id`, reading),
  }));
}

/** True when an image or a file is among them: reading those takes longer than anybody waits. */
export const isMultimodal = (messages: readonly InputMessage[]): boolean => messages.some(({ content }) => hasOtherParts(content));

function readSpeaker(message: InputMessage, path: string, { participants: { users, agents }, shared }: MessageReading): string | null {
  const named = message.role_id;
  if (named !== undefined) {
    // Where others read it, too, a name of nobody could not be erased with the one who said it.
    if ((shared || users.length + agents.length > 1) && !users.includes(named) && !agents.includes(named))
      throw new AppError('invalid_request', `${path} must be one of the ids in user_id and agent_id.`);
    return named;
  }
  if (message.role === 'user' && users.length > 1) return message.role_name ?? UNNAMED_SPEAKER;
  if (!shared) return null;
  if (message.role === 'user') return users[0] ?? null;
  return message.role === 'assistant' && agents.length === 1 ? (agents[0] ?? null) : null;
}

/** When something was said; null: not given. @throws AppError `invalid_request`, which names the field. */
export function readChatTime(
  value: string | number | undefined,
  path: string,
  { now, timeZone }: Pick<MessageReading, 'now' | 'timeZone'>,
): number | null {
  if (value === undefined || (typeof value === 'string' && value.trim() === '')) return null;
  const time = parseChatTime(value, now, timeZone);
  if (time === null) {
    throw new AppError(
      'invalid_request',
      `${path} must be a time such as 2026-11-20 09:00:00, ISO 8601, epoch seconds or milliseconds, or "yesterday at 3pm".`,
    );
  }
  return time;
}

/** @param relatedIds everybody whom it concerns. */
export function readLabels(
  body: {
    readonly tags?: readonly string[] | undefined;
    readonly info?: Readonly<Record<string, unknown>> | undefined;
    readonly app_id?: string | undefined;
  },
  { users, agents }: Pick<Participants, 'users' | 'agents'>,
): Labels {
  return {
    tags: body.tags ?? [],
    info: body.info ?? {},
    appId: body.app_id ?? null,
    agentId: agents[0] ?? null,
    relatedIds: [...new Set([...users, ...agents])],
  };
}

/** Null: everything is made of the messages. */
export function readExtraction({
  allow_memory_view: views,
  custom_extract_prompt: instructions,
}: Pick<AddMessageRequest, 'allow_memory_view' | 'custom_extract_prompt'>): ExtractionOptions | null {
  if (views === undefined && instructions === undefined) return null;
  return { views: views ?? null, instructions: instructions ?? {} };
}
