import type { ProfileTree, Scope, SubjectKey } from '@continuo/domain';

/** What a profile of a project looks like. */
export interface ProfileTemplate {
  /** `tpl_` and 32 hexadecimal digits. */
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly metadata: ProfileTree;
  /** How many subjects it is bound to. */
  readonly instances: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A template bound to a subject, with what is known of it. */
export interface ProfileInstance {
  readonly id: string;
  readonly scope: Scope;
  readonly templateId: string;
  readonly properties: ProfileTree;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A field to set. Null: that member stays, or is as a new field has it (empty, updatable). */
export interface ProfileFieldEdit {
  readonly names: readonly string[];
  readonly value: string | null;
  readonly algorithmUpdatable: boolean | null;
}

/** What a caller changes of one profile. */
export interface ProfileEdit {
  /** Fields to set, or to add where the profile has none of these names. */
  readonly set: readonly ProfileFieldEdit[];
  /** Paths (`Category.Field`) to remove with their values; unknown ones are ignored. */
  readonly remove: readonly string[];
}

/**
 * Templates and the profiles made of them. A value that was said or set is a memory of the kind `profile` in the subject's scope, so
 * that it is searched, superseded, erased and archived as any other; defaults of a template are not.
 *
 * @throws AppError `not_found` from every method for a template the project does not have.
 */
export interface ProfileRecords {
  addTemplate(projectId: string, template: Pick<ProfileTemplate, 'name' | 'metadata'>, now: number): Promise<string>;
  /** Newest first, ties by id descending; `page` from 1. Pages past the end are empty with the true total. */
  templates(
    projectId: string,
    page: { readonly page: number; readonly size: number },
  ): Promise<{ readonly items: readonly ProfileTemplate[]; readonly total: number }>;
  template(projectId: string, templateId: string): Promise<ProfileTemplate>;
  /** Changes the template and every profile bound to it (`propagateTemplate` of the domain). Returns how many those are. */
  updateTemplate(projectId: string, templateId: string, to: Pick<ProfileTemplate, 'name' | 'metadata'>, now: number): Promise<number>;
  /** With all profiles bound to it and their values. Returns how many those were. */
  deleteTemplate(projectId: string, templateId: string, now: number): Promise<number>;
  /** All or none. What is bound already stays as it is. */
  bind(projectId: string, bindings: readonly { readonly subject: SubjectKey; readonly templateId: string }[], now: number): Promise<void>;
  /** @throws AppError `not_found` also when the template is not bound to the subject. */
  edit(scope: Scope, templateId: string, edit: ProfileEdit, now: number): Promise<void>;
  /** @throws AppError `not_found` also when the template is not bound to the subject. */
  unbind(scope: Scope, templateId: string, now: number): Promise<void>;
  /** Profiles of a subject with their present values, oldest first. */
  instances(scope: Scope): Promise<readonly ProfileInstance[]>;
}

export const PROFILE_RECORDS = Symbol('ProfileRecords');
