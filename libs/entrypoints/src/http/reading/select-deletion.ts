import { AppError, type DeleteMemoryRequest, MEMORY_VIEWS } from '@continuo/contracts';
import { agentSubject, type Filter, type MemoryKind, type SubjectKey, userSubject } from '@continuo/domain';
import type { HttpSettings } from '../http-settings.ts';
import { parseSourceFilters } from './parse-filter.ts';
import { kindOfView } from './views.ts';

/** `memoryKind`: only what is of this kind; null: all kinds. */
export type Deletion = { readonly memoryKind: MemoryKind | null } & (
  | {
      readonly kind: 'memories';
      readonly memoryIds: readonly string[];
      /** Whose they must be; null: anybody's of the project. */
      readonly restrictTo: readonly SubjectKey[] | null;
    }
  | { readonly kind: 'subject'; readonly subject: SubjectKey }
  | { readonly kind: 'filter'; readonly filter: Filter }
);

/** What the project, or the installation, says of deletions. */
export interface DeletionForms extends Pick<HttpSettings, 'strict' | 'timeZone'> {
  readonly independentAgents: boolean;
}

/**
 * What a deletion means. Ids win over users, whom many clients name in every body: a user is never erased by a body that names ids.
 * @throws AppError `selectors_conflict`, `required_field_missing`, `invalid_request`.
 */
export function selectDeletion(body: DeleteMemoryRequest, forms: DeletionForms): Deletion {
  if (body.filter !== undefined && Object.keys(body.filter).length === 0)
    throw new AppError('invalid_request', 'filter must not be empty.');
  refuseSeveral(body, forms.strict);
  const memoryKind = kindNamed(body);
  if (body.filter !== undefined) return { kind: 'filter', filter: filterOf(body.filter, forms), memoryKind };
  if (body.memory_ids !== undefined) {
    const owners = [...new Set([...(body.user_id === undefined ? [] : [body.user_id]), ...(body.user_ids ?? [])])];
    return { kind: 'memories', memoryIds: body.memory_ids, restrictTo: owners.length === 0 ? null : owners.map(userSubject), memoryKind };
  }
  if (body.user_id !== undefined) return { kind: 'subject', subject: userSubject(body.user_id), memoryKind };
  if (body.agent_id !== undefined) return { kind: 'subject', subject: agentNamed(body.agent_id, forms), memoryKind };
  // user_ids alone is what old clients send by mistake; taking it for a user to erase would be fatal.
  throw new AppError('required_field_missing', 'memory_ids, user_id, agent_id or filter is required.');
}

function refuseSeveral(body: DeleteMemoryRequest, strict: boolean): void {
  const given = (['memory_ids', 'user_id', 'agent_id', 'filter'] as const).filter((name) => body[name] !== undefined);
  if (body.filter !== undefined && (body.user_ids ?? []).length > 0)
    throw new AppError('selectors_conflict', 'user_ids does not narrow a filter, which deletes what it matches of everybody.');
  const idsOfUser = given.length === 2 && given.includes('memory_ids') && given.includes('user_id');
  if (given.length > 1 && (strict || !idsOfUser)) {
    throw new AppError(
      'selectors_conflict',
      `Only one of memory_ids, user_id, agent_id and filter may be given, not ${given.join(' and ')}.`,
    );
  }
}

/** One filter for everything: a part for one source would leave the others unfiltered, and those would be deleted whole. */
function filterOf(filter: Readonly<Record<string, unknown>>, forms: DeletionForms): Filter {
  const { user, agent, public: shared, knowledgebase } = parseSourceFilters(filter, forms, { knowledgeBases: true });
  if (user !== agent || user !== shared || user !== knowledgebase)
    throw new AppError('invalid_request', 'filter must not be split by source here.');
  if (user === null) throw new AppError('invalid_request', 'filter must not be empty.');
  return user;
}

function agentNamed(agentId: string, { independentAgents }: DeletionForms): SubjectKey {
  if (independentAgents) return agentSubject(agentId);
  throw new AppError(
    'invalid_request',
    'agent_id has memories of its own only where the project setting independent-agents is on; delete by a filter for this label instead.',
  );
}

/** Null: all kinds. What is no view would delete all kinds where one was meant; ids say for themselves what is deleted. */
function kindNamed({ memory_type: type, memory_ids: ids }: DeleteMemoryRequest): MemoryKind | null {
  const view = MEMORY_VIEWS.find((name) => name === type);
  if (view !== undefined) return kindOfView(view);
  if (type === undefined || type === null || ids !== undefined) return null;
  throw new AppError('invalid_request', `memory_type must be one of ${MEMORY_VIEWS.join(', ')}.`);
}
