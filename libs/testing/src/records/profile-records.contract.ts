import { fieldsOf, profilePath, type ProfileTree } from '@continuo/domain';
import { aScope, NOW } from '../builders.ts';
import { type RecordsHarness, remember, useRecords } from './records-harness.ts';

const leaf = (value = '', algorithmUpdatable = true) => ({ value, algorithmUpdatable });
const METADATA: ProfileTree = { Basics: { City: leaf(), Name: leaf('unknown') }, Motto: leaf('', false) };
const valuesIn = (tree: ProfileTree): Record<string, string> =>
  Object.fromEntries(fieldsOf(tree).map(({ names, value }) => [profilePath(names), value]));

/** What every store of profile templates and profiles promises. */
export function describeProfileRecordsContract(harness: RecordsHarness): void {
  describe(`ProfileRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const [ana, ben] = [aScope(), aScope({ subject: 'user:ben' })];
    const aTemplate = async (metadata = METADATA): Promise<string> => {
      await records().projects.create('default', NOW);
      return records().profiles.addTemplate('default', { name: 'People', metadata }, NOW);
    };
    const bind = (templateId: string, ...subjects: readonly (typeof ana)['subject'][]): Promise<void> =>
      records().profiles.bind(
        'default',
        subjects.map((subject) => ({ subject, templateId })),
        NOW,
      );
    const edit = (templateId: string, set: Parameters<ReturnType<typeof records>['profiles']['edit']>[2]['set'], remove: string[] = []) =>
      records().profiles.edit(ana, templateId, { set, remove }, NOW + 1);
    const city = (value: string | null, algorithmUpdatable: boolean | null = null) => ({
      names: ['Basics', 'City'],
      value,
      algorithmUpdatable,
    });
    const values = async (): Promise<readonly Record<string, string>[]> =>
      (await records().profiles.instances(ana)).map(({ properties }) => valuesIn(properties));

    it('has at most 500 fields in a profile, and an edit beyond that changes nothing', async () => {
      const templateId = await aTemplate({ City: leaf() });
      await bind(templateId, ana.subject);
      const own = (count: number, from = 0) =>
        Array.from({ length: count }, (_, place) => ({ names: [`f${place + from}`], value: null, algorithmUpdatable: null }));
      await edit(templateId, own(499));
      await expect(edit(templateId, own(1, 499))).rejects.toMatchObject({
        code: 'invalid_request',
        message: expect.stringContaining('metadata'),
      });
      expect(Object.keys((await values())[0] ?? {})).toHaveLength(500);
      await edit(templateId, own(1, 499), ['City']);
      expect(Object.keys((await values())[0] ?? {})).toHaveLength(500);
    });

    it('gives a template back as it was made, and lists the newest first with true totals', async () => {
      const first = await aTemplate();
      const second = await records().profiles.addTemplate('default', { name: 'Pets', metadata: { Name: leaf() } }, NOW + 1);
      expect(first).toMatch(/^tpl_[0-9a-f]{32}$/u);
      expect(await records().profiles.template('default', first)).toEqual({
        id: first,
        projectId: 'default',
        name: 'People',
        metadata: METADATA,
        instances: 0,
        createdAt: NOW,
        updatedAt: NOW,
      });
      const page = await records().profiles.templates('default', { page: 1, size: 1 });
      expect([page.items.map(({ id }) => id), page.total]).toEqual([[second], 2]);
      expect(await records().profiles.templates('default', { page: 9, size: 10 })).toEqual({ items: [], total: 2 });
    });

    it('binds all or none, once, and counts the bound', async () => {
      const id = await aTemplate();
      await expect(
        records().profiles.bind(
          'default',
          [
            { subject: 'user:ana', templateId: id },
            { subject: 'user:ben', templateId: 'tpl_none' },
          ],
          NOW,
        ),
      ).rejects.toMatchObject({ code: 'not_found' });
      expect(await records().profiles.instances(ana)).toEqual([]);
      await bind(id, 'user:ana', 'user:ben');
      await bind(id, 'user:ana');
      expect((await records().profiles.template('default', id)).instances).toBe(2);
      expect(await values()).toEqual([{ 'Basics.City': '', 'Basics.Name': 'unknown', Motto: '' }]);
    });

    it('keeps what is set as a memory of the subject, superseding what was set before', async () => {
      const id = await aTemplate();
      await bind(id, 'user:ana', 'user:ben');
      await edit(id, [city('Paris')]);
      await edit(id, [city('Lyon')]);
      expect((await values())[0]?.['Basics.City']).toBe('Lyon');
      const { items } = await records().memories.list(ana, { kind: 'profile', filter: null, page: 1, size: 10 });
      expect(items.map(({ text, details }) => [text, details.profile?.path])).toEqual([['Basics.City: Lyon', 'Basics.City']]);
      expect((await records().outbox.next(10)).map((item) => String(item.document === null)).sort()).toEqual(['false', 'true']);
      expect(valuesIn((await records().profiles.instances(ben))[0]?.properties ?? {})).toMatchObject({ 'Basics.City': '' });
    });

    it('locks a field without touching its value, adds new fields and removes others with their values', async () => {
      const id = await aTemplate();
      await bind(id, 'user:ana');
      await edit(id, [city('Paris')]);
      await edit(id, [city(null, false), { names: ['Basics', 'Age'], value: '30', algorithmUpdatable: null }], ['Motto']);
      const [instance] = await records().profiles.instances(ana);
      expect(fieldsOf(instance?.properties ?? {})).toEqual([
        { names: ['Basics', 'City'], value: 'Paris', algorithmUpdatable: false },
        { names: ['Basics', 'Name'], value: 'unknown', algorithmUpdatable: true },
        { names: ['Basics', 'Age'], value: '30', algorithmUpdatable: true },
      ]);
      await edit(id, [], ['Basics.City']);
      expect((await values())[0]).toEqual({ 'Basics.Name': 'unknown', 'Basics.Age': '30' });
    });

    it('shows the value that mining wrote', async () => {
      const id = await aTemplate();
      await bind(id, 'user:ana');
      const profile = { templateId: id, category: 'Basics', field: 'City', path: 'Basics.City', value: 'Nantes', algorithmUpdatable: true };
      await remember(records(), {
        kind: 'profile',
        text: 'Basics.City: Nantes',
        topicKey: `profile.${id}.Basics.City`,
        details: { profile },
      });
      expect((await values())[0]?.['Basics.City']).toBe('Nantes');
    });

    it('carries a changed template into every profile', async () => {
      const id = await aTemplate();
      await bind(id, 'user:ana', 'user:ben');
      await edit(id, [city('Paris'), { names: ['Motto'], value: 'Onward', algorithmUpdatable: null }]);
      const metadata: ProfileTree = { Basics: { City: leaf('', false), Name: leaf('nobody') }, Age: leaf('0') };
      expect(await records().profiles.updateTemplate('default', id, { name: 'Persons', metadata }, NOW + 2)).toBe(2);
      const [instance] = await records().profiles.instances(ana);
      expect(fieldsOf(instance?.properties ?? {})).toEqual([
        { names: ['Basics', 'City'], value: 'Paris', algorithmUpdatable: false },
        { names: ['Basics', 'Name'], value: 'nobody', algorithmUpdatable: true },
        { names: ['Age'], value: '0', algorithmUpdatable: true },
      ]);
      expect((await records().memories.list(ana, { kind: 'profile', filter: null, page: 1, size: 10 })).items).toHaveLength(1);
    });

    it('takes the values away with a profile and with its template', async () => {
      const id = await aTemplate();
      await bind(id, 'user:ana', 'user:ben');
      await edit(id, [city('Paris')]);
      await records().profiles.unbind(ana, id, NOW + 2);
      expect(await records().profiles.instances(ana)).toEqual([]);
      expect((await records().memories.list(ana, { kind: 'profile', filter: null, page: 1, size: 10 })).items).toEqual([]);
      await expect(records().profiles.unbind(ana, id, NOW + 3)).rejects.toMatchObject({ code: 'not_found' });
      expect(await records().profiles.deleteTemplate('default', id, NOW + 3)).toBe(1);
      expect(await records().profiles.instances(ben)).toEqual([]);
      await expect(records().profiles.template('default', id)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('knows no template of another project', async () => {
      const id = await aTemplate();
      await records().projects.create('other', NOW);
      const { profiles } = records();
      const elsewhere = { ...ana, projectId: 'other' };
      for (const attempt of [
        () => profiles.template('other', id),
        () => profiles.updateTemplate('other', id, { name: 'x', metadata: {} }, NOW),
        () => profiles.deleteTemplate('other', id, NOW),
        () => profiles.bind('other', [{ subject: 'user:ana', templateId: id }], NOW),
        () => profiles.edit(elsewhere, id, { set: [city('Rome')], remove: [] }, NOW),
        () => profiles.unbind(elsewhere, id, NOW),
      ])
        await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
      expect((await profiles.template('default', id)).name).toBe('People');
    });

    it('forgets the profiles of an erased subject', async () => {
      const id = await aTemplate();
      await bind(id, 'user:ana');
      await edit(id, [city('Paris')]);
      await records().memories.eraseSubject(ana, { keepMessages: false, now: NOW + 2 });
      expect(await records().profiles.instances(ana)).toEqual([]);
      await bind(id, 'user:ana');
      expect((await values())[0]?.['Basics.City']).toBe('');
    });
  });
}
