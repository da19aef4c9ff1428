import { dataOf, must, mustRefuse } from '../engine/expectations.ts';
import { at, type JsonObject, shown } from '../engine/json.ts';
import { type Rule, rule, type RuleGroup } from '../engine/rule.ts';
import type { Suite } from '../engine/suite.ts';
import { type Base, type Refusal, refusals } from '../engine/tables.ts';
import { known, memoriesOf, searchKnown, wordsOf } from './fixtures.ts';

const base: Base = { prefix: 'filter', path: '/search/memory', body: (suite) => ({ user_id: suite.fresh(), query: 'Where do I live?' }) };
const filtered = (filter: unknown): JsonObject => ({ filter });
const PAST = '2020-01-01';
const FUTURE = '2100-01-01';
const booking = { scene: 'booking' };
const health = { tags: { contains: 'health' } };

/** Which of the two conversations' facts a filter lets through: L for Lisbon's, P for the peanuts'. */
type Match = readonly [id: string, checks: string, filter: unknown, passes: '' | 'L' | 'P' | 'LP'];

const MATCHES: readonly Match[] = [
  ['and', 'and: every condition holds', { and: [booking, { app_id: 'shop-ios' }] }, 'L'],
  ['and.none', 'and: one condition that fails is enough', { and: [booking, { app_id: 'shop-web' }] }, ''],
  ['or', 'or: one condition that holds is enough', { or: [booking, { app_id: 'shop-web' }] }, 'LP'],
  ['or.none', 'or: no condition holds', { or: [{ scene: 'x' }, { app_id: 'y' }] }, ''],
  ['flat', 'a condition may stand alone', booking, 'L'],
  ['agent_id', 'agent_id is compared', { and: [{ agent_id: 'coach' }] }, 'P'],
  ['agent_id.or', 'several agents are an or', { or: [{ agent_id: 'coach' }, { agent_id: 'planner' }] }, 'LP'],
  ['app_id', 'app_id is compared', { and: [{ app_id: 'shop-ios' }] }, 'L'],
  ['business_type', 'business_type is compared', { and: [{ business_type: 'care' }] }, 'P'],
  ['info.number', 'a number of info is compared', { and: [{ rooms: 3 }] }, 'L'],
  ['info.number.other', 'another number does not match', { and: [{ rooms: 4 }] }, ''],
  ['info.boolean', 'a boolean of info is compared', { and: [{ is_paid: true }] }, 'L'],
  ['info.alias', 'info.<key> is the same as <key>', { and: [{ 'info.scene': 'booking' }] }, 'L'],
  ['info.absent', 'a key no memory has matches nothing', { and: [{ moon_phase: 'full' }] }, ''],
  ['info.list', 'a list of strings in info contains one', { and: [{ colours: { contains: 'blue' } }] }, 'L'],
  ['tags.contains', 'tags contains a tag', { and: [health] }, 'P'],
  ['tags.string', 'a bare string for tags means contains', { and: [{ tags: 'health' }] }, 'P'],
  ['tags.contains.none', 'tags does not contain part of a tag', { and: [{ tags: { contains: 'no-such-tag' } }] }, ''],
  ['in', 'in: one of a list', { and: [{ scene: { in: ['booking', 'x'] } }] }, 'L'],
  ['in.none', 'in: none of a list', { and: [{ scene: { in: ['x', 'y'] } }] }, ''],
  ['like', 'like: part of a text', { and: [{ scene: { like: 'book' } }] }, 'L'],
  ['create_time.gte', 'create_time gte a day', { and: [{ create_time: { gte: PAST } }] }, 'LP'],
  ['create_time.gte.none', 'create_time gte a day to come', { and: [{ create_time: { gte: FUTURE } }] }, ''],
  ['create_time.gt', 'create_time gt a day', { and: [{ create_time: { gt: PAST } }] }, 'LP'],
  ['create_time.lt', 'create_time lt a day', { and: [{ create_time: { lt: FUTURE } }] }, 'LP'],
  ['create_time.lt.none', 'create_time lt a day long past', { and: [{ create_time: { lt: PAST } }] }, ''],
  ['create_time.lte', 'create_time lte a day', { and: [{ create_time: { lte: FUTURE } }] }, 'LP'],
  ['create_time.lte.none', 'create_time lte a day long past', { and: [{ create_time: { lte: PAST } }] }, ''],
  ['create_time.seconds', 'a time may be YYYY-MM-DD HH:mm:ss', { and: [{ create_time: { gte: `${PAST} 12:30:00` } }] }, 'LP'],
  ['create_time.range', 'several operators in one condition', { and: [{ create_time: { gte: PAST, lt: FUTURE } }] }, 'LP'],
  ['create_time.range.none', 'an empty range', { and: [{ create_time: { gte: FUTURE, lt: PAST } }] }, ''],
  ['update_time.gte', 'update_time gte a day', { and: [{ update_time: { gte: PAST } }] }, 'LP'],
  ['update_time.lt.none', 'update_time lt a day long past', { and: [{ update_time: { lt: PAST } }] }, ''],
  ['nested.orInAnd', 'an or inside an and', { and: [{ or: [booking, health] }, { app_id: 'shop-web' }] }, 'P'],
  ['nested.andInOr', 'an and inside an or', { or: [{ and: [booking, { app_id: 'shop-web' }] }, health] }, 'P'],
  ['nested.three', 'groups nested to depth three', { and: [{ or: [{ and: [booking, { agent_id: 'planner' }] }] }] }, 'L'],
  ['source.user', 'a group for user filters what the user has', { user: { and: [booking] } }, 'L'],
  ['source.user.none', 'a group for user that nothing matches', { user: { and: [{ scene: 'x' }] } }, ''],
  ['source.public', 'a group for public leaves what the user has alone', { public: { and: [{ scene: 'x' }] } }, 'LP'],
  ['source.two', 'groups for two sources stand beside each other', { user: { and: [health] }, public: { and: [{ scene: 'x' }] } }, 'P'],
  ['source.nested', 'a group inside a source may be nested', { user: { and: [{ and: [booking] }, { agent_id: 'planner' }] } }, 'L'],
  ['related_id.nobody', 'related_id of nobody matches nothing', { and: [{ related_id: ['no-such-id'] }] }, ''],
];

