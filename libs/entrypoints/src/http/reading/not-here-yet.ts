import { AppError } from '@continuo/contracts';

interface Wishes {
  readonly allow_public?: boolean | undefined;
  readonly allow_knowledgebase_ids?: readonly string[] | undefined;
  readonly knowledgebase_ids?: readonly string[] | undefined;
}

/** Refuses what would otherwise be dropped in silence. @throws AppError `unsupported_here`, `knowledge_base_not_linked`. */
export function refuseWhatIsNotHereYet(body: Wishes): void {
  if (body.allow_public === true) throw new AppError('unsupported_here', 'allow_public comes later: this server has no public memory yet.');
  refuseKnowledgeBases('allow_knowledgebase_ids', body.allow_knowledgebase_ids ?? []);
  const named = body.knowledgebase_ids ?? [];
  if (named.length > 1 && named.includes('all')) throw new AppError('invalid_request', 'knowledgebase_ids must be either ["all"] or ids.');
  refuseKnowledgeBases(
    'knowledgebase_ids',
    named.filter((id) => id !== 'all'),
  );
}

function refuseKnowledgeBases(field: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  throw new AppError(
    'knowledge_base_not_linked',
    `${field} names a knowledge base that is not linked to this project; knowledge bases come later.`,
  );
}
