import { listAt, must, mustRefuse, numberAt, objectOf } from '../engine/expectations.ts';
import { at, type JsonObject, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { count, mustBe, object, oneOf, timeText, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { acceptances, type Base, fields, nulls, type Refusal, refusals } from '../engine/tables.ts';
import { memoriesOf } from './fixtures.ts';
import { ADD, addTemplate, bind, boundProfile, DELETE, GET, leaf, LIST, METADATA, UPDATE } from './profile-fixtures.ts';

const UNKNOWN = 'tpl_no_such_template';
const adding: Base = { prefix: 'template.add', path: ADD, body: (suite) => ({ name: suite.fresh('template'), metadata: METADATA }) };
const deep = { One: { Two: { Three: { Four: leaf('x') } } } };

const METADATA_REFUSALS: readonly Refusal[] = [
  ['metadata.missing', 'a template without metadata', { metadata: undefined }, 40002],
  ['metadata.type', 'a string as metadata', { metadata: 'x' }, 40000],
  ['metadata.list', 'a list as metadata', { metadata: [] }, 40000],
  ['metadata.depth', 'a tree of more than three levels', { metadata: deep }, 40000],
  ['metadata.leaf', 'a leaf that is no object', { metadata: { Basic: { Plan: 'gold' } } }, 40000],
  ['metadata.value', 'a value that is no string', { metadata: { Basic: { Plan: { value: 7 } } } }, 40000],
  [
    'metadata.algorithm_updatable',
    'a word as algorithm_updatable',
    { metadata: { Basic: { Plan: { value: 'x', algorithm_updatable: 'perhaps' } } } },
    40000,
  ],
  ['name.missing', 'a template without name', { name: undefined }, 40002],
  ['name.blank', 'a name of blanks', { name: '   ' }, 40002],
  ['name.type', 'an object as name', { name: {} }, 40000],
];

const templateOf = async (suite: Suite, id: string): Promise<JsonObject> =>
  (await suite.ask(GET, { profile_template_id: id }))['profile_template'] as JsonObject;

export const addProfileTemplate: RuleGroup = {
  endpoint: `POST ${ADD}`,
  rules: [
    ...fields('template.add', async (suite) => [await suite.ask(ADD, await adding.body(suite))], { profile_template_id: words }),
    rule('template.add.new', 'the same body makes another template', async (suite) => {
      const body = await adding.body(suite);
      const [one, other] = [await suite.ask(ADD, body), await suite.ask(ADD, body)];
      must(one['profile_template_id'] !== other['profile_template_id'], `both are ${shown(one)}`);
    }),
    rule('template.add.name.trimmed', 'the name is trimmed', async (suite) => {
      const name = suite.fresh('template');
      const { profile_template_id: id } = await suite.ask(ADD, { name: `  ${name} `, metadata: METADATA });
      must((await templateOf(suite, String(id)))['name'] === name, 'it has blanks');
    }),
    ...acceptances(adding, [
      ['metadata.flat', 'the category may be left out', { metadata: { Plan: leaf('gold') } }],
      ['metadata.three', 'a tree may have three levels', { metadata: { One: { Two: { Three: leaf('x') } } } }],
      ['metadata.unicode', 'keys are free text', { metadata: { 基本信息: { '所在 城市': leaf('广州') } } }],
    ]),
    rule('template.add.algorithm_updatable', 'algorithm_updatable is true by default', async (suite) => {
      const template = await templateOf(suite, await addTemplate(suite, { Basic: { Plan: { value: 'gold' } } }));
      must(at(template, 'metadata.Basic.Plan.algorithm_updatable') === true, `metadata is ${shown(template['metadata'])}`);
    }),
    ...refusals(adding, METADATA_REFUSALS),
  ],
};

const getting: Base = {
  prefix: 'template.get',
  path: GET,
  body: async (suite) => ({ profile_template_id: (await boundProfile(suite)).template }),
};
const SUMMARY = {
  profile_template_id: words,
  name: words,
  project_id: words,
  instance_count: count,
  create_time: timeText,
  update_time: timeText,
};
const ID_REFUSALS: readonly Refusal[] = [
  ['profile_template_id.missing', 'a request without template', { profile_template_id: undefined }, 40002],
  ['profile_template_id.type', 'an object as template', { profile_template_id: {} }, 40000],
  ['profile_template_id.unknown', 'an unknown template', { profile_template_id: UNKNOWN }, 40001],
];

export const getProfileTemplate: RuleGroup = {
  endpoint: `POST ${GET}`,
  rules: [
    ...fields('template.get', async (suite) => [await templateOf(suite, (await boundProfile(suite)).template)], {
      ...SUMMARY,
      metadata: object,
    }),
    rule('template.get.metadata.same', 'metadata is what was sent', async (suite) => {
      const { metadata } = await templateOf(suite, (await boundProfile(suite)).template);
      must(
        at(metadata, 'Basic.Plan.value') === 'gold' && at(metadata, 'Basic.Plan.algorithm_updatable') === false,
        `metadata is ${shown(metadata)}`,
      );
    }),
    rule('template.get.instance_count.one', 'instance_count counts those bound', async (suite) => {
      const [bound, free] = [
        await templateOf(suite, (await boundProfile(suite)).template),
        await templateOf(suite, await addTemplate(suite)),
      ];
      must(
        bound['instance_count'] === 1 && free['instance_count'] === 0,
        `counts are ${shown([bound['instance_count'], free['instance_count']])}`,
      );
    }),
    ...refusals(getting, ID_REFUSALS),
  ],
};

const listing: Base = { prefix: 'template.list', path: LIST, body: () => ({}) };
const listed = async (suite: Suite, more: JsonObject = {}): Promise<readonly JsonObject[]> =>
  listAt(await suite.ask(LIST, more), 'profile_templates');

export const listProfileTemplate: RuleGroup = {
  endpoint: `POST ${LIST}`,
  rules: [
    ...fields(
      'template.list',
      async (suite) => {
        await boundProfile(suite);
        return listed(suite);
      },
      SUMMARY,
    ),
    ...fields('template.list.data', async (suite) => [await suite.ask(LIST, {})], {
      total: count,
      current: oneOf(1),
      size: oneOf(10),
      pages: count,
    }),
    rule('template.list.order', 'the newest comes first', async (suite) => {
      const [older, newer] = [await addTemplate(suite), await addTemplate(suite)];
      const ids = (await listed(suite, { size: 100 })).map(({ profile_template_id: id }) => id);
      must(ids.includes(newer) && ids.indexOf(newer) < ids.indexOf(older), `they come at ${ids.indexOf(newer)} and ${ids.indexOf(older)}`);
    }),
    rule('template.list.page.beyond', 'a page beyond the end is empty, with the true total', async (suite) => {
      await boundProfile(suite);
      const data = await suite.ask(LIST, { page: 9_999 });
      must(listAt(data, 'profile_templates').length === 0 && numberAt(data, 'total') > 0, `data is ${shown(data)}`);
    }),
    rule('template.list.size', 'size limits a page', async (suite) => {
      await boundProfile(suite);
      const found = await listed(suite, { size: 1 });
      must(found.length === 1, `${found.length} came`);
    }),
    ...nulls(listing, ['page', 'size']),
    ...refusals(listing, [
      ['page.zero', '0 as page', { page: 0 }, 40000],
      ['page.type', 'a word as page', { page: 'first' }, 40000],
      ['size.zero', '0 as size', { size: 0 }, 40000],
      ['size.type', 'a word as size', { size: 'all' }, 40000],
    ]),
  ],
};

const updating: Base = {
  prefix: 'template.update',
  path: UPDATE,
  body: async (suite) => ({
    profile_template_id: await suite.once('template to keep', () => addTemplate(suite)),
    name: suite.fresh('template'),
    metadata: METADATA,
  }),
};
const NEXT = { Basic: { Plan: leaf('silver', false), Language: leaf('pt') }, Contact: { Channel: leaf('email') } };

const propertiesOf = async (suite: Suite, user: string): Promise<unknown> =>
  at(listAt(await memoriesOf(suite, user), 'profile_detail_list')[0], 'properties');

export const updateProfileTemplate: RuleGroup = {
  endpoint: `POST ${UPDATE}`,
  rules: [
    ...fields(
      'template.update',
      async (suite) => {
        const { template } = await bind(suite);
        return [await suite.ask(UPDATE, { profile_template_id: template, name: suite.fresh('template'), metadata: NEXT })];
      },
      { success: oneOf(true), profile_template_id: words, affected_instances: oneOf(1) },
    ),
    rule('template.update.instances', 'bound profiles follow: fields come, change and go', async (suite) => {
      const { user, template } = await bind(suite);
      await suite.ask(UPDATE, { profile_template_id: template, name: suite.fresh('template'), metadata: NEXT });
      const properties = await propertiesOf(suite, user);
      const seen = ['Basic.Plan.value', 'Basic.Language.value', 'Basic.City', 'Contact.Channel.value'].map((path) => at(properties, path));
      must(JSON.stringify(seen) === JSON.stringify(['silver', 'pt', undefined, 'email']), `properties are ${shown(properties)}`);
    }),
    ...refusals(updating, [...ID_REFUSALS, ...METADATA_REFUSALS]),
  ],
};

const removing: Base = {
  prefix: 'template.delete',
  path: DELETE,
  body: async (suite) => ({ profile_template_id: await addTemplate(suite) }),
};

export const deleteProfileTemplate: RuleGroup = {
  endpoint: `POST ${DELETE}`,
  rules: [
    ...fields('template.delete', async (suite) => [await suite.ask(DELETE, { profile_template_id: (await bind(suite)).template })], {
      success: oneOf(true),
      profile_template_id: words,
      deleted_instances: oneOf(1),
    }),
    rule('template.delete.gone', 'what is deleted is unknown', async (suite) => {
      const id = await addTemplate(suite);
      objectOf(await suite.post(DELETE, { profile_template_id: id }));
      mustRefuse(await suite.post(GET, { profile_template_id: id }), 40001, suite.isStrict);
    }),
    rule('template.delete.instances', 'the profiles bound to it are gone', async (suite) => {
      const { user, template } = await bind(suite);
      must((await propertiesOf(suite, user)) !== undefined, 'there is none before');
      await suite.ask(DELETE, { profile_template_id: template });
      mustBe('properties', await propertiesOf(suite, user), oneOf(undefined));
    }),
    ...refusals(removing, ID_REFUSALS),
  ],
};
