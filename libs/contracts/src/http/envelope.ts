import { z } from 'zod';
import { RESULT_OK, RESULT_OK_MESSAGE } from './result-codes.ts';

/** What every reply of the API is wrapped in. */
export function envelope<Data extends z.ZodType>(id: string, data: Data) {
  return z
    .object({
      code: z.literal(RESULT_OK).describe('0 on success.'),
      message: z.literal(RESULT_OK_MESSAGE).describe('`ok` on success.'),
      data,
    })
    .meta({ id });
}

export const ErrorReply = z
  .object({
    code: z.int().meta({ description: "The contract's error code.", examples: [40002] }),
    message: z.string().meta({
      description: 'What was wrong, naming the field and what was expected.',
      examples: ['user_id is required.'],
    }),
    data: z.null().describe('Always null.'),
    request_id: z.string().meta({
      description: 'Names this request in the logs; also in the header `x-request-id`.',
      examples: ['3f1c9a5e-6c3d-4f4e-9a0b-7d1f2b7c9d10'],
    }),
  })
  .meta({ id: 'ErrorReply', description: 'Every error, whatever its HTTP status.' });
export type ErrorReply = z.infer<typeof ErrorReply>;
