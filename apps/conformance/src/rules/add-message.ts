import { dataOf, listAt, must, textAt } from '../engine/expectations.ts';
import { isObject, type JsonObject, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { boolean, mustBe, oneOf, uuid } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { acceptances, type Base, fields, nulls, type Refusal, refusals } from '../engine/tables.ts';
import { known, LONG_ID, LONGEST_ID, memoriesOf, messagesOf, says, tokens, VIEWS, wordsOf } from './fixtures.ts';

const PATH = '/add/message';
const base: Base = {
  prefix: 'add',
  path: PATH,
  body: (suite) => ({ user_id: suite.fresh(), conversation_id: suite.fresh('conversation'), messages: [says('I live in Oslo.')] }),
};
const many = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `member-${index}`);

const REFUSALS: readonly Refusal[] = [
  ['user_id.missing', 'neither user_id nor agent_id', { user_id: undefined }, 40002],
  ['user_id.empty', 'an empty user_id', { user_id: '' }, 40002],
  ['user_id.length', 'a user_id of 101 characters', { user_id: LONG_ID }, 40010],
  ['user_id.type', 'an object as user_id', { user_id: {} }, 40000],
  ['user_id.list.count', 'more than 20 user ids', { user_id: many(21) }, 40000],
  ['user_id.list.type', 'a list of user ids that are objects', { user_id: [{}] }, 40000],
  ['user_id.list.length', 'a list with a user id of 101 characters', { user_id: [LONG_ID] }, 40010],
  ['agent_id.type', 'an object as agent_id', { agent_id: {} }, 40000],
  ['agent_id.list.count', 'more than 20 agent ids', { agent_id: many(21) }, 40000],
  ['conversation_id.length', 'a conversation_id of 101 characters', { conversation_id: LONG_ID }, 40011],
  ['conversation_id.type', 'an object as conversation_id', { conversation_id: {} }, 40000],
  ['messages.missing', 'a request without messages', { messages: undefined }, 40002],
  ['messages.empty', 'an empty list of messages', { messages: [] }, [40002, 40003]],
  ['messages.string', 'a string in place of the messages', { messages: 'I live in Oslo.' }, 40000],
  ['messages.object', 'an object in place of the messages', { messages: says('I live in Oslo.') }, 40000],
  ['messages.items', 'a string as message', { messages: ['I live in Oslo.'] }, 40000],
  ['messages.length', 'messages of more than 40,000 tokens together', { messages: [says(tokens(40_000))] }, 40013],
  ['tags.type', 'a string in place of tags', { tags: 'travel' }, 40000],
  ['tags.items', 'an object as tag', { tags: [{}] }, 40000],
  ['info.type', 'a string in place of info', { info: 'x' }, 40000],
  ['info.list', 'a list in place of info', { info: [] }, 40000],
  ['app_id.type', 'an object as app_id', { app_id: {} }, 40000],
  ['async_mode.type', 'a word as async_mode', { async_mode: 'perhaps' }, 40000],
  ['allow_public.type', 'a word as allow_public', { allow_public: 'perhaps' }, 40000],
  [
    'allow_knowledgebase_ids.type',
    'a string in place of allow_knowledgebase_ids',
    { allow_knowledgebase_ids: 'base-no-such' },
    [40000, 50123],
  ],
  ['allow_knowledgebase_ids.unknown', 'a knowledge base that is not linked', { allow_knowledgebase_ids: ['base-no-such'] }, 50123],
  ['allow_memory_view.unknown', 'an unknown memory view', { allow_memory_view: ['dreams'] }, 40000],
  ['allow_memory_view.type', 'a string in place of allow_memory_view', { allow_memory_view: 'event' }, 40000],
  ['custom_extract_prompt.type', 'a string in place of custom_extract_prompt', { custom_extract_prompt: 'all' }, 40000],
];

const OPTIONAL = [
  'agent_id',
  'conversation_id',
  'app_id',
  'tags',
  'info',
  'allow_public',
  'allow_knowledgebase_ids',
  'allow_memory_view',
  'custom_extract_prompt',
  'async_mode',
  'source',
  'asyncMode',
] as const;

