import { DEFAULT_PROJECT_SETTINGS, type ProjectSettings } from '@continuo/ports';
import { NOW } from '../builders.ts';
import { type RecordsHarness, useRecords } from './records-harness.ts';

const HASH = 'a'.repeat(64);

/** What every store of projects and keys promises. */
export function describeProjectRecordsContract(harness: RecordsHarness): void {
  describe(`ProjectRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const aKey = (overrides: Partial<{ projectId: string; keyHash: string; now: number }> = {}) =>
      records().projects.addKey({ projectId: 'default', keyHash: HASH, hint: 'mpg-ab', label: 'first', now: NOW, ...overrides });

    it('creates a project once', async () => {
      expect(await records().projects.create('default', NOW)).toBe(true);
      expect(await records().projects.create('default', NOW + 1)).toBe(false);
      expect(await records().projects.list()).toEqual([{ id: 'default', createdAt: NOW, settings: DEFAULT_PROJECT_SETTINGS }]);
    });

    it.each(['', 'Upper', 'with space', 'a/b', 'ünï', 'x'.repeat(65), 'line\nfeed'])('refuses the project id %j', async (id) => {
      await expect(records().projects.create(id, NOW)).rejects.toMatchObject({ code: 'invalid_request' });
      expect(await records().projects.list()).toEqual([]);
    });

    it('opens a project by the hash of a live key', async () => {
      await records().projects.create('default', NOW);
      const key = await aKey();
      expect(key).toEqual({
        id: expect.any(String),
        projectId: 'default',
        hint: 'mpg-ab',
        label: 'first',
        createdAt: NOW,
        revokedAt: null,
      });
      expect(await records().projects.projectOfKey(HASH)).toEqual({ id: 'default', createdAt: NOW, settings: DEFAULT_PROJECT_SETTINGS });
      expect(await records().projects.projectOfKey('b'.repeat(64))).toBeNull();
    });

    it('keeps the settings of each project, wherever it is read', async () => {
      await records().projects.create('default', NOW);
      await records().projects.create('other', NOW + 1);
      await aKey();
      const settings: ProjectSettings = {
        independentAgents: true,
        strict: false,
        legacyStatusList: true,
        retentionDays: 30,
        limits: { requestsPerMinute: 5, inputTokensPerMinute: null, chatRequestTokensPerDay: 7, chatAnswerTokensPerDay: 9 },
      };
      await records().projects.saveSettings('default', settings);
      expect(await records().projects.find('default')).toEqual({ id: 'default', createdAt: NOW, settings });
      expect((await records().projects.projectOfKey(HASH))?.settings).toEqual(settings);
      expect((await records().projects.list()).map((project) => project.settings)).toEqual([settings, DEFAULT_PROJECT_SETTINGS]);
      await records().projects.saveSettings('default', DEFAULT_PROJECT_SETTINGS);
      expect(await records().projects.find('default')).toMatchObject({ settings: DEFAULT_PROJECT_SETTINGS });
    });

    it('finds no project that is not there, and keeps no settings of it', async () => {
      expect(await records().projects.find('unknown')).toBeNull();
      await expect(records().projects.saveSettings('unknown', DEFAULT_PROJECT_SETTINGS)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('lists keys without their values', async () => {
      await records().projects.create('default', NOW);
      await records().projects.create('other', NOW);
      const keys = [await aKey(), await aKey({ projectId: 'other', keyHash: 'c'.repeat(64), now: NOW + 1 })];
      expect(await records().projects.listKeys(null)).toEqual(keys);
      expect(await records().projects.listKeys('other')).toEqual(keys.slice(1));
      expect(JSON.stringify(await records().projects.listKeys(null))).not.toContain(HASH);
    });

    it('opens nothing with a revoked key', async () => {
      await records().projects.create('default', NOW);
      const key = await aKey();
      expect(await records().projects.revokeKey(key.id, NOW + 5)).toBe(true);
      expect(await records().projects.projectOfKey(HASH)).toBeNull();
      expect(await records().projects.listKeys('default')).toEqual([{ ...key, revokedAt: NOW + 5 }]);
      expect(await records().projects.revokeKey(key.id, NOW + 6)).toBe(false);
      expect(await records().projects.revokeKey('unknown', NOW)).toBe(false);
    });

    it('opens a project with a rotated key until its time is over', async () => {
      await records().projects.create('default', NOW);
      const key = await aKey();
      expect(await records().projects.revokeKey(key.id, Date.now() + 60_000)).toBe(true);
      expect(await records().projects.projectOfKey(HASH)).toMatchObject({ id: 'default' });
      expect(await records().projects.revokeKey(key.id, NOW + 1)).toBe(true);
      expect(await records().projects.projectOfKey(HASH)).toBeNull();
    });

    it('refuses a key for an unknown project', async () => {
      await expect(aKey({ projectId: 'unknown' })).rejects.toMatchObject({ code: 'not_found' });
    });
  });
}