const matches: readonly Rule[] = MATCHES.map(([id, checks, filter, passes]) =>
  rule(`filter.${id}`, checks, async (suite) => {
    const words = wordsOf(await searchKnown(suite, { filter, include_preference: false }));
    const seen = `${words.includes('Lisbon') ? 'L' : ''}${words.includes('peanuts') ? 'P' : ''}`;
    must(
      seen === passes,
      `${shown(filter)} let ${seen === '' ? 'nothing' : seen} through instead of ${passes === '' ? 'nothing' : passes}`,
    );
  }),
);

const REFUSALS: readonly Refusal[] = [
  ['type', 'a string as filter', filtered('scene = booking'), 40000],
  ['list', 'a list as filter', filtered([booking]), 40000],
  ['and.empty', 'an empty and', filtered({ and: [] }), 40000],
  ['or.empty', 'an empty or', filtered({ or: [] }), 40000],
  ['and.type', 'an and that is no list', filtered({ and: booking }), 40000],
  ['and.beside', 'an and beside another key', filtered({ and: [booking], scene: 'x' }), 40000],
  ['and.or', 'an and beside an or', filtered({ and: [booking], or: [booking] }), 40000],
  ['condition.two', 'two fields in one condition', filtered({ and: [{ scene: 'x', app_id: 'y' }] }), 40000],
  ['condition.type', 'a string as condition', filtered({ and: ['scene'] }), 40000],
  ['operator.unknown', 'an unknown operator', filtered({ and: [{ scene: { near: 'x' } }] }), 40000],
  ['operator.unknown.time', 'an unknown operator of a time', filtered({ and: [{ create_time: { after: PAST } }] }), 40000],
  ['operator.empty', 'a condition without operator', filtered({ and: [{ scene: {} }] }), 40000],
  ['in.empty', 'an empty list for in', filtered({ and: [{ scene: { in: [] } }] }), 40000],
  ['in.type', 'no list for in', filtered({ and: [{ scene: { in: 'x' } }] }), 40000],
  ['time.none', 'a time that is none', filtered({ and: [{ create_time: { gte: 'soonish' } }] }), 40000],
  ['depth', 'groups nested to depth four', filtered({ and: [{ or: [{ and: [{ or: [booking] }] }] }] }), 40000],
  ['source.mixed', 'a source beside a global group', filtered({ user: { and: [booking] }, and: [booking] }), 40000],
  ['source.knowledgebase', 'a group for knowledge bases when none is searched', filtered({ knowledgebase: { and: [booking] } }), 40000],
];

const special: readonly Rule[] = [
  ...(
    [
      ['filter.empty', 'an empty filter', {}],
      ['filter.condition.empty', 'an empty condition', { and: [{}] }],
    ] as const
  ).map(([id, what, empty]) =>
    rule(id, `${what} is refused with 40000 by a strict server, and taken for none or refused by another`, async (suite) => {
      const reply = await suite.post(base.path, { ...(await base.body(suite)), filter: empty });
      if (suite.isStrict || at(reply.body, 'code') !== 0) mustRefuse(reply, 40000, suite.isStrict);
      else dataOf(reply);
    }),
  ),
  rule('filter.before', 'a filter is scope, not ranking: what it leaves out makes room', async (suite) => {
    const data = await searchKnown(suite, { filter: { and: [health] }, memory_limit_number: 1, query: 'Lisbon nurse harbour hospital' });
    must(wordsOf(data, ['memory_detail_list']).includes('peanuts'), `found ${wordsOf(data)}`);
  }),
  rule('filter.preferences', 'preferences obey the filter as facts do', async (suite) => {
    const words = wordsOf(await searchKnown(suite, { filter: { and: [booking] } }));
    must(!words.includes('window'), `found ${words}`);
  }),
  rule('filter.get.memory', 'get/memory obeys the same filter', async (suite) => {
    const words = await listedWith(suite, { and: [booking] });
    must(words.includes('Lisbon') && !words.includes('peanuts'), `found ${words}`);
  }),
  rule('filter.get.memory.time', 'get/memory compares times', async (suite) => {
    const words = await listedWith(suite, { and: [{ create_time: { lt: PAST } }] });
    must(!/Lisbon|peanuts/u.test(words), `found ${words}`);
  }),
  rule('filter.get.memory.unknown', 'get/memory refuses an unknown operator', async (suite) =>
    mustRefuse(
      await suite.post('/get/memory', { user_id: suite.fresh(), filter: { and: [{ scene: { near: 'x' } }] } }),
      40000,
      suite.isStrict,
    ),
  ),
  rule('filter.chat.unknown', 'chat refuses an unknown operator', async (suite) =>
    mustRefuse(
      await suite.post('/chat', { user_id: suite.fresh(), query: 'x', filter: { and: [{ scene: { near: 'x' } }] } }),
      40000,
      suite.isStrict,
    ),
  ),
];

const listedWith = async (suite: Suite, filter: unknown): Promise<string> =>
  wordsOf(await memoriesOf(suite, (await known(suite)).user, { filter }));

export const filter: RuleGroup = { endpoint: 'filters', rules: [...matches, ...refusals(base, REFUSALS), ...special] };