const accepted = acceptances(base, [
  ['user_id.longest', 'a user_id of 100 characters is accepted', { user_id: LONGEST_ID }],
  ['conversation_id.longest', 'a conversation_id of 100 characters is accepted', { conversation_id: LONGEST_ID }],
  ['conversation_id.optional', 'conversation_id may be left out', { conversation_id: undefined }],
  ['agent_id.label', 'agent_id beside user_id is a label', { agent_id: 'planner' }],
  ['source.accepted', 'source is accepted', { source: 'sdk' }],
  ['info.nested', 'info may hold any JSON', { info: { a: { b: [1, null, { c: true }] }, d: 4.5 } }],
  ['allow_knowledgebase_ids.empty', 'allow_knowledgebase_ids may be empty', { allow_knowledgebase_ids: [] }],
  ['allow_memory_view.all', 'every memory view may be allowed', { allow_memory_view: VIEWS }],
  [
    'custom_extract_prompt.accepted',
    'custom_extract_prompt may have a text for every view, image and document',
    { custom_extract_prompt: Object.fromEntries([...VIEWS, 'image', 'document'].map((key) => [key, 'Keep names.'])) },
  ],
  [
    'async_mode.default',
    'without async_mode the task is running',
    {},
    (data) => mustBe('status', data['status'], oneOf('running', 'completed')),
  ],
  [
    'async_mode.false',
    'async_mode false answers when all is done',
    { async_mode: false },
    (data) => mustBe('status', data['status'], oneOf('completed')),
  ],
  ['asyncMode.alias', 'asyncMode means async_mode', { asyncMode: false }, (data) => mustBe('status', data['status'], oneOf('completed'))],
  ['async_mode.string', '"false" means false', { async_mode: 'false' }, (data) => mustBe('status', data['status'], oneOf('completed'))],
  ['user_id.list', 'a list of one user id is accepted', (suite) => ({ user_id: [suite.fresh()] })],
]);

const added = (suite: Suite): Promise<JsonObject> => suite.once('added', async () => suite.ask(PATH, await base.body(suite)));

const answer = fields('add.data', async (suite) => [await added(suite)], {
  success: oneOf(true),
  task_id: uuid,
  status: oneOf('running', 'completed', 'failed'),
});

