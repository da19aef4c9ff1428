import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { ErrorReply, OpenAiErrorReply } from '@continuo/contracts';
import type { z } from 'zod';

interface Documented {
  readonly summary: string;
  readonly description: string;
  readonly tag: string;
  readonly reply: z.ZodType;
  /** Takes the headers that ask for an explanation. */
  readonly explained?: boolean;
  /** Takes the header that names a request which may be sent twice. */
  readonly repeatable?: boolean;
  /** May also answer as server-sent events. */
  readonly streams?: boolean;
}

const REFUSALS = [
  [400, 'A field is wrong; the message names it and says what was expected.'],
  [401, 'No valid API key.'],
  [404, 'What was asked for does not exist.'],
  [413, 'The body is too large.'],
  [429, 'A limit was reached; `retry-after` says when to come back.'],
  [500, 'Something went wrong on our side.'],
  [503, 'A part of the service, or the model behind it, cannot be reached.'],
] as const;

const REPEATING = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  description: 'Names this request: sent again with the same key, it is done once and answered the same.',
});

/** What the document says of one operation: its reply, its errors, its key. */
export function ApiReplies(documented: Documented): MethodDecorator {
  return applyDecorators(
    ApiTags(documented.tag),
    ApiSecurity('ApiKey'),
    ApiOperation({ summary: documented.summary, description: documented.description }),
    ApiResponse({ status: 200, description: 'Done.', standardSchema: documented.reply }),
    ...(documented.streams === true ? [ApiProduces('application/json', 'text/event-stream')] : []),
    ...(documented.repeatable === true ? [REPEATING] : []),
    ...(documented.explained === true ? EXPLAINING : []),
    ...REFUSALS.map(([status, description]) => ApiResponse({ status, description, standardSchema: ErrorReply })),
  );
}

/** The same for operations in OpenAI's form, errors included. */
export function OpenAiReplies(documented: Pick<Documented, 'summary' | 'description' | 'reply' | 'streams'>): MethodDecorator {
  return applyDecorators(
    ApiTags('OpenAI'),
    ApiSecurity('ApiKey'),
    ApiOperation({ summary: documented.summary, description: documented.description }),
    ApiResponse({ status: 200, description: 'Done.', standardSchema: documented.reply }),
    ...(documented.streams === true ? [ApiProduces('application/json', 'text/event-stream'), CONVERSATION, REPEATING] : []),
    ...REFUSALS.map(([status, description]) => ApiResponse({ status, description, standardSchema: OpenAiErrorReply })),
  );
}

const CONVERSATION = ApiHeader({
  name: 'X-Conversation-Id',
  required: false,
  description: 'The thread the messages belong to; without it, histories that begin alike are one.',
});

const EXPLAINING = [
  ApiHeader({
    name: 'X-Continuo-Debug',
    required: false,
    description: '`explain`: say how the memories were found; limits then go up to 50.',
    schema: { type: 'string', enum: ['explain'] },
  }),
  ApiHeader({
    name: 'X-Continuo-Explain-Ids',
    required: false,
    description: 'Ids, separated by commas, that are to be explained even when they are not returned.',
  }),
  ApiHeader({
    name: 'X-Continuo-Without',
    required: false,
    description: 'Of a search that is explained: signals, separated by commas, that are left out, to see what each of them is worth.',
    schema: { type: 'string', example: 'neighbours,date' },
  }),
];
