import { AppError, partsOf, textOfContent, type InputMessage } from '@continuo/contracts';
import { parseChatTime, type Labels, type NewMessage } from '@continuo/domain';

/** Messages of the wire as the domain knows them. @throws AppError `invalid_request` for a time that cannot be read. */
export function readMessages(messages: readonly InputMessage[], now: number, timeZone: string): readonly NewMessage[] {
  return messages.map((message, position) => ({
    role: message.role,
    content: textOfContent(message.content),
    parts: partsOf(message),
    chatTime: readChatTime(message.chat_time, `messages[${position}].chat_time`, now, timeZone),
    roleName: message.role_name ?? null,
  }));
}

function readChatTime(value: string | number | undefined, path: string, now: number, timeZone: string): number | null {
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

export function readLabels(body: {
  readonly tags?: readonly string[] | undefined;
  readonly info?: Readonly<Record<string, unknown>> | undefined;
  readonly app_id?: string | undefined;
  readonly agent_id?: string | undefined;
}): Labels {
  return { tags: body.tags ?? [], info: body.info ?? {}, appId: body.app_id ?? null, agentId: body.agent_id ?? null };
}
