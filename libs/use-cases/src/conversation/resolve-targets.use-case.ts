import { AppError } from '@continuo/contracts';
import { PUBLIC_SUBJECT, type Scope, type SubjectKey } from '@continuo/domain';
import type { KnowledgeLinks } from '@continuo/ports';

/** Knowledge bases that one write goes to: each receives, and mines, every message of it. */
const MAX_BASES = 20;

export interface TargetsWanted {
  readonly projectId: string;
  /** Whose spaces receive the write; the first is the main one. */
  readonly subjects: readonly [SubjectKey, ...SubjectKey[]];
  readonly allowPublic: boolean;
  readonly knowledgeBaseIds: readonly string[];
}

/** Where a write goes. */
export interface Targets {
  readonly scope: Scope;
  /** Further spaces that receive the same messages. */
  readonly copies: readonly Scope[];
}

/** Participants, the public memory and knowledge bases into the spaces they stand for. */
export class ResolveTargets {
  private readonly knowledge: KnowledgeLinks;

  constructor(knowledge: KnowledgeLinks) {
    this.knowledge = knowledge;
  }

  /** @throws AppError `knowledge_base_not_linked`; `invalid_request` for too many. */
  async execute({ projectId, subjects, allowPublic, knowledgeBaseIds }: TargetsWanted): Promise<Targets> {
    const [first, ...others] = subjects;
    const bases = await this.basesOf(projectId, knowledgeBaseIds);
    const shared = allowPublic ? [PUBLIC_SUBJECT] : [];
    return {
      scope: { projectId, subject: first },
      copies: [...[...others, ...shared].map((subject) => ({ projectId, subject })), ...bases],
    };
  }

  private async basesOf(projectId: string, named: readonly string[]): Promise<readonly Scope[]> {
    const ids = [...new Set(named)];
    if (ids.length === 0) return [];
    if (ids.length > MAX_BASES) throw new AppError('invalid_request', `allow_knowledgebase_ids must have at most ${MAX_BASES} ids.`);
    const linked = new Map((await this.knowledge.linkedTo(projectId)).map(({ id, scope }) => [id, scope]));
    return ids.map((id) => {
      const scope = linked.get(id);
      if (scope === undefined)
        throw new AppError(
          'knowledge_base_not_linked',
          'allow_knowledgebase_ids names a knowledge base that is not linked to this project.',
        );
      return scope;
    });
  }
}
