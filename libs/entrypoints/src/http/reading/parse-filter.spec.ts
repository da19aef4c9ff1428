import { parseFilter, parseSourceFilters } from './parse-filter.ts';

const lenient = (filter: Record<string, unknown>) => parseFilter(filter, { strict: false, timeZone: 'Asia/Shanghai' });
const strict = (filter: Record<string, unknown>) => parseFilter(filter, { strict: true, timeZone: 'Asia/Shanghai' });
const app = { op: 'equals', field: { name: 'app_id' }, value: 'shop' };
const agent = { op: 'equals', field: { name: 'agent_id' }, value: 'guide' };
const price = (op: string, value: number) => ({ op, field: { name: 'info', key: 'price' }, value });
const scene = { op: 'equals', field: { name: 'info', key: 'scene' }, value: 'chat' };

describe('parseFilter', () => {
  it.each([
    ['a flat root', { scene: 'chat' }, scene],
    ['a key of info by its long name', { 'info.scene': 'chat' }, scene],
    ['one condition in a group', { and: [{ app_id: 'shop' }] }, app],
    ['several', { and: [{ app_id: 'shop' }, { scene: 'chat' }] }, { op: 'and', of: [app, scene] }],
    ['an or', { or: [{ app_id: 'shop' }, { agent_id: 'guide' }] }, { op: 'or', of: [app, agent] }],
    [
      'an or inside an and',
      { and: [{ or: [{ app_id: 'shop' }, { scene: 'chat' }] }, { agent_id: 'guide' }] },
      { op: 'and', of: [{ op: 'or', of: [app, scene] }, agent] },
    ],
    ['the source user', { user: { and: [{ app_id: 'shop' }, { agent_id: 'guide' }] } }, { op: 'and', of: [app, agent] }],
    ['the source user around a flat root', { user: { app_id: 'shop' } }, app],
    ['several fields at a flat root', { app_id: 'shop', scene: 'chat' }, { op: 'and', of: [app, scene] }],
    ['a tag as a bare string', { tags: 'tea' }, { op: 'contains', field: { name: 'tags' }, value: 'tea' }],
    ['a tag it contains', { tags: { contains: 'tea' } }, { op: 'contains', field: { name: 'tags' }, value: 'tea' }],
    ['one tag of several', { tags: { in: ['tea', 'milk'] } }, { op: 'in', field: { name: 'tags' }, values: ['tea', 'milk'] }],
    ['like', { scene: { like: 'CH' } }, { op: 'like', field: { name: 'info', key: 'scene' }, value: 'CH' }],
    ['an equals sign', { scene: { '=': 'chat' } }, scene],
    ['a number', { price: 5 }, { op: 'equals', field: { name: 'info', key: 'price' }, value: 5 }],
    ['a truth', { paid: true }, { op: 'equals', field: { name: 'info', key: 'paid' }, value: true }],
    ['a comparison of info', { price: { gt: 5 } }, { op: 'gt', field: { name: 'info', key: 'price' }, value: 5 }],
    [
      'a range of times in one condition',
      { create_time: { gte: '2026-03-01', lt: '2026-04-01 08:00:00' } },
      {
        op: 'and',
        of: [
          { op: 'gte', field: { name: 'create_time' }, value: Date.UTC(2026, 1, 28, 16) },
          { op: 'lt', field: { name: 'create_time' }, value: Date.UTC(2026, 3, 1) },
        ],
      },
    ],
    [
      'another name of a time',
      { updated_at: { gt: 1_795_000_000_000 } },
      { op: 'gt', field: { name: 'update_time' }, value: 1_795_000_000_000 },
    ],
    [
      'any of several it is related to',
      { related_id: ['ana', 'ben'] },
      { op: 'in', field: { name: 'related_id' }, values: ['ana', 'ben'] },
    ],
    ['one it is related to', { related_id: 'ana' }, { op: 'equals', field: { name: 'related_id' }, value: 'ana' }],
    ['several operators in one condition', { price: { gt: 5, lte: 7 } }, { op: 'and', of: [price('gt', 5), price('lte', 7)] }],
    ['unused members of the grammar', { and: [{ app_id: 'shop' }], or: null, agent: null }, app],
    ['a label that is called user', { user: 'ben' }, { op: 'equals', field: { name: 'info', key: 'user' }, value: 'ben' }],
  ])('reads %s', (_what, filter, expected) => {
    expect(lenient(filter)).toEqual(expected);
  });

  it.each([
    ['a condition', { scene: null }],
    ['a condition in a group', { and: [{ scene: null }] }],
    ['a member of a group', { and: [null] }],
    ['a condition of a source', { user: { scene: null } }],
  ])('refuses %s that is null, because an unset variable must not find everything', (_what, filter) => {
    expect(() => lenient(filter)).toThrow(/filter/);
  });

  it.each([
    ['nothing', {}],
    ['nothing for the user', { user: {} }],
    ['a group of nothing', { and: [{}] }],
    ['an unused group', { and: null }],
  ])('takes %s for no filter, unless strict', (_what, filter) => {
    expect(lenient(filter)).toBeNull();
    expect(() => strict(filter)).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(/^filter.* must not be empty\.$/u) }),
    );
  });

  it('takes __proto__ for a field like any other', () => {
    const condition = { op: 'equals', field: { name: 'info', key: '__proto__' }, value: 'x' };
    expect(lenient(JSON.parse('{"__proto__": "x"}') as Record<string, unknown>)).toEqual(condition);
    expect(lenient(JSON.parse('{"or": [{"__proto__": "x"}]}') as Record<string, unknown>)).toEqual(condition);
  });

  it('takes one field only at a flat root when strict', () => {
    expect(() => strict({ app_id: 'a', scene: 'b' })).toThrow('filter must be {"and": […]}');
  });

  it.each([
    ['an empty and', { and: [] }, 'filter.and must not be empty.'],
    ['an and that is no list', { and: { app_id: 'a' } }, 'filter.and must be a list'],
    ['a group beside a field', { and: [{ app_id: 'a' }], app_id: 'a' }, 'filter must hold either'],
    ['both groups', { and: [{ app_id: 'a' }], or: [{ app_id: 'b' }] }, 'filter must hold either'],
    ['four levels', { and: [{ or: [{ and: [{ or: [{ a: 1 }] }] }] }] }, 'filter.and[0].or[0].and[0] is nested deeper than 3'],
    ['a string in a group', { and: ['app'] }, 'filter.and[0] must be an object'],
    ['two fields in one condition', { and: [{ app_id: 'a', agent_id: 'b' }] }, 'filter.and[0] must name exactly one field'],
    ['an unknown operator', { and: [{ app_id: { ne: 'a' } }] }, 'filter.and[0].app_id.ne is no operator'],
    ['no operator', { app_id: {} }, 'filter.app_id must not be empty'],
    ['a list where a value stands', { scene: ['a'] }, 'filter.scene must be a single value'],
    ['a blank value', { scene: ' ' }, 'filter.scene must not be blank'],
    ['a blank tag', { tags: { contains: '' } }, 'filter.tags.contains must not be blank'],
    ['a number for a tag', { tags: 5 }, 'filter.tags must be a string'],
    ['a number for an app', { app_id: 5 }, 'filter.app_id must be a string'],
    ['an object for a value', { scene: { '=': {} } }, 'filter.scene.= must be a string'],
    ['an empty in', { scene: { in: [] } }, 'filter.scene.in must not be empty'],
    ['a string for in', { scene: { in: 'a' } }, 'filter.scene.in must be a list'],
    ['a list in a list', { scene: { in: [['a']] } }, 'filter.scene.in[0] must be a string'],
    ['a comparison of tags', { tags: { gt: 'a' } }, 'filter.tags.gt does not apply'],
    ['a comparison with a truth', { price: { gt: true } }, 'filter.price.gt must be a string or a number'],
    ['a time in words', { create_time: { gt: 'yesterday' } }, 'filter.create_time.gt must be a date'],
    ['a day that does not exist', { create_time: { gt: '2026-02-30' } }, 'filter.create_time.gt must be a date'],
    ['contains of a time', { create_time: { contains: '2026' } }, 'filter.create_time.contains does not apply'],
    ['a misspelt time', { creation_time: { gt: '2026-01-01' } }, 'filter.creation_time is no time field'],
    ['a user in the filter', { user_id: 'ben' }, 'filter.user_id cannot be filtered by'],
    ['a source beside a field', { user: { app_id: 'a' }, app_id: 'b' }, 'filter.app_id must not stand beside a source'],
    ['an empty list of those it is related to', { related_id: [] }, 'filter.related_id must not be empty'],
    ['a number it is related to', { related_id: [5] }, 'filter.related_id[0] must be a string'],
    ['another source where one alone is read', { public: { app_id: 'a' } }, 'filter.public has no meaning here'],
    ['another source beside it', { user: { app_id: 'a' }, knowledgebase: { tags: 'b' } }, 'filter.knowledgebase has no meaning here'],
    ['a nameless key', { 'info.': 'a' }, 'filter.info. must name a field'],
    ['too many conditions', { or: Array.from({ length: 101 }, (_, n) => ({ n })) }, 'filter must have at most 100'],
    [
      'too much to compare with',
      { or: Array.from({ length: 11 }, () => ({ scene: { gt: 'x'.repeat(10_000) } })) },
      'filter must have at most 100000 characters',
    ],
  ])('refuses %s, naming it', (_what, filter, message) => {
    expect(() => lenient(filter)).toThrow(expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(message) }));
  });

  it('reads the source it is asked for', () => {
    const settings = { strict: false, timeZone: 'UTC' };
    expect(parseFilter({ agent: { app_id: 'shop' } }, settings, 'agent')).toEqual(app);
    expect(parseFilter({ app_id: 'shop' }, settings, 'agent')).toEqual(app);
    expect(() => parseFilter({ user: { app_id: 'shop' } }, settings, 'agent')).toThrow('filter.user has no meaning here');
  });
});

