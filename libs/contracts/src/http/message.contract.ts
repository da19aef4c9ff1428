import { z } from 'zod';
import { MAX_LABEL_CHARACTERS } from './identifiers.ts';
import { codeOf, OptionalText, RequiredText, wireObject } from './leniency.ts';

export const MESSAGE_ROLES = ['user', 'assistant', 'system', 'tool'] as const;

const webOrData = (value: string): boolean => /^(https?:\/\/|data:)\S/iu.test(value);

/** Padding may be left out; line breaks and the URL alphabet are taken. */
function webOrBase64(value: string): boolean {
  if (/^\s*https?:\/\/\S/iu.test(value)) return true;
  const characters = value
    .trim()
    .replace(/^data:[^,]{0,200},/iu, '')
    .replaceAll(/[\r\n]+/gu, '');
  return /^[A-Za-z0-9+/_-]+={0,2}$/u.test(characters) && characters.replace(/=+$/u, '').length % 4 !== 1;
}

const TextPart = wireObject({
  type: z.literal('text'),
  text: z.string().describe('The text.'),
});

const ImagePart = wireObject({
  type: z.literal('image_url'),
  image_url: z.looseObject({
    url: RequiredText()
      .refine(webOrData, { error: 'must be an http(s) URL or a data URL' })
      .meta({ description: 'Where the image is, or the image itself as a data URL.', examples: ['https://example.com/room.png'] }),
  }),
});

const FilePart = wireObject({
  type: z.literal('file'),
  file: z.looseObject({
    file_data: RequiredText()
      .refine(webOrBase64, { error: 'must be an http(s) URL or base64', params: codeOf('base64_content_invalid') })
      .meta({
        description: 'An http(s) URL, or the content in base64, alone or as a data URL.',
        examples: ['https://example.com/itinerary.pdf'],
      }),
  }),
});

/** One part of a content that is more than text. */
export const ContentPart = z
  .union([TextPart, ImagePart, FilePart], { error: 'must be a part of the type text, image_url or file' })
  .meta({ id: 'ContentPart' });
export type ContentPart = z.infer<typeof ContentPart>;

const ToolCall = wireObject({
  id: RequiredText().meta({ examples: ['call_1'] }),
  type: z.literal('function'),
  function: z.looseObject({
    name: RequiredText().meta({ description: 'The function called.', examples: ['find_hotels'] }),
    arguments: z.string().meta({ description: 'The arguments as JSON text.', examples: ['{"city":"Guangzhou"}'] }),
  }),
}).meta({ id: 'ToolCall' });

const Content = z
  .union([z.string(), z.array(ContentPart).min(1)], { error: 'must be a string or a list of parts' })
  .optional()
  .meta({
    description: 'The text, or a list of parts (`text`, `image_url`, `file`). May be missing only beside `tool_calls`.',
    examples: ['I have booked a trip to Guangzhou.'],
  });

/** A message as it is sent to `/add/message`. */
export const InputMessage = wireObject({
  role: z.enum(MESSAGE_ROLES).meta({ description: 'Who speaks.', examples: ['user'] }),
  content: Content,
  chat_time: z
    .union([z.string().max(200), z.number()], { error: 'must be a time, as a string or a number' })
    .optional()
    .meta({
      description:
        'When it was said: `YYYY-MM-DD HH:mm:ss`, ISO 8601, epoch seconds or milliseconds, or words such as `yesterday at 3pm`. Default: now. ' +
        'Without a zone it is read in `CONTINUO_TIME_ZONE`.',
      examples: ['2026-11-20 09:00:00'],
    }),
  role_id: OptionalText(MAX_LABEL_CHARACTERS)
    .optional()
    .meta({
      type: 'string',
      description: 'Who speaks, by id: in a group chat, and where shared spaces receive it, one of the ids of the request.',
      examples: ['ana'],
    }),
  role_name: OptionalText(100)
    .optional()
    .meta({ type: 'string', description: 'Name of the speaker.', examples: ['Ana'] }),
  tool_calls: z.array(ToolCall).optional().meta({ description: 'Of an assistant message: the tools it calls.' }),
  tool_call_id: OptionalText(256).optional().meta({ type: 'string', description: 'Of a tool message: the call it answers.' }),
})
  .superRefine((message, context) => {
    const saysNothing = textOfContent(message.content).trim() === '' && !hasOtherParts(message.content);
    const callsTools = message.role === 'assistant' && (message.tool_calls?.length ?? 0) > 0;
    if (saysNothing && !callsTools) {
      context.addIssue({ code: 'custom', path: ['content'], message: 'must not be empty', params: codeOf('required_field_missing') });
    }
    if ((message.tool_calls?.length ?? 0) > 0 && message.role !== 'assistant') {
      context.addIssue({ code: 'custom', path: ['tool_calls'], message: 'belongs to messages of the role assistant alone' });
    }
  })
  .meta({ id: 'InputMessage' });
export type InputMessage = z.infer<typeof InputMessage>;

/** True when a content holds more than text. */
export function hasOtherParts(content: z.output<typeof Content>): boolean {
  return countOtherParts(content) > 0;
}

/** How many parts of a content are not text. */
export function countOtherParts(content: z.output<typeof Content>): number {
  return Array.isArray(content) ? content.filter((part) => part.type !== 'text').length : 0;
}

/** The text of a content: its text parts joined by line feeds; empty when there is none. */
export function textOfContent(content: z.output<typeof Content>): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** What a message carried besides its text, to be kept as it was sent; null when there was nothing. */
export function partsOf(message: InputMessage): Readonly<Record<string, unknown>> | null {
  const parts = {
    ...(hasOtherParts(message.content) ? { content: message.content } : {}),
    ...(message.tool_calls === undefined || message.tool_calls.length === 0 ? {} : { tool_calls: message.tool_calls }),
    ...(message.tool_call_id === undefined ? {} : { tool_call_id: message.tool_call_id }),
  };
  return Object.keys(parts).length === 0 ? null : parts;
}
