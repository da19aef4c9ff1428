import { randomUUID } from 'node:crypto';
import { AppError, erase, indexOutbox } from '@continuo/contracts';
import type { JobQueue, KnowledgeBase, KnowledgeRecords } from '@continuo/ports';

/** Knowledge bases of a project: made, found, given up. */
export class KnowledgeBases {
  private readonly records: KnowledgeRecords;
  private readonly jobs: JobQueue;

  constructor(records: KnowledgeRecords, jobs: JobQueue) {
    this.records = records;
    this.jobs = jobs;
  }

  /** Returns the id of a new base that is linked to the project. */
  async create(input: { readonly projectId: string; readonly name: string; readonly description: string }): Promise<string> {
    const id = `base${randomUUID()}`;
    await this.records.create({ id, ...input, now: Date.now() });
    return id;
  }

  /** @throws AppError `knowledge_base_not_found`, `knowledge_base_not_linked`. */
  async linked(projectId: string, baseId: string): Promise<KnowledgeBase> {
    const { base, linked } = await this.known(projectId, baseId);
    if (!linked) throw notLinked();
    return base;
  }

  /** The project uses it no longer; others still do. @throws as `linked`. */
  async unlink(projectId: string, baseId: string): Promise<void> {
    await this.linked(projectId, baseId);
    await this.records.unlink(projectId, baseId);
  }

  /** Nothing of it is left for anybody. The project that made it may do so when it is not linked any more, too. @throws as `linked`. */
  async delete(projectId: string, baseId: string): Promise<void> {
    const known = await this.known(projectId, baseId);
    if (!known.linked && known.base.scope.projectId !== projectId) throw notLinked();
    const base = await this.records.delete(baseId, Date.now());
    if (base === null) return;
    await this.jobs.enqueue(indexOutbox, {});
    await this.jobs.enqueue(erase, { project_id: base.scope.projectId, subject: base.scope.subject });
  }

  private async known(projectId: string, baseId: string) {
    const found = await this.records.find(projectId, baseId);
    if (found === null) throw new AppError('knowledge_base_not_found', 'There is no such knowledge base.');
    return found;
  }
}

const notLinked = (): AppError => new AppError('knowledge_base_not_linked', 'The knowledge base is not linked to this project.');
