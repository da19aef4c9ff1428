import { randomBytes, randomUUID } from 'node:crypto';
import { AppError, MAX_PROFILE_FIELDS } from '@continuo/contracts';
import { fieldsOf, type ProfileField, profilePath, type ProfileTree, propagateTemplate, type Scope, treeOf } from '@continuo/domain';
import type { ProfileEdit, ProfileInstance, ProfileRecords, ProfileTemplate } from '@continuo/ports';
import type { Selectable } from 'kysely';
import { clearValues, currentValues, holdProfiles, setValue } from './profile-values.ts';
import { scopeOf } from './rows/message-row.ts';
import { fromJson, toJson, wellFormed } from './rows/stored-text.ts';
import type { ProfilesTable, ProfileTemplatesTable } from './schema/tables.ts';
import type { Database, Store } from './sql-dialect.ts';

/** How often a change of a template begins again because somebody was bound to it meanwhile. */
const ATTEMPTS = 5;

type TemplateContent = Pick<ProfileTemplate, 'name' | 'metadata'>;

export class SqlProfileRecords implements ProfileRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async addTemplate(projectId: string, template: TemplateContent, now: number): Promise<string> {
    const { name, metadata } = wellFormed(template);
    const id = `tpl_${randomBytes(16).toString('hex')}`;
    const row = { id, project_id: projectId, name, metadata_json: toJson(metadata), created_at: now, updated_at: now };
    await this.store.database.insertInto('profile_templates').values(row).execute();
    return id;
  }

  async templates(projectId: string, { page, size }: { readonly page: number; readonly size: number }) {
    const { database } = this.store;
    const { total } = await database
      .selectFrom('profile_templates')
      .select((row) => row.fn.countAll<number>().as('total'))
      .where('project_id', '=', projectId)
      .executeTakeFirstOrThrow();
    const rows = await withInstances(database)
      .where('profile_templates.project_id', '=', projectId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(size)
      .offset((page - 1) * size)
      .execute();
    return { items: rows.map(templateOf), total: Number(total) };
  }

  async template(projectId: string, templateId: string): Promise<ProfileTemplate> {
    const row = await withInstances(this.store.database)
      .where('profile_templates.project_id', '=', projectId)
      .where('profile_templates.id', '=', templateId)
      .executeTakeFirst();
    if (row === undefined) throw unknownTemplate();
    return templateOf(row);
  }

  updateTemplate(projectId: string, templateId: string, to: TemplateContent, now: number): Promise<number> {
    const { name, metadata } = wellFormed(to);
    return this.withBound(projectId, templateId, async (transaction, template, profiles) => {
      const before = fieldsOf(fromJson<ProfileTree>(template.metadata_json));
      await transaction
        .updateTable('profile_templates')
        .set({ name, metadata_json: toJson(metadata), updated_at: now })
        .where('id', '=', templateId)
        .execute();
      for (const profile of profiles) {
        const { fields, cleared } = propagateTemplate(before, fieldsOf(metadata), fieldsOf(fromJson<ProfileTree>(profile.properties_json)));
        await saveProperties(transaction, profile, fields, now);
        await clearValues(transaction, scopeOf(profile), templateId, cleared, now);
      }
    });
  }

  deleteTemplate(projectId: string, templateId: string, now: number): Promise<number> {
    return this.withBound(projectId, templateId, async (transaction, _template, profiles) => {
      for (const profile of profiles) await clearValues(transaction, scopeOf(profile), templateId, null, now);
      // Profiles go with their template.
      await transaction.deleteFrom('profile_templates').where('id', '=', templateId).execute();
    });
  }

  bind(
    projectId: string,
    bindings: readonly { readonly subject: Scope['subject']; readonly templateId: string }[],
    now: number,
  ): Promise<void> {
    const wanted = wellFormed(bindings);
    return this.store.transact(async (transaction) => {
      const scopes = wanted.map(({ subject }) => ({ projectId, subject }));
      const epochs = await holdProfiles(transaction, this.store.dialect, scopes, now);
      for (const { subject, templateId } of wanted) {
        const template = await this.lockTemplate(transaction, projectId, templateId);
        const row = { id: randomUUID(), project_id: projectId, subject, epoch: epochs.get(subject) ?? 0, template_id: templateId };
        await transaction
          .insertInto('profiles')
          .values({ ...row, properties_json: template.metadata_json, created_at: now, updated_at: now })
          .onConflict((conflict) => conflict.columns(['project_id', 'subject', 'template_id']).doNothing())
          .execute();
      }
    });
  }

  edit(scope: Scope, templateId: string, raw: ProfileEdit, now: number): Promise<void> {
    const edit = wellFormed(raw);
    return this.store.transact(async (transaction) => {
      await holdProfiles(transaction, this.store.dialect, [scope], now);
      const profile = await this.profileOf(transaction, scope, templateId);
      const present = new Map(fieldsOf(fromJson<ProfileTree>(profile.properties_json)).map((field) => [profilePath(field.names), field]));
      const values = await currentValues(transaction, scope);
      for (const path of edit.remove) present.delete(path);
      const set = edit.set.map(({ names, value, algorithmUpdatable }): ProfileField => {
        const path = profilePath(names);
        const was = present.get(path);
        // A value that is set is a memory: what the profile itself holds is shown only while there is none.
        const kept = {
          names,
          value: value === null ? (was?.value ?? '') : '',
          algorithmUpdatable: algorithmUpdatable ?? was?.algorithmUpdatable ?? true,
        };
        present.set(path, kept);
        return { ...kept, value: value ?? values.get(`${templateId}\n${path}`)?.value ?? '' };
      });
      if (present.size > MAX_PROFILE_FIELDS)
        throw new AppError('invalid_request', `metadata: a profile has at most ${MAX_PROFILE_FIELDS} fields`);
      await saveProperties(transaction, profile, [...present.values()], now);
      await clearValues(transaction, scope, templateId, [...edit.remove, ...set.map(({ names }) => profilePath(names))], now);
      for (const field of set) if (field.value !== '') await setValue(transaction, { scope, epoch: profile.epoch, templateId, field, now });
    });
  }

  unbind(scope: Scope, templateId: string, now: number): Promise<void> {
    return this.store.transact(async (transaction) => {
      await holdProfiles(transaction, this.store.dialect, [scope], now);
      const profile = await this.profileOf(transaction, scope, templateId);
      await clearValues(transaction, scope, templateId, null, now);
      await transaction.deleteFrom('profiles').where('id', '=', profile.id).execute();
    });
  }

  async instances(scope: Scope): Promise<readonly ProfileInstance[]> {
    const { database } = this.store;
    const rows = await database
      .selectFrom('profiles')
      .innerJoin('subjects', (join) =>
        join
          .onRef('subjects.project_id', '=', 'profiles.project_id')
          .onRef('subjects.subject', '=', 'profiles.subject')
          .onRef('subjects.epoch', '=', 'profiles.epoch'),
      )
      .selectAll('profiles')
      .where('profiles.project_id', '=', scope.projectId)
      .where('profiles.subject', '=', scope.subject)
      .orderBy('profiles.created_at')
      .orderBy('profiles.id')
      .execute();
    if (rows.length === 0) return [];
    const values = await currentValues(database, scope);
    return rows.map((row) => ({
      id: row.id,
      scope: scopeOf(row),
      templateId: row.template_id,
      properties: treeOf(
        fieldsOf(fromJson<ProfileTree>(row.properties_json)).map((field) => ({
          ...field,
          value: values.get(`${row.template_id}\n${profilePath(field.names)}`)?.value ?? field.value,
        })),
      ),
      createdAt: row.created_at,
      updatedAt: Math.max(row.updated_at, ...[...values].map(([key, { at }]) => (key.startsWith(`${row.template_id}\n`) ? at : 0))),
    }));
  }

  /** Changes a template and all that is bound to it, however many are bound meanwhile. Returns how many there are. */
  private async withBound(
    projectId: string,
    templateId: string,
    change: (
      transaction: Database,
      template: Selectable<ProfileTemplatesTable>,
      profiles: readonly Selectable<ProfilesTable>[],
    ) => Promise<void>,
  ): Promise<number> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const changed = await this.store.transact(async (transaction) => {
        // Subjects are locked before templates, as everywhere.
        const held = (await boundTo(transaction, projectId, templateId)).map(scopeOf);
        await holdProfiles(transaction, this.store.dialect, held, 0);
        const template = await this.lockTemplate(transaction, projectId, templateId);
        // Nobody is bound from here on. Who was until here is not held: nothing has been changed yet, and it begins again.
        const profiles = await boundTo(transaction, projectId, templateId);
        const subjects = new Set(held.map(({ subject }) => subject));
        if (!profiles.every((profile) => subjects.has(scopeOf(profile).subject))) return null;
        await change(transaction, template, profiles);
        return profiles.length;
      });
      if (changed !== null) return changed;
    }
    throw new AppError('records_unavailable', 'too many were bound to a profile template while it was being changed');
  }

  private async lockTemplate(transaction: Database, projectId: string, templateId: string): Promise<Selectable<ProfileTemplatesTable>> {
    const query = transaction.selectFrom('profile_templates').selectAll().where('project_id', '=', projectId).where('id', '=', templateId);
    const row = await this.store.dialect.lockRows(query, 'change').executeTakeFirst();
    if (row === undefined) throw unknownTemplate();
    return row;
  }

  private async profileOf(transaction: Database, scope: Scope, templateId: string): Promise<Selectable<ProfilesTable>> {
    await this.lockTemplate(transaction, scope.projectId, templateId);
    const row = await transaction
      .selectFrom('profiles')
      .selectAll()
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('template_id', '=', templateId)
      .executeTakeFirst();
    if (row === undefined) throw new AppError('not_found', 'this profile template is not bound to this subject');
    return row;
  }
}

