import { AppError, type DeleteMemoryRequest } from '@continuo/contracts';

export type Deletion =
  /** `ofUsers`: whose they must be; null: anybody's of the project. */
  | { readonly kind: 'memories'; readonly memoryIds: readonly string[]; readonly ofUsers: readonly string[] | null }
  | { readonly kind: 'user'; readonly userId: string };

/**
 * What a deletion means. Ids win over users, whom many clients name in every body: a user is never erased by a body that names ids.
 * @throws AppError `selectors_conflict`, `required_field_missing`, `unsupported_here`, `invalid_request`.
 */
export function selectDeletion(body: DeleteMemoryRequest, strict: boolean): Deletion {
  if (body.filter !== undefined && Object.keys(body.filter).length === 0)
    throw new AppError('invalid_request', 'filter must not be empty.');
  refuseSeveral(body, strict);
  if (body.filter !== undefined) throw new AppError('unsupported_here', 'filter comes later: delete by memory_ids or user_id for now.');
  if (body.agent_id !== undefined) throw new AppError('unsupported_here', 'agent_id comes later: delete by memory_ids or user_id for now.');
  if (body.memory_ids !== undefined) {
    const users = [...(body.user_id === undefined ? [] : [body.user_id]), ...(body.user_ids ?? [])];
    return { kind: 'memories', memoryIds: body.memory_ids, ofUsers: users.length === 0 ? null : users };
  }
  if (body.user_id !== undefined) return { kind: 'user', userId: body.user_id };
  // user_ids alone is what old clients send by mistake; taking it for a user to erase would be fatal.
  throw new AppError('required_field_missing', 'memory_ids or user_id is required.');
}

function refuseSeveral(body: DeleteMemoryRequest, strict: boolean): void {
  const given = (['memory_ids', 'user_id', 'agent_id', 'filter'] as const).filter((name) => body[name] !== undefined);
  const idsOfUser = given.length === 2 && given.includes('memory_ids') && given.includes('user_id');
  if (given.length > 1 && (strict || !idsOfUser)) {
    throw new AppError(
      'selectors_conflict',
      `Only one of memory_ids, user_id, agent_id and filter may be given, not ${given.join(' and ')}.`,
    );
  }
}
