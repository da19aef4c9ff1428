import { dataOf, listAt, must, mustRefuse, textAt } from '../engine/expectations.ts';
import { at, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { mustBe, oneOf } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { type Base, type Refusal, refusals } from '../engine/tables.ts';
import { memoriesOf, messagesOf, says, UNKNOWN_UUID, withFact } from './fixtures.ts';

const PATH = '/delete/memory';
const base: Base = { prefix: 'delete', path: PATH, body: () => ({}) };

const REFUSALS: readonly Refusal[] = [
  ['nothing', 'a request without selector', {}, 40002],
  ['nothing.null', 'selectors that are null', { memory_ids: null, user_id: null, agent_id: null, filter: null }, 40002],
  ['memory_ids.empty', 'an empty list of ids', { memory_ids: [] }, 40003],
  ['memory_ids.empty.user_ids', 'an empty list of ids beside user_ids', { memory_ids: [], user_ids: ['u'] }, [40002, 40003]],
  ['memory_ids.empty.user_id', 'an empty list of ids beside a user', (suite) => ({ memory_ids: [], user_id: suite.fresh() }), 40003],
  ['memory_ids.type', 'a string in place of memory_ids', { memory_ids: UNKNOWN_UUID }, 40000],
  ['memory_ids.items', 'an object as id', { memory_ids: [{}] }, 40000],
  ['memory_ids.unknown', 'an unknown id', { memory_ids: [UNKNOWN_UUID] }, 40307],
  ['user_id.unknown', 'an unknown user', (suite) => ({ user_id: suite.fresh('nobody') }), 40308],
  ['user_id.empty', 'an empty user_id', { user_id: '' }, 40002],
  ['user_id.type', 'an object as user_id', { user_id: {} }, 40000],
  ['user_ids.alone', 'user_ids alone', { user_ids: ['u'] }, 40002],
  ['filter.empty', 'an empty filter', { filter: {} }, 40000],
  ['filter.type', 'a string as filter', { filter: 'x' }, 40000],
  ['filter.operator', 'an unknown operator in a filter', { filter: { and: [{ scene: { near: 'x' } }] } }, 40000],
  ['two.user.filter', 'a user beside a filter', { user_id: 'u', filter: { and: [{ scene: 'x' }] } }, 40071],
  ['two.ids.filter', 'ids beside a filter', { memory_ids: [UNKNOWN_UUID], filter: { and: [{ scene: 'x' }] } }, 40071],
  ['conversation_id.alone', 'conversation_id, which is no selector', { conversation_id: 'c' }, 40002],
];

interface Two {
  readonly user: string;
  readonly conversation: string;
  readonly ids: readonly string[];
}

/** A user with two facts, or what the server makes of them. */
async function two(suite: Suite): Promise<Two> {
  const [user, conversation] = [suite.fresh(), suite.fresh('conversation')];
  await suite.remember({
    user_id: user,
    conversation_id: conversation,
    info: { scene: user },
    messages: [says('I live in Lisbon.'), says('I am allergic to peanuts.')],
  });
  const facts = listAt(await memoriesOf(suite, user), 'memory_detail_list');
  must(facts.length >= 2, `there are ${facts.length} facts instead of 2`);
  return { user, conversation, ids: facts.map((fact) => textAt(fact, 'id')) };
}

const leftOf = async (suite: Suite, user: string): Promise<readonly unknown[]> =>
  listAt(await memoriesOf(suite, user), 'memory_detail_list').map(({ id }) => id);

async function mustLeave(suite: Suite, { user }: Two, expected: readonly string[]): Promise<void> {
  const left = await leftOf(suite, user);
  must(
    left.length === expected.length && expected.every((id) => left.includes(id)),
    `left are ${shown(left)} instead of ${shown(expected)}`,
  );
}

export const deleteMemory: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [
    ...refusals(base, REFUSALS),
    rule('delete.success', 'success is true', async (suite) => {
      const { fact } = await withFact(suite, 'I live in Lisbon.');
      mustBe('success', (await suite.ask(PATH, { memory_ids: [fact['id']] }))['success'], oneOf(true));
    }),
    rule('delete.memory_ids', 'what is named is gone from the list, the rest stays', async (suite) => {
      const made = await two(suite);
      await suite.ask(PATH, { memory_ids: [made.ids[0]] });
      await mustLeave(suite, made, made.ids.slice(1));
    }),
    rule('delete.memory_ids.search', 'what is deleted is not found', async (suite) => {
      const { user, ids } = await two(suite);
      const body = { user_id: user, query: 'I live in Lisbon and am allergic to peanuts', relativity: 0 };
      const look = async (): Promise<readonly unknown[]> =>
        listAt(await suite.ask('/search/memory', body), 'memory_detail_list').filter(({ id }) => ids.includes(String(id)));
      must((await look()).length >= 2, 'it is not found before');
      await suite.ask(PATH, { memory_ids: ids });
      must((await look()).length === 0, `found ${shown(await look())}`);
    }),
    rule('delete.memory_ids.byId', 'what is deleted is unknown by its id, or told as deleted', async (suite) => {
      const { fact } = await withFact(suite, 'I live in Lisbon.');
      await suite.ask(PATH, { memory_ids: [fact['id']] });
      const reply = await suite.get(`/get/memory/${textAt(fact, 'id')}`);
      if (at(reply.body, 'code') === 0) mustBe('status', at(dataOf(reply), 'status'), oneOf('deleted'));
      else mustRefuse(reply, 40001, suite.isStrict);
    }),
    rule('delete.memory_ids.again', 'deleted again it is refused with 40307, or stays deleted', async (suite) => {
      const { user, fact } = await withFact(suite, 'I live in Lisbon.');
      await suite.ask(PATH, { memory_ids: [fact['id']] });
      const reply = await suite.post(PATH, { memory_ids: [fact['id']] });
      // Clients try again when an answer was lost; a server may serve them.
      if (at(reply.body, 'code') === 0) dataOf(reply);
      else mustRefuse(reply, 40307, suite.isStrict);
      must((await leftOf(suite, user)).length === 0, 'it is listed');
    }),
    rule('delete.memory_ids.all', 'one unknown id among them deletes nothing', async (suite) => {
      const made = await two(suite);
      mustRefuse(await suite.post(PATH, { memory_ids: [made.ids[0], UNKNOWN_UUID] }), 40307, suite.isStrict);
      await mustLeave(suite, made, made.ids);
    }),
    rule('delete.memory_ids.preference', 'a preference is deleted by its id', async (suite) => {
      const user = suite.fresh();
      await suite.remember({ user_id: user, messages: [says('I prefer window seats on every flight.')] });
      const [preference] = listAt(await memoriesOf(suite, user), 'preference_detail_list');
      must(preference !== undefined, 'there is no preference');
      await suite.ask(PATH, { memory_ids: [preference['id']] });
      must(listAt(await memoriesOf(suite, user), 'preference_detail_list').length === 0, 'it is still listed');
    }),
    rule('delete.user_ids.memory_ids', 'user_ids beside memory_ids deletes the ids alone', async (suite) => {
      const made = await two(suite);
      await suite.ask(PATH, { user_ids: [made.user], memory_ids: [made.ids[0]] });
      await mustLeave(suite, made, made.ids.slice(1));
    }),
    rule('delete.user_ids.owner', "user_ids of somebody else do not delete a user's memory", async (suite) => {
      const made = await two(suite);
      const reply = await suite.post(PATH, { user_ids: [suite.fresh()], memory_ids: [made.ids[0]] });
      mustRefuse(reply, [40306, 40307], suite.isStrict);
      await mustLeave(suite, made, made.ids);
    }),
    rule(
      'delete.user_id.memory_ids',
      'user_id beside memory_ids deletes the ids alone; a strict server refuses it with 40071',
      async (suite) => {
        const made = await two(suite);
        const reply = await suite.post(PATH, { user_id: made.user, memory_ids: [made.ids[0]] });
        if (suite.isStrict) mustRefuse(reply, 40071, true);
        else dataOf(reply);
        await mustLeave(suite, made, suite.isStrict ? made.ids : made.ids.slice(1));
      },
    ),
    rule('delete.user_id', 'user_id deletes all memories of the user', async (suite) => {
      const made = await two(suite);
      await suite.ask(PATH, { user_id: made.user });
      await mustLeave(suite, made, []);
    }),
    rule('delete.user_id.messages', 'user_id deletes the messages, too', async (suite) => {
      const { user, conversation } = await two(suite);
      must((await messagesOf(suite, user, conversation)).length === 2, 'they are not there before');
      await suite.ask(PATH, { user_id: user });
      must((await messagesOf(suite, user, conversation)).length === 0, 'they are still there');
    }),
    rule('delete.user_id.others', 'and those of nobody else', async (suite) => {
      const [gone, other] = [await two(suite), await two(suite)];
      await suite.ask(PATH, { user_id: gone.user });
      await mustLeave(suite, other, other.ids);
    }),
    rule('delete.user_id.again', 'said again after a deletion it is remembered again', async (suite) => {
      const { user } = await two(suite);
      await suite.ask(PATH, { user_id: user });
      await suite.remember({ user_id: user, conversation_id: suite.fresh('conversation'), messages: [says('I live in Lisbon.')] });
      must((await leftOf(suite, user)).length > 0, 'nothing is remembered');
    }),
    rule('delete.filter', 'a filter deletes what it matches', async (suite) => {
      const [gone, other] = [await two(suite), await two(suite)];
      await suite.ask(PATH, { filter: { and: [{ scene: gone.user }] } });
      await mustLeave(suite, gone, []);
      await mustLeave(suite, other, other.ids);
    }),
    rule('delete.memory_type', 'memory_type narrows a filter to that view', async (suite) => {
      const user = suite.fresh();
      await suite.remember({
        user_id: user,
        info: { scene: user },
        messages: [says('I live in Lisbon.'), says('I prefer window seats on every flight.')],
      });
      await suite.ask(PATH, { filter: { and: [{ scene: user }] }, memory_type: 'preference' });
      const data = await memoriesOf(suite, user);
      must(listAt(data, 'preference_detail_list').length === 0, 'the preference is left');
      must(listAt(data, 'memory_detail_list').length > 0, 'the fact is gone');
    }),
    rule('delete.agent_id', 'agent_id alone is a subject, or refused where agents are none', async (suite) => {
      const reply = await suite.post(PATH, { agent_id: suite.fresh('agent') });
      mustRefuse(reply, [40000, 40002, 40308], suite.isStrict);
    }),
  ],
};