describe('parseSourceFilters', () => {
  const settings = { strict: false, timeZone: 'UTC' };
  const reach = { knowledgeBases: true };
  const none = { user: null, agent: null, public: null, knowledgebase: null };

  it('gives a global filter to every source', () => {
    expect(parseSourceFilters({ app_id: 'shop' }, settings, reach)).toEqual({ user: app, agent: app, public: app, knowledgebase: app });
    expect(parseSourceFilters(undefined, settings, reach)).toEqual(none);
  });

  it('gives each source its own, and leaves the others as they are', () => {
    const filter = { user: { app_id: 'shop' }, public: { and: [{ agent_id: 'guide' }] }, knowledgebase: { or: [{ scene: 'chat' }] } };
    expect(parseSourceFilters(filter, settings, reach)).toEqual({ user: app, agent: null, public: agent, knowledgebase: scene });
    expect(parseSourceFilters({ agent: { app_id: 'shop' }, user: null }, settings, reach)).toEqual({ ...none, agent: app });
  });

  it('refuses a filter for knowledge bases where none is searched', () => {
    expect(() => parseSourceFilters({ knowledgebase: { tags: 'a' } }, settings, { knowledgeBases: false })).toThrow(
      'filter.knowledgebase needs knowledgebase_ids',
    );
  });

  it('counts the conditions of all sources together', () => {
    const many = { or: Array.from({ length: 60 }, (_, n) => ({ n })) };
    expect(() => parseSourceFilters({ user: many, public: many }, settings, reach)).toThrow('at most 100');
  });
});
