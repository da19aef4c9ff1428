import { AppError } from '@continuo/contracts';
import { type Filter, PUBLIC_SUBJECT, type Scope, type SubjectKey, subjectKind } from '@continuo/domain';
import type { KnowledgeBase, KnowledgeLinks, Project, RecallSpace } from '@continuo/ports';

/** A filter for each source of the contract; null: that source is not narrowed. */
export interface SourceFilters {
  readonly user: Filter | null;
  readonly agent: Filter | null;
  readonly public: Filter | null;
  readonly knowledgebase: Filter | null;
}

export interface SpacesWanted {
  readonly project: Pick<Project, 'id'>;
  readonly subject: SubjectKey;
  /** Ids, or `all` alone: every one the project may use. */
  readonly knowledgeBaseIds: readonly string[];
  readonly filters: SourceFilters;
}

/** Where a recall looks: the subject's own space, what is public in the project, and the knowledge bases that were named. */
export interface RecallSpaces {
  readonly scope: Scope;
  readonly filter: Filter | null;
  readonly others: readonly RecallSpace[];
}

const ALL = 'all';
/** Knowledge bases of one recall: what the largest plan of the contract's maker has. */
const MAX_BASES = 100;

/** A subject and names of knowledge bases into the spaces a recall searches, each with the filter of its source. */
export class ResolveSpaces {
  private readonly knowledge: KnowledgeLinks;

  constructor(knowledge: KnowledgeLinks) {
    this.knowledge = knowledge;
  }

  /** @throws AppError `knowledge_base_not_linked`; `invalid_request` for `all` beside ids, and for too many. */
  async execute({ project, subject, knowledgeBaseIds, filters }: SpacesWanted): Promise<RecallSpaces> {
    const bases = await this.basesOf(project.id, knowledgeBaseIds);
    return {
      scope: { projectId: project.id, subject },
      filter: subjectKind(subject) === 'agent' ? filters.agent : filters.user,
      others: [
        { scope: { projectId: project.id, subject: PUBLIC_SUBJECT }, filter: filters.public },
        ...bases.map(({ scope }) => ({ scope, filter: filters.knowledgebase })),
      ],
    };
  }

  private async basesOf(projectId: string, named: readonly string[]): Promise<readonly KnowledgeBase[]> {
    const ids = [...new Set(named)];
    if (ids.length === 0) return [];
    if (ids.length > 1 && ids.includes(ALL)) throw new AppError('invalid_request', 'knowledgebase_ids must be either ["all"] or ids.');
    if (ids.length > MAX_BASES) throw new AppError('invalid_request', `knowledgebase_ids must have at most ${MAX_BASES} ids.`);
    const linked = await this.knowledge.linkedTo(projectId);
    if (ids[0] === ALL) return linked.slice(0, MAX_BASES);
    return ids.map((id) => {
      const base = linked.find((each) => each.id === id);
      if (base === undefined)
        throw new AppError('knowledge_base_not_linked', 'knowledgebase_ids names a knowledge base that is not linked to this project.');
      return base;
    });
  }
}
