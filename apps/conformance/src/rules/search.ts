import { dataOf, listAt, must, mustRefuse, numberAt } from '../engine/expectations.ts';
import { at, type JsonObject, shown } from '../engine/json.ts';
import { type Rule, rule, type RuleGroup } from '../engine/rule.ts';
import { mustBe, objects, oneOf, text, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { acceptances, type Base, nulls, type Refusal, refusals } from '../engine/tables.ts';
import { known, LISTS, LONG_ID, says, searched, searchKnown, tokens, VIEWS } from './fixtures.ts';

const PATH = '/search/memory';
const base: Base = { prefix: 'search', path: PATH, body: (suite) => ({ user_id: suite.fresh(), query: 'Where do I live?' }) };
const LIMITS = ['memory_limit_number', 'preference_limit_number', 'tool_memory_limit_number', 'skill_limit_number'] as const;
const SWITCHES = ['include_preference', 'include_tool_memory', 'include_skill'] as const;

const REFUSALS: readonly Refusal[] = [
  ['query.missing', 'a search without query', { query: undefined }, 40002],
  ['query.empty', 'an empty query', { query: '' }, 40002],
  ['query.blank', 'a query of blanks', { query: '  ' }, 40002],
  ['query.type', 'an object as query', { query: {} }, 40000],
  ['query.length', 'a query of more than 40,000 tokens', { query: tokens(40_000) }, 40305],
  ['user_id.missing', 'a search of nobody', { user_id: undefined }, 40002],
  ['user_id.length', 'a user_id of 101 characters', { user_id: LONG_ID }, 40010],
  ['user_id.type', 'a list of users', { user_id: ['a', 'b'] }, 40000],
  ['conversation_id.length', 'a conversation_id of 101 characters', { conversation_id: LONG_ID }, 40011],
  ['conversation_id.type', 'an object as conversation_id', { conversation_id: {} }, 40000],
  ['relativity.above', 'a relativity above 1', { relativity: 1.01 }, 40012],
  ['relativity.below', 'a relativity below 0', { relativity: -0.01 }, 40012],
  ['relativity.type', 'a word as relativity', { relativity: 'high' }, 40000],
  ...LIMITS.flatMap((field): readonly Refusal[] => [
    [`${field}.zero`, `0 as ${field}`, { [field]: 0 }, 40000],
    [`${field}.negative`, `a negative ${field}`, { [field]: -1 }, 40000],
    [`${field}.type`, `a word as ${field}`, { [field]: 'many' }, 40000],
  ]),
  ...SWITCHES.map((field): Refusal => [`${field}.type`, `a word as ${field}`, { [field]: 'perhaps' }, 40000]),
  ['include_memory_view.unknown', 'an unknown memory view', { include_memory_view: ['dreams'] }, 40000],
  ['include_memory_view.type', 'a string in place of include_memory_view', { include_memory_view: 'event' }, 40000],
  ['knowledgebase_ids.type', 'a string in place of knowledgebase_ids', { knowledgebase_ids: 'base-no-such' }, [40000, 50123]],
  ['knowledgebase_ids.unlinked', 'a knowledge base that is not linked', { knowledgebase_ids: ['base-no-such'] }, 50123],
  ['knowledgebase_ids.mixed', '"all" beside ids', { knowledgebase_ids: ['all', 'base-no-such'] }, 40000],
];

const OPTIONAL = [
  'conversation_id',
  'agent_id',
  'filter',
  'knowledgebase_ids',
  'include_memory_view',
  'relativity',
  'context_format',
  'source',
  ...LIMITS,
  ...SWITCHES,
];

const accepted = acceptances(base, [
  ...LIMITS.map((field): readonly [string, string, JsonObject] => [
    `${field}.above`,
    `${field} above 25 is lowered, not refused`,
    { [field]: 1_000 },
  ]),
  ['relativity.zero', 'relativity may be 0', { relativity: 0 }],
  ['relativity.one', 'relativity may be 1', { relativity: 1 }],
  ['knowledgebase_ids.empty', 'knowledgebase_ids may be empty', { knowledgebase_ids: [] }],
  ['knowledgebase_ids.all', '["all"] means every linked knowledge base', { knowledgebase_ids: ['all'] }],
  ['include_memory_view.all', 'every memory view may be asked for', { include_memory_view: VIEWS }],
  ...['memory', 'sources', 'mixed'].map((format): readonly [string, string, JsonObject] => [
    `context_format.${format}`,
    `context_format ${format} is accepted`,
    { context_format: format },
  ]),
  ['query.long', 'a query of 20,000 words is accepted', { query: 'memory '.repeat(20_000) }],
]);

const lists: readonly Rule[] = [
  ...LISTS.map((list) =>
    rule(`search.${list}.empty`, `${list} is a list also when nothing is found`, async (suite) =>
      mustBe(list, (await suite.ask(PATH, await base.body(suite)))[list], objects),
    ),
  ),
  rule('search.preference_note.empty', 'preference_note is "" when no preference is found', async (suite) =>
    mustBe('preference_note', (await suite.ask(PATH, await base.body(suite)))['preference_note'], oneOf('')),
  ),
  rule('search.preference_note', 'preference_note is words when preferences are found', async (suite) => {
    const data = await searched(suite);
    must(listAt(data, 'preference_detail_list').length > 0, 'no preference is found');
    mustBe('preference_note', data['preference_note'], words);
  }),
  rule('search.preference_note.string', 'preference_note is a string', async (suite) =>
    mustBe('preference_note', (await searched(suite))['preference_note'], text),
  ),
  ...(['memory_detail_list', 'preference_detail_list'] as const).map((list) =>
    rule(`search.${list}.order`, `${list} is ordered by relativity, the highest first`, async (suite) => {
      const scores = scoresOf(await searched(suite), list);
      must(scores.length > 1, `only ${scores.length} found`);
      must(
        scores.every((score, index) => index === 0 || score <= scores[index - 1]!),
        `relativity is ${shown(scores)}`,
      );
    }),
  ),
];

const scoresOf = (data: JsonObject, list: string): readonly number[] => listAt(data, list).map((item) => numberAt(item, 'relativity'));
const idsOf = (data: JsonObject, list: string): readonly unknown[] => listAt(data, list).map(({ id }) => id);
const allScores = (data: JsonObject): readonly number[] => LISTS.flatMap((list) => scoresOf(data, list));

/** The facts of the known user alone: what else a project holds, such as public memory, may change meanwhile. */
async function ownFacts(suite: Suite, data: JsonObject): Promise<readonly JsonObject[]> {
  const { first, second } = await known(suite);
  return listAt(data, 'memory_detail_list').filter((fact) => fact['conversation_id'] === first || fact['conversation_id'] === second);
}
const ownScores = async (suite: Suite, data: JsonObject): Promise<readonly number[]> =>
  (await ownFacts(suite, data)).map((fact) => numberAt(fact, 'relativity'));

const threshold: readonly Rule[] = [
  rule('search.relativity.threshold', 'what scores below relativity is left out, what scores above stays', async (suite) => {
    const all = await searched(suite);
    const scores = [...(await ownScores(suite, all))].sort((one, other) => one - other);
    const [lowest, highest] = [scores[0], scores.at(-1)];
    must(lowest !== undefined && highest !== undefined, 'nothing is found');
    must(lowest < highest, `every score is ${lowest}`);
    const relativity = (lowest + highest) / 2;
    const seen = await ownScores(suite, await searchKnown(suite, { relativity }));
    const expected = scores.filter((score) => score >= relativity).length;
    must(seen.length === expected && seen.every((score) => score >= relativity), `scores are ${shown(seen)} at relativity ${relativity}`);
  }),
  rule('search.relativity.default', 'the default of relativity is 0.45', async (suite) => {
    const [byDefault, explicit] = [await searchKnown(suite, { relativity: null }), await searchKnown(suite, { relativity: 0.45 })];
    for (const list of LISTS)
      must(shown(idsOf(byDefault, list), 9_999) === shown(idsOf(explicit, list), 9_999), `${list} differs from that of 0.45`);
    must(
      allScores(byDefault).every((score) => score >= 0.45),
      `scores are ${shown(allScores(byDefault))}`,
    );
  }),
  rule('search.relativity.applied', 'nothing scores below a given relativity', async (suite) => {
    for (const relativity of [0.3, 0.6, 0.9]) {
      const scores = allScores(await searchKnown(suite, { relativity }));
      must(
        scores.every((score) => score >= relativity),
        `scores are ${shown(scores)} at relativity ${relativity}`,
      );
    }
  }),
  rule('search.relativity.unrelated', 'by default an unrelated question finds nothing that scores below 0.45', async (suite) => {
    const data = await searchKnown(suite, { query: 'quantum chromodynamics lattice', relativity: null });
    must(
      allScores(data).every((score) => score >= 0.45),
      `scores are ${shown(allScores(data))}`,
    );
  }),
];

const limits: readonly Rule[] = [
  rule('search.memory_limit_number.facts', 'without views memory_limit_number limits the facts alone', async (suite) => {
    const data = await searchKnown(suite, { memory_limit_number: 1 });
    must(listAt(data, 'memory_detail_list').length === 1, `${listAt(data, 'memory_detail_list').length} facts came`);
    must(listAt(data, 'preference_detail_list').length > 0, 'no preference came');
  }),
  rule('search.preference_limit_number.preferences', 'preference_limit_number limits the preferences alone', async (suite) => {
    const data = await searchKnown(suite, { preference_limit_number: 1 });
    must(listAt(data, 'preference_detail_list').length === 1, `${listAt(data, 'preference_detail_list').length} preferences came`);
    must(listAt(data, 'memory_detail_list').length > 1, 'the facts are limited too');
  }),
  rule('search.memory_limit_number.joint', 'with views memory_limit_number limits all of them together', async (suite) => {
    const data = await searchKnown(suite, { include_memory_view: ['detail_factual', 'preference'], memory_limit_number: 2 });
    must(allScores(data).length === 2, `${allScores(data).length} items came`);
  }),
  rule('search.memory_limit_number.joint.best', 'the joint limit keeps the highest scores of all views', async (suite) => {
    const views = { include_memory_view: ['detail_factual', 'preference'] };
    const [all, two] = [await searchKnown(suite, views), await searchKnown(suite, { ...views, memory_limit_number: 2 })];
    const best = [...allScores(all)].sort((one, other) => other - one).slice(0, 2);
    must(
      shown([...allScores(two)].sort((one, other) => other - one)) === shown(best),
      `scores are ${shown(allScores(two))} of ${shown(allScores(all))}`,
    );
  }),
  rule('search.memory_limit_number.string', 'a limit may be a numeric string', async (suite) => {
    const facts = listAt(await searchKnown(suite, { memory_limit_number: '1' }), 'memory_detail_list');
    must(facts.length === 1, `${facts.length} facts came`);
  }),
  rule('search.memory_limit_number.default', 'the default of memory_limit_number is 9', async (suite) => {
    const user = await suite.once('many', async () => {
      const id = suite.fresh('many');
      const cities = ['Oslo', 'Bergen', 'Turku', 'Malmo', 'Riga', 'Gdansk', 'Kiel', 'Vilnius', 'Tartu', 'Aarhus', 'Umea', 'Narvik'];
      await suite.remember({ user_id: id, messages: cities.map((city, index) => says(`My friend number ${index + 1} lives in ${city}.`)) });
      return id;
    });
    const query = { user_id: user, query: 'Where do my friends live?', relativity: 0 };
    const [all, byDefault] = [await suite.ask(PATH, { ...query, memory_limit_number: 25 }), await suite.ask(PATH, query)];
    const expected = Math.min(9, listAt(all, 'memory_detail_list').length);
    must(
      listAt(byDefault, 'memory_detail_list').length === expected,
      `${listAt(byDefault, 'memory_detail_list').length} facts came instead of ${expected}`,
    );
  }),
];

const viewRule = (id: string, checks: string, change: JsonObject, facts: boolean, preferences: boolean): Rule =>
  rule(`search.${id}`, checks, async (suite) => {
    const data = await searchKnown(suite, change);
    must(listAt(data, 'memory_detail_list').length > 0 === facts, `${listAt(data, 'memory_detail_list').length} facts came`);
    must(
      listAt(data, 'preference_detail_list').length > 0 === preferences,
      `${listAt(data, 'preference_detail_list').length} preferences came`,
    );
  });

const views: readonly Rule[] = [
  viewRule('include_memory_view.default', 'by default facts and preferences are searched', {}, true, true),
  viewRule('include_memory_view.facts', 'of detail_factual only facts come', { include_memory_view: ['detail_factual'] }, true, false),
  viewRule('include_memory_view.preferences', 'of preference only preferences come', { include_memory_view: ['preference'] }, false, true),
  viewRule('include_memory_view.event', 'of event neither facts nor preferences come', { include_memory_view: ['event'] }, false, false),
  viewRule('include_preference.false', 'include_preference false leaves preferences out', { include_preference: false }, true, false),
  viewRule('include_preference.true', 'include_preference true finds preferences', { include_preference: true }, true, true),
  viewRule('include_preference.string', '"false" means false', { include_preference: 'false' }, true, false),
  viewRule(
    'include_memory_view.precedence',
    'beside include_memory_view the older switches are ignored',
    { include_memory_view: ['preference'], include_preference: false },
    false,
    true,
  ),
  rule('search.include_memory_view.note', 'without preferences among the views preference_note is ""', async (suite) =>
    mustBe('preference_note', (await searchKnown(suite, { include_memory_view: ['detail_factual'] }))['preference_note'], oneOf('')),
  ),
];

const scopes: readonly Rule[] = [
  rule('search.user_id.isolated', 'another user of the project finds nothing', async (suite) => {
    const data = await searchKnown(suite, { user_id: suite.fresh() });
    must(!/Lisbon|peanuts|window seats/u.test(JSON.stringify(data)), `found ${shown(data)}`);
  }),
  rule('search.conversation_id.noFilter', 'conversation_id leaves nothing out', async (suite) => {
    const { first } = await known(suite);
    const seen = (await ownFacts(suite, await searchKnown(suite, { conversation_id: first }))).map(({ id }) => id);
    const expected = (await ownFacts(suite, await searched(suite))).map(({ id }) => id);
    must(seen.length === expected.length && expected.every((id) => seen.includes(id)), `${seen.length} facts came of ${expected.length}`);
  }),
  rule('search.conversation_id.boost', 'conversation_id raises what was said there, to at most 1', async (suite) => {
    const { first } = await known(suite);
    const best = async (conversation_id: string | null): Promise<number> => {
      const data = await searchKnown(suite, { query: 'Where does the nurse of the harbour live?', conversation_id });
      const scores = listAt(data, 'memory_detail_list')
        .filter((fact) => fact['conversation_id'] === first)
        .map((fact) => numberAt(fact, 'relativity'));
      must(scores.length > 0, 'the facts of the conversation are not found');
      return Math.max(...scores);
    };
    // Once before and once after: scores may move while a fresh memory is being indexed.
    const [before, within, after] = [await best(null), await best(first), await best(null)];
    must(within <= 1, `the score is ${within}`);
    must(within > Math.max(before, after) || before === 1, `${within} is not above ${before} and ${after}`);
  }),
  rule('search.agent_id.alone', 'agent_id alone is a subject, or refused with 40002 where agents are none', async (suite) => {
    const reply = await suite.post(PATH, { agent_id: suite.fresh('agent'), query: 'Where do I live?' });
    if (at(reply.body, 'code') === 0) dataOf(reply);
    else mustRefuse(reply, [40000, 40002], suite.isStrict);
  }),
  rule('search.duplicates', 'nothing is found twice', async (suite) => {
    const texts = listAt(await searched(suite), 'memory_detail_list').map((fact) => fact['memory_value']);
    must(new Set(texts).size === texts.length, `found ${shown(texts)}`);
  }),
];

export const search: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [...lists, ...threshold, ...limits, ...views, ...scopes, ...refusals(base, REFUSALS), ...nulls(base, OPTIONAL), ...accepted],
};
