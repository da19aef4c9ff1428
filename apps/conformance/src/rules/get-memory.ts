import { listAt, must, mustRefuse, numberAt } from '../engine/expectations.ts';
import { at, type JsonObject, shown } from '../engine/json.ts';
import { type Rule, rule, type RuleGroup } from '../engine/rule.ts';
import { count, epochMs, fraction, mustBe, object, objects, oneOf, text, texts, uuid, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { acceptances, type Base, fields, nulls, type Refusal, refusals } from '../engine/tables.ts';
import { known, listed, LISTS, LONG_ID, memoriesOf, VIEWS } from './fixtures.ts';

const PATH = '/get/memory';
const base: Base = { prefix: 'get.memory', path: PATH, body: (suite) => ({ user_id: suite.fresh() }) };

const REFUSALS: readonly Refusal[] = [
  ['user_id.missing', 'a request for nobody', { user_id: undefined }, 40002],
  ['user_id.length', 'a user_id of 101 characters', { user_id: LONG_ID }, 40010],
  ['user_id.type', 'an object as user_id', { user_id: {} }, 40000],
  ['page.zero', '0 as page', { page: 0 }, 40000],
  ['page.type', 'a word as page', { page: 'first' }, 40000],
  ['current.zero', '0 as current', { current: 0 }, 40000],
  ['size.zero', '0 as size', { size: 0 }, 40000],
  ['size.type', 'a word as size', { size: 'all' }, 40000],
  ['filter.type', 'a string as filter', { filter: 'x' }, 40000],
  ['include_memory_view.unknown', 'an unknown memory view', { include_memory_view: ['dreams'] }, 40000],
  ['include_memory_view.type', 'a string in place of include_memory_view', { include_memory_view: 'event' }, 40000],
  ['include_preference.type', 'a word as include_preference', { include_preference: 'perhaps' }, 40000],
  ['include_tool_memory.type', 'a word as include_tool_memory', { include_tool_memory: 'perhaps' }, 40000],
];

const accepted = acceptances(base, [
  [
    'size.above',
    'a size above 50 is lowered to 50, not refused',
    { size: 500 },
    (data) => must(data['size'] === 50, `size is ${shown(data['size'])}`),
  ],
  ['size.default', 'the default of size is 10', {}, (data) => must(data['size'] === 10, `size is ${shown(data['size'])}`)],
  ['page.default', 'the default of page is 1', {}, (data) => must(data['current'] === 1, `current is ${shown(data['current'])}`)],
  ['unknown', 'a user without memories has a total of 0', {}, (data) => must(data['total'] === 0, `total is ${shown(data['total'])}`)],
  ['include_memory_view.all', 'every memory view may be asked for', { include_memory_view: VIEWS }],
]);

const items =
  (list: string) =>
  async (suite: Suite): Promise<readonly JsonObject[]> =>
    listAt(await listed(suite), list);
const sources = async (suite: Suite): Promise<readonly JsonObject[]> =>
  (await items('memory_detail_list')(suite)).flatMap((item) => listAt(item, 'sources'));
const idsOn = async (suite: Suite, more: JsonObject): Promise<readonly unknown[]> =>
  listAt(await memoriesOf(suite, (await known(suite)).user, more), 'memory_detail_list').map(({ id }) => id);

const DATED = { create_time: epochMs, update_time: epochMs, conversation_id: text, status: oneOf('activated') };
const shapes: readonly Rule[] = [
  ...fields('get.memory.memory_detail_list', items('memory_detail_list'), {
    id: uuid,
    memory_key: words,
    memory_value: words,
    memory_type: oneOf('WorkingMemory', 'LongTermMemory', 'UserMemory'),
    ...DATED,
    confidence: fraction,
    tags: texts,
    sources: objects,
    info: object,
  }),
  ...fields('get.memory.preference_detail_list', items('preference_detail_list'), {
    id: uuid,
    preference_type: oneOf('explicit_preference', 'implicit_preference'),
    preference: words,
    reasoning: text,
    ...DATED,
    sources: objects,
    info: object,
  }),
  ...fields('get.memory.sources', sources, { role: words, content: words }),
  ...fields('get.memory.data', async (suite) => [await listed(suite)], { total: count, size: count, current: count, pages: count }),
  ...LISTS.map((list) =>
    rule(`get.memory.${list}.empty`, `${list} is a list also when there is nothing`, async (suite) =>
      mustBe(list, (await suite.ask(PATH, await base.body(suite)))[list], objects),
    ),
  ),
];

const paging: readonly Rule[] = [
  rule('get.memory.page', 'pages follow each other without gap or repetition', async (suite) => {
    const all = await idsOn(suite, {});
    const paged = [
      ...(await idsOn(suite, { size: 1, page: 1 })),
      ...(await idsOn(suite, { size: 1, page: 2 })),
      ...(await idsOn(suite, { size: 1, page: 3 })),
    ];
    must(all.length >= 3 && shown(paged, 999) === shown(all.slice(0, 3), 999), `the pages are ${shown(paged)} of ${shown(all)}`);
  }),
  rule('get.memory.current.alias', 'current in a request means page', async (suite) => {
    const [byPage, byCurrent] = [await idsOn(suite, { size: 1, page: 2 }), await idsOn(suite, { size: 1, current: 2 })];
    must(byPage.length === 1 && byPage[0] === byCurrent[0], `page 2 is ${shown(byPage)}, current 2 is ${shown(byCurrent)}`);
  }),
  rule('get.memory.current', 'current in an answer is the page', async (suite) => {
    const data = await memoriesOf(suite, (await known(suite)).user, { size: 1, page: 2 });
    must(data['current'] === 2 && data['size'] === 1, `current and size are ${shown([data['current'], data['size']])}`);
  }),
  rule('get.memory.size', 'size applies to each view', async (suite) => {
    const data = await memoriesOf(suite, (await known(suite)).user, { size: 1 });
    for (const list of ['memory_detail_list', 'preference_detail_list'])
      must(listAt(data, list).length === 1, `${listAt(data, list).length} in ${list}`);
  }),
  rule('get.memory.size.string', 'size and page may be numeric strings', async (suite) => {
    const seen = await idsOn(suite, { size: '1', page: '2' });
    must(seen.length === 1, `${seen.length} came`);
  }),
  rule('get.memory.total', "total is the greatest of the views' totals, and pages follow from it", async (suite) => {
    const all = await listed(suite);
    const greatest = Math.max(...LISTS.map((list) => listAt(all, list).length));
    const data = await memoriesOf(suite, (await known(suite)).user, { size: 2 });
    must(
      data['total'] === greatest && data['pages'] === Math.ceil(greatest / 2),
      `total and pages are ${shown([data['total'], data['pages']])} of ${greatest}`,
    );
  }),
  rule('get.memory.page.beyond', 'a page beyond the end is empty, with the true totals', async (suite) => {
    const data = await memoriesOf(suite, (await known(suite)).user, { size: 10, page: 99 });
    must(
      LISTS.every((list) => listAt(data, list).length === 0),
      'there are items',
    );
    must(numberAt(data, 'total') === numberAt(await listed(suite), 'total'), `total is ${shown(data['total'])}`);
  }),
  rule('get.memory.order', 'the newest update comes first', async (suite) => {
    const times = (await items('memory_detail_list')(suite)).map((item) => numberAt(item, 'update_time'));
    must(times.length > 1 && times.every((time, index) => index === 0 || time <= times[index - 1]!), `times are ${shown(times)}`);
  }),
];

const viewRule = (id: string, checks: string, change: JsonObject, facts: boolean, preferences: boolean): Rule =>
  rule(`get.memory.${id}`, checks, async (suite) => {
    const data = await memoriesOf(suite, (await known(suite)).user, change);
    must(listAt(data, 'memory_detail_list').length > 0 === facts, `${listAt(data, 'memory_detail_list').length} facts came`);
    must(
      listAt(data, 'preference_detail_list').length > 0 === preferences,
      `${listAt(data, 'preference_detail_list').length} preferences came`,
    );
  });

const views: readonly Rule[] = [
  viewRule('include_memory_view.default', 'by default every view is listed', {}, true, true),
  viewRule('include_memory_view.facts', 'of detail_factual only facts come', { include_memory_view: ['detail_factual'] }, true, false),
  viewRule('include_memory_view.preferences', 'of preference only preferences come', { include_memory_view: ['preference'] }, false, true),
  viewRule('include_preference.false', 'include_preference false leaves preferences out', { include_preference: false }, true, false),
  rule('get.memory.sources.first', 'sources are the messages a memory rests on', async (suite) => {
    const lisbon = (await items('memory_detail_list')(suite)).find((item) => String(item['memory_value']).includes('Lisbon'));
    must(lisbon !== undefined, 'no memory says Lisbon');
    must(
      listAt(lisbon, 'sources').some((source) => String(source['content']).includes('I live in Lisbon.')),
      `sources are ${shown(lisbon['sources'])}`,
    );
  }),
  rule('get.memory.user_id.isolated', 'another user of the project has none of them', async (suite) => {
    const data = await memoriesOf(suite, suite.fresh());
    must(numberAt(data, 'total') === 0 && LISTS.every((list) => listAt(data, list).length === 0), `there are ${shown(data)}`);
  }),
  rule('get.memory.agent_id.alone', 'agent_id alone is a subject, or refused where agents are none', async (suite) => {
    const reply = await suite.post(PATH, { agent_id: suite.fresh('agent') });
    if (at(reply.body, 'code') !== 0) mustRefuse(reply, [40000, 40002], suite.isStrict);
    else must(numberAt(at(reply.body, 'data'), 'total') === 0, 'an agent nobody named has memories');
  }),
];

export const getMemory: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [
    ...shapes,
    ...paging,
    ...views,
    ...refusals(base, REFUSALS),
    ...nulls(base, ['page', 'current', 'size', 'filter', 'include_memory_view', 'include_preference', 'include_tool_memory', 'agent_id']),
    ...accepted,
  ],
};
