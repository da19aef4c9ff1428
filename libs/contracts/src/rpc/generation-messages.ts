import type { ErrorCode } from '../app-error.ts';
import { FailureMessage, ScopeMessage } from './value-messages.ts';
import { double, int32, int64, json, jsonObject, message, nullable, oneOf, repeated, reshaped, text, truth } from './wire-schema.ts';

const PromptMessages = repeated(message('PromptMessage', { role: oneOf('PromptRole', ['system', 'user', 'assistant']), content: text() }));

const TokenUsageMessage = message('TokenUsage', { promptTokens: int64(), answerTokens: int64() });

const StructuredRole = oneOf('StructuredRole', ['extract', 'reconcile']);

export const ChatModelRequestMessage = message('ChatModelRequest', {
  scope: ScopeMessage,
  modelName: nullable(text()),
  messages: PromptMessages,
  temperature: double(),
  topP: double(),
  maxTokens: int32(),
});

/** Structurally the port's `ChatModelEvent`, or the failure of an answer that had begun. */
export type ChatModelEventValue =
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'end';
      readonly finish: 'stop' | 'length';
      readonly usage: { readonly promptTokens: number; readonly answerTokens: number };
    }
  | {
      readonly type: 'failure';
      readonly failure: { readonly code: ErrorCode; readonly message: string; readonly retryAfterMs: number | null };
    };

export const ChatModelEventMessage = reshaped(
  'ChatModelEvent',
  {
    reasoning: nullable(text()),
    text: nullable(text()),
    end: nullable(message('AnswerEnd', { finish: oneOf('AnswerFinish', ['stop', 'length']), usage: TokenUsageMessage })),
    failure: nullable(FailureMessage),
  },
  {
    decode: ({ reasoning, text: said, end, failure }): ChatModelEventValue | null => {
      if (said !== null) return { type: 'text', text: said };
      if (reasoning !== null) return { type: 'reasoning', text: reasoning };
      if (end !== null) return { type: 'end', ...end };
      return failure === null ? null : { type: 'failure', failure };
    },
    encode: (event) => {
      if (event.type === 'text') return { text: event.text };
      if (event.type === 'reasoning') return { reasoning: event.text };
      return event.type === 'end' ? { end: { finish: event.finish, usage: event.usage } } : { failure: event.failure };
    },
  },
);

export const StructuredRequestMessage = message('StructuredRequest', {
  scope: ScopeMessage,
  role: StructuredRole,
  name: text(),
  messages: PromptMessages,
  schema: jsonObject(),
  itemsKey: text(),
  maxTokens: int32(),
});

export const StructuredReplyMessage = message('StructuredReply', {
  items: repeated(json()),
  salvaged: truth(),
  modelName: text(),
  usage: TokenUsageMessage,
});

export const DescribeRequest = message('DescribeRequest', {});

export const DescribeReply = message('DescribeReply', {
  available: truth(),
  models: repeated(message('ChatModelName', { publicName: text(), upstreamName: text(), baseUrl: text() })),
  reason: text(),
  roles: repeated(StructuredRole),
});
