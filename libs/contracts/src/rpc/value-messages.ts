import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../app-error.ts';
import { int64, jsonObject, message, nullable, oneOf, repeated, text, type WireSchema } from './wire-schema.ts';

/** What makes a project and a subject together one key; a line feed would let one pass for another. */
const ProjectId = text(z.string().regex(/^[^\n]+$/u, 'must not be empty'));

const SubjectKey = text(
  z.string().regex(/^(?:user|agent|base|public):[\s\S]+$/u, 'must be user:, agent:, base: or public: and an id'),
) as WireSchema<`user:${string}` | `agent:${string}` | `base:${string}` | `public:${string}`>;

export const ScopeMessage = message('Scope', { projectId: ProjectId, subject: SubjectKey });

export const TimeRangeMessage = message('TimeRange', { from: int64(), to: int64() });

export const LabelsMessage = message('Labels', {
  tags: repeated(text()),
  info: jsonObject(),
  appId: nullable(text()),
  agentId: nullable(text()),
  relatedIds: repeated(text()),
});

export const MessageRole = oneOf('MessageRole', ['user', 'assistant', 'system', 'tool']);
export const Origin = oneOf('Origin', ['user', 'assistant', 'tool', 'document']);

const Code = text(z.enum(ERROR_CODES)) as WireSchema<ErrorCode>;

export const FailureMessage = message('Failure', { code: Code, message: text(), retryAfterMs: nullable(int64()) });