/** What is kept of the write: told by the memories, which are mined. */
const kept = [
  rule('add.messages.kept', 'the messages can be read at once', async (suite) => {
    const body = { user_id: suite.fresh(), conversation_id: suite.fresh('conversation'), messages: [says('My cat is called Miso.')] };
    await suite.ask(PATH, body);
    const messages = await messagesOf(suite, body.user_id, body.conversation_id);
    must(messages.length === 1 && messages[0]?.['content'] === 'My cat is called Miso.', `messages are ${shown(messages)}`);
  }),
  rule('add.messages.mined', 'what was said becomes a memory', async (suite) => {
    const found = wordsOf(await memoriesOf(suite, (await known(suite)).user));
    for (const word of ['Lisbon', 'nurse', 'peanuts']) must(found.includes(word), `no memory says ${word}`);
  }),
  rule('add.tags.kept', 'a memory has a tag of its write', async (suite) => {
    const facts = listAt(await memoriesOf(suite, (await known(suite)).user), 'memory_detail_list');
    must(
      facts.some(({ tags }) => Array.isArray(tags) && tags.includes('travel')),
      `no memory is tagged travel: ${shown(facts.map(({ tags }) => tags))}`,
    );
  }),
  rule('add.info.kept', 'every memory has the info of its write, nested values too', async (suite) => {
    const { user, first } = await known(suite);
    const facts = listAt(await memoriesOf(suite, user), 'memory_detail_list').filter((fact) => fact['conversation_id'] === first);
    must(facts.length > 0, 'no memory of the conversation is listed');
    for (const { info } of facts) {
      must(
        isObject(info) && info['scene'] === 'booking' && JSON.stringify(info['nested']) === '{"deep":{"leaf":[1]}}',
        `info is ${shown(info)}`,
      );
    }
  }),
  rule('add.conversation_id.generated', 'without conversation_id the memories have one made by the server', async (suite) => {
    const user = suite.fresh();
    await suite.remember({ user_id: user, messages: [says('I live in Oslo.')] });
    const [fact] = listAt(await memoriesOf(suite, user), 'memory_detail_list');
    must(textAt(fact, 'conversation_id') !== '', 'conversation_id is empty');
  }),
  rule('add.allow_memory_view.limits', 'only allowed views are extracted', async (suite) => {
    const user = suite.fresh();
    await suite.remember({
      user_id: user,
      allow_memory_view: ['preference'],
      messages: [says('I live in Oslo.'), says('I prefer aisle seats.')],
    });
    const data = await memoriesOf(suite, user);
    must(listAt(data, 'preference_detail_list').length > 0, 'the preference is missing');
    must(listAt(data, 'memory_detail_list').length === 0, `facts came: ${shown(data['memory_detail_list'])}`);
  }),
  rule('add.repeat', 'the same body sent again stores nothing twice', async (suite) => {
    const body = await base.body(suite);
    const [first, second] = [await suite.ask(PATH, body), await suite.ask(PATH, body)];
    const messages = await messagesOf(suite, textAt(body, 'user_id'), textAt(body, 'conversation_id'));
    must(messages.length === 1, `${messages.length} messages are stored`);
    must(first['task_id'] === second['task_id'], `the tasks are ${shown([first['task_id'], second['task_id']])}`);
  }),
  rule('add.async.lasting', 'what was added in the background is found once its task is completed', async (suite) => {
    const user = suite.fresh();
    const { task_id: taskId } = await suite.ask(PATH, { user_id: user, messages: [says('I live in Reykjavik.')] });
    await suite.finished(String(taskId));
    const found = wordsOf(await suite.ask('/search/memory', { user_id: user, query: 'Where do I live? Reykjavik', relativity: 0 }));
    must(found.includes('Reykjavik'), `found ${shown(found)}`);
  }),
  rule('add.duplicate', 'what is said again in another conversation is one memory', async (suite) => {
    const user = suite.fresh();
    for (const name of ['one', 'two']) {
      await suite.remember({ user_id: user, conversation_id: suite.fresh(name), messages: [says('I am allergic to peanuts.')] });
    }
    const facts = listAt(await memoriesOf(suite, user), 'memory_detail_list');
    must(facts.length === 1, `there are ${shown(facts.map((fact) => fact['memory_value']))}`);
  }),
  rule('add.contradiction', 'a newer statement takes the place of the older one', async (suite) => {
    const user = suite.fresh();
    for (const city of ['Lisbon', 'Vienna']) {
      await suite.remember({ user_id: user, conversation_id: suite.fresh(city), messages: [says(`I live in ${city}.`)] });
    }
    const values = listAt(await memoriesOf(suite, user), 'memory_detail_list').map((fact) => String(fact['memory_value']));
    must(
      values.some((value) => value.includes('Vienna')),
      `there are ${shown(values)}`,
    );
    must(!values.some((value) => value.includes('Lisbon') && !value.includes('Vienna')), `there are ${shown(values)}`);
  }),
  rule('add.refused.storesNothing', 'a refused request stores none of its messages', async (suite) => {
    const body = {
      user_id: suite.fresh(),
      conversation_id: suite.fresh('conversation'),
      messages: [says('I live in Oslo.'), { role: 'wizard', content: 'x' }],
    };
    const reply = await suite.post(PATH, body);
    must(reply.status === 400, `HTTP ${reply.status}`);
    must((await messagesOf(suite, body.user_id, body.conversation_id)).length === 0, 'a message is stored');
  }),
  rule('add.success.boolean', 'success is the boolean true', async (suite) => mustBe('success', (await added(suite))['success'], boolean)),
  rule('add.messages.limit', 'messages of 20,000 words together are accepted', async (suite) => {
    // Half of the limit in words, because tokenizers differ; in the role that makes no facts.
    dataOf(
      await suite.post(PATH, {
        ...(await base.body(suite)),
        messages: [{ role: 'system', content: 'memory '.repeat(20_000) }, says('I live in Oslo.')],
      }),
    );
  }),
];

export const addMessage: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [...answer, ...refusals(base, REFUSALS), ...nulls(base, OPTIONAL), ...accepted, ...kept],
};
