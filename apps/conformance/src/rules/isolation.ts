import { dataOf, listAt, must, mustRefuse, numberAt, textAt } from '../engine/expectations.ts';
import { at, type JsonObject, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import type { Suite } from '../engine/suite.ts';
import { ABOUT_ALL, known, listed, memoriesOf, messagesOf, says, withFact } from './fixtures.ts';
import { ADD_FILE, base64, create, foundIn, GET_FILE, knowledgeBase, thing } from './knowledge-base-fixtures.ts';
import { boundProfile, GET, LIST } from './profile-fixtures.ts';

const SECRETS = /Lisbon|peanuts|window seats/u;
const idOf = async (suite: Suite): Promise<string> => textAt(listAt(await listed(suite), 'memory_detail_list')[0], 'id');

/** What another project's key is answered to a request of ours. */
const asOther = async (suite: Suite, path: string, body: JsonObject): Promise<JsonObject> => suite.ask(path, body, { key: suite.otherKey });

export const isolation: RuleGroup = {
  endpoint: 'isolation between projects',
  rules: [
    rule('isolation.search', "a search with another project's key finds nothing", async (suite) => {
      const data = await asOther(suite, '/search/memory', { user_id: (await known(suite)).user, query: ABOUT_ALL, relativity: 0 });
      must(!SECRETS.test(JSON.stringify(data)), `found ${shown(data)}`);
    }),
    rule('isolation.get.memory', 'nothing is listed', async (suite) => {
      const data = await asOther(suite, '/get/memory', { user_id: (await known(suite)).user });
      must(numberAt(data, 'total') === 0 && !SECRETS.test(JSON.stringify(data)), `listed is ${shown(data)}`);
    }),
    rule('isolation.get.message', 'no message is told', async (suite) => {
      const { user, first } = await known(suite);
      const data = await asOther(suite, '/get/message', { user_id: user, conversation_id: first });
      must(listAt(data, 'message_detail_list').length === 0, `told is ${shown(data)}`);
    }),
    rule('isolation.get.memory.id', 'a memory is unknown by its id', async (suite) =>
      mustRefuse(await suite.get(`/get/memory/${await idOf(suite)}`, { key: suite.otherKey }), 40001, suite.isStrict),
    ),
    rule('isolation.status', 'a task is unknown', async (suite) =>
      mustRefuse(
        await suite.post('/get/status', { task_id: (await known(suite)).status['task_id'] }, { key: suite.otherKey }),
        50131,
        suite.isStrict,
      ),
    ),
    rule('isolation.delete.memory_ids', 'a memory cannot be deleted: 40306, or 40307 as if it were not there', async (suite) => {
      const { user, fact } = await withFact(suite, 'I live in Lisbon.');
      mustRefuse(await suite.post('/delete/memory', { memory_ids: [fact['id']] }, { key: suite.otherKey }), [40306, 40307], suite.isStrict);
      must(numberAt(await memoriesOf(suite, user), 'total') > 0, 'it is gone');
    }),
    rule('isolation.delete.user_id', 'a user cannot be deleted', async (suite) => {
      const { user } = await withFact(suite, 'I live in Lisbon.');
      mustRefuse(await suite.post('/delete/memory', { user_id: user }, { key: suite.otherKey }), 40308, suite.isStrict);
      must(numberAt(await memoriesOf(suite, user), 'total') > 0, 'it is gone');
    }),
    rule('isolation.delete.filter', 'a filter deletes nothing of it', async (suite) => {
      const user = suite.fresh();
      await suite.remember({ user_id: user, info: { scene: user }, messages: [says('I live in Lisbon.')] });
      await suite.post('/delete/memory', { filter: { and: [{ scene: user }] } }, { key: suite.otherKey });
      must(numberAt(await memoriesOf(suite, user), 'total') > 0, 'it is gone');
    }),
    rule('isolation.update', 'a memory cannot be changed', async (suite) =>
      mustRefuse(
        await suite.post('/update/memory', { memory_id: await idOf(suite), content: 'Changed.' }, { key: suite.otherKey }),
        [40306, 40307],
        suite.isStrict,
      ),
    ),
    rule('isolation.users', 'users of the same id are two', async (suite) => {
      const [user, conversation] = [suite.fresh(), suite.fresh('conversation')];
      const options = { key: suite.otherKey };
      await suite.remember({ user_id: user, conversation_id: conversation, messages: [says('I live in Lisbon.')] });
      await suite.remember({ user_id: user, conversation_id: conversation, messages: [says('I live in Vienna.')] }, options);
      const [ours, theirs] = [
        JSON.stringify(await memoriesOf(suite, user)),
        JSON.stringify(dataOf(await suite.post('/get/memory', { user_id: user }, options))),
      ];
      must(
        ours.includes('Lisbon') && !ours.includes('Vienna') && theirs.includes('Vienna') && !theirs.includes('Lisbon'),
        `they are ${shown(ours)} and ${shown(theirs)}`,
      );
      must((await messagesOf(suite, user, conversation)).length === 1, 'their messages are told, too');
    }),
    rule('isolation.knowledgebase_ids', 'a knowledge base that is not linked is refused with 50123', async (suite) => {
      const { otherKey } = suite;
      const body = { user_id: suite.fresh(), query: thing(suite), knowledgebase_ids: [(await knowledgeBase(suite)).id] };
      mustRefuse(await suite.post('/search/memory', body, { key: otherKey }), 50123, suite.isStrict);
    }),
    rule('isolation.knowledgebase.all', '"all" means the bases of the own project', async (suite) => {
      const { otherKey } = suite;
      await knowledgeBase(suite);
      const data = await suite.ask(
        '/search/memory',
        { user_id: suite.fresh(), query: `Can a ${thing(suite)} be returned?`, knowledgebase_ids: ['all'], relativity: 0 },
        { key: otherKey },
      );
      must(!JSON.stringify(data).includes(thing(suite)), `found ${shown(data)}`);
    }),
    rule('isolation.knowledgebase.files', 'its files are not told', async (suite) => {
      const { otherKey } = suite;
      const { id } = await knowledgeBase(suite);
      mustRefuse(await suite.post(GET_FILE, { knowledgebase_id: id }, { key: otherKey }), [50120, 50123], suite.isStrict);
    }),
    rule('isolation.knowledgebase.upload', 'nothing can be added to it', async (suite) => {
      const { otherKey } = suite;
      const id = await create(suite);
      const body = { knowledgebase_id: id, file: [{ content: base64('The jubjubhall opens at nine.'), name: 'hours.txt' }] };
      mustRefuse(await suite.post(ADD_FILE, body, { key: otherKey }), [50120, 50123], suite.isStrict);
      must((await foundIn(suite, [id], 'jubjubhall')).length === 0, 'it was added all the same');
    }),
    rule('isolation.template', 'a profile template is unknown', async (suite) => {
      const { otherKey } = suite;
      mustRefuse(
        await suite.post(GET, { profile_template_id: (await boundProfile(suite)).template }, { key: otherKey }),
        40001,
        suite.isStrict,
      );
    }),
    rule('isolation.template.list', 'and not listed', async (suite) => {
      const { otherKey } = suite;
      const { template } = await boundProfile(suite);
      const ids = listAt(await suite.ask(LIST, { size: 100 }, { key: otherKey }), 'profile_templates').map((item) =>
        at(item, 'profile_template_id'),
      );
      must(!ids.includes(template), 'it is listed');
    }),
  ],
};
