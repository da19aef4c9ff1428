import { z } from 'zod';
import { envelope } from './envelope.ts';
import { FilterObject } from './filter.contract.ts';
import { UserId } from './identifiers.ts';
import { AgentId, Source } from './labels.ts';
import { RequiredText, wireObject } from './leniency.ts';

export const DeleteMemoryRequest = wireObject({
  memory_ids: z
    .array(RequiredText())
    .min(1)
    .optional()
    .meta({ description: 'Delete these, all or none.', examples: [['3b2f0f0e-5f0d-5a63-9d0e-0f3b6c0d7f11']] }),
  user_id: UserId()
    .optional()
    .meta({
      description:
        'Alone: erase everything of this user, messages included. Beside `memory_ids`: only these, and only if they are of this user.',
      examples: ['ana'],
    }),
  user_ids: z.array(UserId()).optional().meta({ description: 'Beside `memory_ids`: whose they must be. Never deletes a user.' }),
  agent_id: AgentId().meta({
    type: 'string',
    description: 'Alone: erase everything of this agent, in a project that gives agents memories of their own.',
  }),
  filter: FilterObject()
    .optional()
    .meta({
      description:
        'Delete what it matches of all users and agents of the project and of its public memory, knowledge bases aside. Written as in a search, never empty.',
      examples: [{ and: [{ app_id: 'shop-ios' }] }],
    }),
  memory_type: z
    .unknown()
    .optional()
    .meta({
      description:
        'A view such as `preference`: only memories of this kind are deleted, whatever selects them. Anything else is ignored beside `memory_ids` and refused otherwise.',
      examples: ['preference'],
    }),
  source: Source(),
}).meta({ id: 'DeleteMemoryRequest', examples: [{ memory_ids: ['3b2f0f0e-5f0d-5a63-9d0e-0f3b6c0d7f11'] }] });
export type DeleteMemoryRequest = z.infer<typeof DeleteMemoryRequest>;

export const DeleteMemoryReply = envelope('DeleteMemoryReply', z.object({ success: z.literal(true) }));
export type DeleteMemoryReply = z.infer<typeof DeleteMemoryReply>;
