import { indexOutbox } from '@continuo/contracts';
import type { ProfileTree, Scope, SubjectKey } from '@continuo/domain';
import type { JobQueue, ProfileEdit, ProfileInstance, ProfileRecords, ProfileTemplate } from '@continuo/ports';

type TemplateContent = Pick<ProfileTemplate, 'name' | 'metadata'>;

/** Profile templates and the profiles of subjects. What it changes of values is told to the index. */
export class Profiles {
  private readonly records: ProfileRecords;
  private readonly jobs: JobQueue;

  constructor(records: ProfileRecords, jobs: JobQueue) {
    this.records = records;
    this.jobs = jobs;
  }

  addTemplate(projectId: string, template: TemplateContent): Promise<string> {
    return this.records.addTemplate(projectId, template, Date.now());
  }

  templates(projectId: string, page: { readonly page: number; readonly size: number }) {
    return this.records.templates(projectId, page);
  }

  /** @throws AppError `not_found`. */
  template(projectId: string, templateId: string): Promise<ProfileTemplate> {
    return this.records.template(projectId, templateId);
  }

  /** How many profiles it changed. @throws AppError `not_found`. */
  updateTemplate(projectId: string, templateId: string, to: { readonly name: string; readonly metadata: ProfileTree }): Promise<number> {
    return this.indexed(this.records.updateTemplate(projectId, templateId, to, Date.now()));
  }

  /** How many profiles went with it. @throws AppError `not_found`. */
  deleteTemplate(projectId: string, templateId: string): Promise<number> {
    return this.indexed(this.records.deleteTemplate(projectId, templateId, Date.now()));
  }

  /** All or none; earlier messages are not read again for it. @throws AppError `not_found`. */
  bind(projectId: string, bindings: readonly { readonly subject: SubjectKey; readonly templateId: string }[]): Promise<void> {
    return this.records.bind(projectId, bindings, Date.now());
  }

  /** @throws AppError `not_found`. */
  edit(scope: Scope, templateId: string, edit: ProfileEdit): Promise<void> {
    return this.indexed(this.records.edit(scope, templateId, edit, Date.now()));
  }

  /** @throws AppError `not_found`. */
  unbind(scope: Scope, templateId: string): Promise<void> {
    return this.indexed(this.records.unbind(scope, templateId, Date.now()));
  }

  instances(scope: Scope): Promise<readonly ProfileInstance[]> {
    return this.records.instances(scope);
  }

  private async indexed<Result>(change: Promise<Result>): Promise<Result> {
    const result = await change;
    await this.jobs.enqueue(indexOutbox, {});
    return result;
  }
}