const boundTo = (transaction: Database, projectId: string, templateId: string): Promise<Selectable<ProfilesTable>[]> =>
  transaction
    .selectFrom('profiles')
    .selectAll()
    .where('template_id', '=', templateId)
    .where('project_id', '=', projectId)
    .orderBy('subject')
    .execute();

const unknownTemplate = (): AppError => new AppError('not_found', 'there is no such profile template');

const withInstances = (database: Database) =>
  database
    .selectFrom('profile_templates')
    .selectAll('profile_templates')
    .select((row) =>
      row
        .selectFrom('profiles')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('profiles.template_id', '=', 'profile_templates.id')
        .as('instances'),
    );

const templateOf = (row: Selectable<ProfileTemplatesTable> & { readonly instances: number | null }): ProfileTemplate => ({
  id: row.id,
  projectId: row.project_id,
  name: row.name,
  metadata: fromJson<ProfileTree>(row.metadata_json),
  instances: Number(row.instances ?? 0),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

async function saveProperties(
  transaction: Database,
  profile: Selectable<ProfilesTable>,
  fields: readonly ProfileField[],
  now: number,
): Promise<void> {
  await transaction
    .updateTable('profiles')
    .set({ properties_json: toJson(treeOf(fields)), updated_at: now })
    .where('id', '=', profile.id)
    .execute();
}
