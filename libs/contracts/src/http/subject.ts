import type { z } from 'zod';
import { UserId } from './identifiers.ts';
import { AgentId } from './labels.ts';
import { codeOf } from './leniency.ts';

/** Whose memories a request is about: a user, or an agent where the project gives agents memories of their own. */
export const Subject = (what: string) => ({
  user_id: UserId()
    .optional()
    .meta({ type: 'string', description: `${what}: this, or \`agent_id\`.`, examples: ['ana'] }),
  agent_id: AgentId().meta({
    type: 'string',
    description: `${what}, in projects that give agents memories of their own; elsewhere it may stand beside \`user_id\` and is ignored.`,
  }),
});

/** Neither is an error here; both is one only where agents have memories of their own. */
export function requireSubject(
  body: { readonly user_id?: string | undefined; readonly agent_id?: string | undefined },
  context: z.RefinementCtx,
): void {
  if (body.user_id !== undefined || body.agent_id !== undefined) return;
  context.addIssue({ code: 'custom', path: ['user_id'], message: 'is required', params: codeOf('required_field_missing') });
}
