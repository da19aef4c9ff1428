import { randomUUID } from 'node:crypto';
import { AppError } from '@continuo/contracts';
import { type ApiKey, DEFAULT_PROJECT_SETTINGS, type Project, type ProjectRecords, type ProjectSettings } from '@continuo/ports';
import type { Selectable } from 'kysely';
import { fromJson, toJson } from './rows/stored-text.ts';
import type { ApiKeysTable, ProjectsTable } from './schema/tables.ts';
import type { Store } from './sql-dialect.ts';

const PROJECT_ID = /^[a-z0-9_-]{1,64}$/;

export class SqlProjectRecords implements ProjectRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async create(projectId: string, now: number): Promise<boolean> {
    if (!PROJECT_ID.test(projectId)) {
      throw new AppError('invalid_request', 'a project id has 1 to 64 characters of a-z, 0-9, hyphen and underscore');
    }
    const { numInsertedOrUpdatedRows } = await this.store.database
      .insertInto('projects')
      .values({ id: projectId, created_at: now, settings_json: '{}' })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async list(): Promise<readonly Project[]> {
    const rows = await this.store.database.selectFrom('projects').selectAll().orderBy('created_at').orderBy('id').execute();
    return rows.map(projectOf);
  }

  async find(projectId: string): Promise<Project | null> {
    const row = await this.store.database.selectFrom('projects').selectAll().where('id', '=', projectId).executeTakeFirst();
    return row === undefined ? null : projectOf(row);
  }

  async saveSettings(projectId: string, settings: ProjectSettings): Promise<void> {
    const { numUpdatedRows } = await this.store.database
      .updateTable('projects')
      .set({ settings_json: toJson(settings) })
      .where('id', '=', projectId)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new AppError('not_found', 'there is no such project');
  }

  addKey(input: {
    readonly projectId: string;
    readonly keyHash: string;
    readonly hint: string;
    readonly label: string;
    readonly now: number;
  }): Promise<ApiKey> {
    return this.store.transact(async (transaction) => {
      const project = await transaction.selectFrom('projects').select('id').where('id', '=', input.projectId).executeTakeFirst();
      if (project === undefined) throw new AppError('not_found', 'there is no such project');
      const row = {
        id: randomUUID(),
        project_id: input.projectId,
        key_hash: input.keyHash,
        hint: input.hint,
        label: input.label,
        created_at: input.now,
        revoked_at: null,
      };
      await transaction.insertInto('api_keys').values(row).execute();
      return keyOf(row);
    });
  }

  async listKeys(projectId: string | null): Promise<readonly ApiKey[]> {
    const query = this.store.database.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id');
    const rows = await (projectId === null ? query : query.where('project_id', '=', projectId)).execute();
    return rows.map(keyOf);
  }

  async revokeKey(keyId: string, now: number): Promise<boolean> {
    const { numUpdatedRows } = await this.store.database
      .updateTable('api_keys')
      .set({ revoked_at: now })
      .where('id', '=', keyId)
      .where((is) => is.or([is('revoked_at', 'is', null), is('revoked_at', '>', Date.now())]))
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async projectOfKey(keyHash: string): Promise<Project | null> {
    const row = await this.store.database
      .selectFrom('api_keys')
      .innerJoin('projects', 'projects.id', 'api_keys.project_id')
      .selectAll('projects')
      .where('api_keys.key_hash', '=', keyHash)
      // A key that was rotated works until its time is over.
      .where((is) => is.or([is('api_keys.revoked_at', 'is', null), is('api_keys.revoked_at', '>', Date.now())]))
      .executeTakeFirst();
    return row === undefined ? null : projectOf(row);
  }
}

const projectOf = (row: Selectable<ProjectsTable>): Project => {
  const settings = fromJson<Partial<ProjectSettings>>(row.settings_json);
  return {
    id: row.id,
    createdAt: row.created_at,
    settings: { ...DEFAULT_PROJECT_SETTINGS, ...settings, limits: { ...DEFAULT_PROJECT_SETTINGS.limits, ...settings.limits } },
  };
};

const keyOf = (row: Selectable<ApiKeysTable>): ApiKey => ({
  id: row.id,
  projectId: row.project_id,
  hint: row.hint,
  label: row.label,
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
});
