import { System } from '../system.ts';

const METADATA = {
  Basics: { City: { value: '', algorithm_updatable: true }, Occupation: { value: '' } },
  Motto: { value: 'none yet', algorithm_updatable: false },
};

describe('profiles', () => {
  let system: System;
  let template: string;
  beforeAll(async () => {
    system = await System.start();
    const { body } = await system.post('/add/profile_template', { name: ' People ', metadata: METADATA });
    template = body.data.profile_template_id;
  });
  afterAll(() => system.close());

  const bind = (user: string) => system.post('/bind/profile_template', { bind_list: [{ user_id: user, profile_template_id: template }] });
  const say = (user: string, content: string) => system.remember(user, 'a', [{ role: 'user', content }]);
  const profileOf = async (user: string) =>
    (await system.post('/get/memory', { user_id: user, include_memory_view: ['profile'] })).body.data.profile_detail_list;

  it('fills what is said from the binding on, and nothing that was said before', async () => {
    await say('ana', 'I live in Paris.');
    expect((await bind('ana')).body.data).toEqual({ success: true });
    expect((await profileOf('ana'))[0].properties.Basics.City.value).toBe('');
    await say('ana', 'I moved to Lyon last week. I work as a nurse.');
    expect((await profileOf('ana'))[0]).toMatchObject({
      profile_template_id: template,
      project_id: 'default',
      properties: {
        Basics: { City: { value: 'Lyon', algorithm_updatable: true }, Occupation: { value: 'nurse' } },
        Motto: { value: 'none yet', algorithm_updatable: false },
      },
    });
    await say('ana', 'I moved to Nantes yesterday.');
    expect((await profileOf('ana'))[0].properties.Basics.City.value).toBe('Nantes');
  });

  it('finds fields in a search that asks for them, and in no other', async () => {
    await bind('ben');
    await say('ben', 'I live in Oslo.');
    const query = { user_id: 'ben', query: 'Which city does the profile name?', relativity: 0 };
    const asked = await system.post('/search/memory', { ...query, include_memory_view: ['profile'] });
    expect(asked.body.data.profile_detail_list).toMatchObject([
      {
        memory: 'Basics.City: Oslo',
        memory_type: 'ProfileMemory',
        template_id: template,
        profile_category: 'Basics',
        profile_field: 'City',
        profile_path: 'Basics.City',
        status: 'activated',
        algorithm_updatable: true,
      },
    ]);
    expect(asked.body.data.memory_detail_list).toEqual([]);
    expect((await system.post('/search/memory', query)).body.data.profile_detail_list).toEqual([]);
  });

  it('does not change a locked field, and shows what a caller set', async () => {
    await bind('cid');
    const edit = { user_id: 'cid', profile_template_id: template };
    await system.post('/edit/profile', { ...edit, metadata: { Basics: { City: { value: 'Rome', algorithm_updatable: false } } } });
    await say('cid', 'I live in Oslo.');
    expect((await profileOf('cid'))[0].properties.Basics.City).toEqual({ value: 'Rome', algorithm_updatable: false });
    await system.post('/edit/profile', { ...edit, remove_fields: ['Basics.City'] });
    expect((await profileOf('cid'))[0].properties.Basics).toEqual({ Occupation: { value: '', algorithm_updatable: true } });
    expect((await system.post('/delete/profile', edit)).body.data).toEqual({ success: true });
    expect(await profileOf('cid')).toEqual([]);
  });

  it('carries a changed template into the profiles and takes them away with it', async () => {
    const made = await system.post('/add/profile_template', { name: 'Pets', metadata: { Name: { value: '' }, Kind: { value: 'cat' } } });
    const id = made.body.data.profile_template_id;
    await system.post('/bind/profile_template', {
      bind_list: [
        { user_id: 'dot', profile_template_id: id },
        { user_id: 'eve', profile_template_id: id },
      ],
    });
    const metadata = { Name: { value: '' }, Age: { value: '0' } };
    const updated = await system.post('/update/profile_template', { profile_template_id: id, name: 'Animals', metadata });
    expect(updated.body.data).toEqual({ success: true, profile_template_id: id, affected_instances: 2 });
    expect(Object.keys((await profileOf('dot'))[0].properties)).toEqual(['Name', 'Age']);
    const { body } = await system.post('/get/profile_template', { profile_template_id: id });
    expect(body.data.profile_template).toMatchObject({ name: 'Animals', instance_count: 2, project_id: 'default' });
    const deleted = await system.post('/delete/profile_template', { profile_template_id: id });
    expect(deleted.body.data).toEqual({ success: true, profile_template_id: id, deleted_instances: 2 });
    expect(await profileOf('dot')).toEqual([]);
    expect((await system.post('/get/profile_template', { profile_template_id: id })).body).toMatchObject({ code: 40001, data: null });
  });

  it.each([
    ['add/profile_template', { metadata: METADATA }, 40002, 'name'],
    ['add/profile_template', { name: '  ', metadata: METADATA }, 40002, 'name'],
    ['add/profile_template', { name: 'x' }, 40002, 'metadata'],
    ['add/profile_template', { name: 'x', metadata: {} }, 40003, 'metadata'],
    ['add/profile_template', { name: 'x', metadata: { City: { value: 3 } } }, 40000, 'City'],
    ['add/profile_template', { name: 'x', metadata: { A: { B: { C: { D: { value: '' } } } } } }, 40000, 'metadata.A.B.C'],
    ['bind/profile_template', { bind_list: [] }, 40003, 'bind_list'],
    ['bind/profile_template', { bind_list: [{ profile_template_id: 'tpl_x' }] }, 40002, 'user_id'],
    ['bind/profile_template', { bind_list: [{ user_id: 'a', agent_id: 'b', profile_template_id: 'tpl_x' }] }, 40000, 'agent_id'],
    ['bind/profile_template', { bind_list: [{ user_id: 'a', profile_template_id: 'tpl_x' }] }, 40001, 'template'],
    ['edit/profile', { user_id: 'a', profile_template_id: 'tpl_x' }, 40001, 'template'],
    ['delete/profile', { user_id: 'a' }, 40002, 'profile_template_id'],
    ['list/profile_template', { page: 0 }, 40000, 'page'],
  ])('%s refuses %j with %i and names the field', async (path, body, code, field) => {
    const reply = await system.post(`/${path}`, body);
    expect(reply.body).toMatchObject({ code, message: expect.stringContaining(field), data: null });
  });
});
