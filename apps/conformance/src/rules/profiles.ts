import { listAt, must } from '../engine/expectations.ts';
import { at, type JsonObject, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { mustBe, object, oneOf, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { type Base, fields, type Refusal, refusals } from '../engine/tables.ts';
import { LONG_ID, memoriesOf, says } from './fixtures.ts';
import { addTemplate, BIND, bind, boundProfile, DELETE_PROFILE, EDIT, leaf } from './profile-fixtures.ts';

const UNKNOWN = 'tpl_no_such_template';
const profilesOf = async (suite: Suite, user: string): Promise<readonly JsonObject[]> =>
  listAt(await memoriesOf(suite, user, { include_memory_view: ['profile'] }), 'profile_detail_list');
const valueOf = async (suite: Suite, user: string, path: string): Promise<unknown> =>
  at((await profilesOf(suite, user))[0], `properties.${path}`);

const keep = (suite: Suite): Promise<string> => suite.once('template to bind', () => addTemplate(suite));
const one =
  (change: JsonObject) =>
  async (suite: Suite): Promise<JsonObject> => ({
    bind_list: [{ user_id: suite.fresh(), profile_template_id: await keep(suite), ...change }],
  });
const binding: Base = { prefix: 'bind', path: BIND, body: one({}) };

const BIND_REFUSALS: readonly Refusal[] = [
  ['bind_list.missing', 'a request without list', { bind_list: undefined }, 40002],
  ['bind_list.empty', 'an empty list', { bind_list: [] }, [40002, 40003]],
  ['bind_list.type', 'a string in place of the list', { bind_list: 'x' }, 40000],
  [
    'bind_list.count',
    'more than 20 in a list',
    async (suite) => ({
      bind_list: await Promise.all(
        Array.from({ length: 21 }, async () => ({ user_id: suite.fresh(), profile_template_id: await keep(suite) })),
      ),
    }),
    40000,
  ],
  ['bind_list.user_id.missing', 'neither user nor agent', one({ user_id: undefined }), 40002],
  ['bind_list.user_id.length', 'a user_id of 101 characters', one({ user_id: LONG_ID }), 40010],
  ['bind_list.profile_template_id.missing', 'no template', one({ profile_template_id: undefined }), 40002],
  ['bind_list.profile_template_id.unknown', 'an unknown template', one({ profile_template_id: UNKNOWN }), 40001],
];

export const bindProfileTemplate: RuleGroup = {
  endpoint: `POST ${BIND}`,
  rules: [
    rule('bind.success', 'success is true', async (suite) =>
      mustBe('success', (await suite.ask(BIND, await binding.body(suite)))['success'], oneOf(true)),
    ),
    rule('bind.twenty', '20 may be bound at once', async (suite) => {
      const template = await keep(suite);
      await suite.ask(BIND, { bind_list: Array.from({ length: 20 }, () => ({ user_id: suite.fresh(), profile_template_id: template })) });
    }),
    ...fields('bind.profile', async (suite) => profilesOf(suite, (await boundProfile(suite)).user), {
      id: words,
      project_id: words,
      profile_template_id: words,
      properties: object,
      status: oneOf('activated'),
      created_at: words,
      updated_at: words,
    }),
    rule('bind.instance', 'a bound user has one profile with the values of the template', async (suite) => {
      const { user, template } = await boundProfile(suite);
      const profiles = await profilesOf(suite, user);
      must(profiles.length === 1 && profiles[0]?.['profile_template_id'] === template, `profiles are ${shown(profiles)}`);
      must(at(profiles[0], 'properties.Basic.Plan.value') === 'gold', `properties are ${shown(profiles[0]?.['properties'])}`);
    }),
    rule('bind.others', 'nobody else has it', async (suite) => {
      await boundProfile(suite);
      must((await profilesOf(suite, suite.fresh())).length === 0, 'a stranger has a profile');
    }),
    rule('bind.noBackFill', 'messages of before are not filled in', async (suite) => {
      const user = suite.fresh();
      await suite.remember({ user_id: user, messages: [says('I live in Lisbon.')] });
      await suite.ask(BIND, { bind_list: [{ user_id: user, profile_template_id: await keep(suite) }] });
      const value = await valueOf(suite, user, 'Basic.City.value');
      must(value === '', `the city is ${shown(value)}`);
    }),
    rule('bind.fills', 'a later message fills what is updatable', async (suite) => {
      const { user } = await bind(suite, { Basic: { City: leaf('') } });
      await suite.remember({ user_id: user, messages: [says('I live in Lisbon.')] });
      const value = await valueOf(suite, user, 'Basic.City.value');
      must(String(value).includes('Lisbon'), `the city is ${shown(value)}`);
    }),
    rule('bind.locked', 'a later message does not change what is not updatable', async (suite) => {
      const { user } = await bind(suite, { Basic: { City: leaf('Porto', false) } });
      await suite.remember({ user_id: user, messages: [says('I live in Lisbon.')] });
      const value = await valueOf(suite, user, 'Basic.City.value');
      must(value === 'Porto', `the city is ${shown(value)}`);
    }),
    ...refusals(binding, BIND_REFUSALS),
  ],
};

const editing: Base = {
  prefix: 'edit',
  path: EDIT,
  body: async (suite) => {
    const { user, template } = await suite.once('profile to keep', () => bind(suite));
    return { user_id: user, profile_template_id: template, metadata: { Basic: { City: leaf('Porto') } } };
  },
};
const SUBJECT_REFUSALS: readonly Refusal[] = [
  ['profile_template_id.missing', 'a request without template', { profile_template_id: undefined }, 40002],
  ['profile_template_id.unknown', 'an unknown template', { profile_template_id: UNKNOWN }, 40001],
  ['user_id.missing', 'neither user nor agent', { user_id: undefined }, 40002],
  ['user_id.unbound', 'a user who is not bound', (suite) => ({ user_id: suite.fresh() }), 40001],
  ['user_id.length', 'a user_id of 101 characters', { user_id: LONG_ID }, 40010],
];

async function edited(suite: Suite, change: JsonObject): Promise<{ readonly user: string; readonly answer: JsonObject }> {
  const { user, template } = await bind(suite);
  return { user, answer: await suite.ask(EDIT, { user_id: user, profile_template_id: template, ...change }) };
}

export const editProfile: RuleGroup = {
  endpoint: `POST ${EDIT}`,
  rules: [
    rule('edit.success', 'success is true', async (suite) =>
      mustBe('success', (await edited(suite, { metadata: { Basic: { City: leaf('Porto') } } })).answer['success'], oneOf(true)),
    ),
    rule('edit.metadata', 'what is named is changed, the rest stays', async (suite) => {
      const { user } = await edited(suite, { metadata: { Basic: { City: leaf('Porto') } } });
      const seen = [
        await valueOf(suite, user, 'Basic.City.value'),
        await valueOf(suite, user, 'Basic.Plan.value'),
        await valueOf(suite, user, 'Contact.Channel.value'),
      ];
      must(shown(seen) === '["Porto","gold","email"]', `values are ${shown(seen)}`);
    }),
    rule('edit.lock', 'a field can be locked', async (suite) => {
      const { user } = await edited(suite, { metadata: { Basic: { City: leaf('Porto', false) } } });
      must((await valueOf(suite, user, 'Basic.City.algorithm_updatable')) === false, 'it is not locked');
    }),
    rule('edit.remove_fields', 'a field can be removed', async (suite) => {
      const { user } = await edited(suite, { remove_fields: ['Basic.City'] });
      must((await valueOf(suite, user, 'Basic.City')) === undefined, 'it is there');
      must((await valueOf(suite, user, 'Basic.Plan.value')) === 'gold', 'another is gone');
    }),
    rule('edit.instance', 'another profile of the template stays as it is', async (suite) => {
      const { template } = await bind(suite);
      const [one, other] = [suite.fresh(), suite.fresh()];
      await suite.ask(BIND, { bind_list: [one, other].map((user) => ({ user_id: user, profile_template_id: template })) });
      await suite.ask(EDIT, { user_id: one, profile_template_id: template, metadata: { Basic: { City: leaf('Porto') } } });
      must((await valueOf(suite, other, 'Basic.City.value')) === '', 'it is changed, too');
    }),
    rule('edit.searched', 'the new value is found', async (suite) => {
      const { user } = await edited(suite, { metadata: { Basic: { City: leaf('Porto') } } });
      const query = { user_id: user, query: 'Which city? Basic.City: Porto', include_memory_view: ['profile'], relativity: 0 };
      await suite.eventually(
        () => suite.ask('/search/memory', query),
        (data) => JSON.stringify(data['profile_detail_list']).includes('Porto'),
        'the value is found',
      );
    }),
    ...refusals(editing, [
      ...SUBJECT_REFUSALS,
      ['metadata.type', 'a string as metadata', { metadata: 'x' }, 40000],
      ['metadata.value', 'a value that is no string', { metadata: { Basic: { City: { value: 7 } } } }, 40000],
      ['remove_fields.type', 'a string in place of remove_fields', { remove_fields: 'Basic.City' }, 40000],
    ]),
  ],
};

const deleting: Base = {
  prefix: 'delete.profile',
  path: DELETE_PROFILE,
  body: async (suite) => ({ user_id: suite.fresh(), profile_template_id: await keep(suite) }),
};

export const deleteProfile: RuleGroup = {
  endpoint: `POST ${DELETE_PROFILE}`,
  rules: [
    rule('delete.profile', 'the profile of the user is gone', async (suite) => {
      const { user, template } = await bind(suite);
      mustBe('success', (await suite.ask(DELETE_PROFILE, { user_id: user, profile_template_id: template }))['success'], oneOf(true));
      must((await profilesOf(suite, user)).length === 0, 'it is listed');
    }),
    rule('delete.profile.rebind', 'bound anew, a user has the values of the template again', async (suite) => {
      const { user, template } = await bind(suite);
      await suite.ask(EDIT, { user_id: user, profile_template_id: template, metadata: { Basic: { City: leaf('Porto') } } });
      await suite.ask(DELETE_PROFILE, { user_id: user, profile_template_id: template });
      await suite.ask(BIND, { bind_list: [{ user_id: user, profile_template_id: template }], source: 'again' });
      const value = await valueOf(suite, user, 'Basic.City.value');
      must(value === '', `the city is ${shown(value)}`);
    }),
    ...refusals(deleting, [
      ...SUBJECT_REFUSALS.filter(([id]) => id !== 'user_id.unbound'),
      ['user_id.unbound', 'a user who is not bound', {}, 40001],
    ]),
  ],
};
