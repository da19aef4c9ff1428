import { listAt, must, objectOf, textAt } from '../engine/expectations.ts';
import { at, type JsonObject, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { mustBe, oneOf } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { type Base, type Refusal, refusals } from '../engine/tables.ts';
import { memoriesOf, says, UNKNOWN_UUID, withFact, wordsOf } from './fixtures.ts';
import { foundProfile } from './profile-fixtures.ts';

const PATH = '/update/memory';

const stable = (suite: Suite) => suite.once('fact to refuse changes of', () => withFact(suite, 'I live in Haugesund.'));
const base: Base = {
  prefix: 'update',
  path: PATH,
  body: async (suite) => ({ memory_id: (await stable(suite)).fact['id'], content: 'I live in Bodo.' }),
};

const REFUSALS: readonly Refusal[] = [
  ['memory_id.missing', 'a change of nothing', { memory_id: undefined }, 40002],
  ['memory_id.empty', 'an empty memory_id', { memory_id: '' }, 40002],
  ['memory_id.type', 'an object as memory_id', { memory_id: {} }, 40000],
  ['memory_id.unknown', 'an unknown memory', { memory_id: UNKNOWN_UUID }, 40307],
  ['nothing', 'a request that changes nothing', { content: undefined }, [40000, 40002]],
  ['nothing.null', 'a request whose changes are null', { content: null, title: null, status: null }, [40000, 40002]],
  ['content.empty', 'an empty content', { content: '' }, [40000, 40002]],
  ['content.type', 'a number as content', { content: 7 }, 40000],
  ['title.type', 'a list as title', { title: [] }, 40000],
  ['status.unknown', 'an unknown status', { status: 'asleep' }, 40000],
];

interface Changed {
  readonly user: string;
  readonly id: string;
  readonly answer: JsonObject;
  readonly memory: JsonObject;
}

async function changed(suite: Suite, content: string, change: JsonObject): Promise<Changed> {
  const { user, fact } = await withFact(suite, content);
  const id = textAt(fact, 'id');
  const answer = await suite.ask(PATH, { memory_id: id, ...change });
  return { user, id, answer, memory: objectOf(await suite.get(`/get/memory/${id}`)) };
}

const found = async (suite: Suite, user: string, query: string): Promise<string> =>
  wordsOf(await suite.ask('/search/memory', { user_id: user, query, relativity: 0 }));

export const updateMemory: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [
    ...refusals(base, REFUSALS),
    rule('update.success', 'success is true', async (suite) =>
      mustBe('success', (await changed(suite, 'I live in Molde.', { content: 'I live in Alta.' })).answer['success'], oneOf(true)),
    ),
    rule('update.content', 'content is replaced', async (suite) => {
      const { memory } = await changed(suite, 'I live in Molde.', { content: 'I live in Hammerfest.' });
      must(memory['content'] === 'I live in Hammerfest.', `content is ${shown(memory['content'])}`);
    }),
    rule('update.content.found', 'the new content is found, the old one is not', async (suite) => {
      const { user } = await changed(suite, 'I live in Molde.', { content: 'I keep bees in Hammerfest.' });
      const words = await suite.eventually(
        () => found(suite, user, 'bees in Hammerfest'),
        (seen) => seen.includes('Hammerfest'),
        'the new content is found',
      );
      must(!words.includes('Molde'), `found ${shown(words)}`);
    }),
    rule('update.title', 'title is replaced, and content stays', async (suite) => {
      const { memory } = await changed(suite, 'I live in Molde.', { title: 'Home town' });
      must(
        memory['title'] === 'Home town' && String(memory['content']).includes('Molde'),
        `title and content are ${shown([memory['title'], memory['content']])}`,
      );
    }),
    rule('update.status.archived', 'an archived memory is neither listed nor found', async (suite) => {
      const { user, memory } = await changed(suite, 'I live in Molde.', { status: 'archived' });
      must(memory['status'] === 'archived', `status is ${shown(memory['status'])}`);
      must(!wordsOf(await memoriesOf(suite, user)).includes('Molde'), 'it is listed');
      await suite.eventually(
        () => found(suite, user, 'Where do I live? Molde'),
        (seen) => !seen.includes('Molde'),
        'it is not found',
      );
    }),
    rule('update.status.activated', 'an archived memory comes back', async (suite) => {
      const { user, id } = await changed(suite, 'I live in Molde.', { status: 'archived' });
      await suite.ask(PATH, { memory_id: id, status: 'activated' });
      must(wordsOf(await memoriesOf(suite, user)).includes('Molde'), 'it is not listed');
    }),
    rule('update.updated_at', 'updated_at moves, created_at stays', async (suite) => {
      const { fact } = await withFact(suite, 'I live in Molde.');
      const id = textAt(fact, 'id');
      const before = objectOf(await suite.get(`/get/memory/${id}`));
      await suite.ask(PATH, { memory_id: id, content: 'I live in Alta.' });
      const after = objectOf(await suite.get(`/get/memory/${id}`));
      must(Date.parse(textAt(after, 'updated_at')) >= Date.parse(textAt(before, 'updated_at')), 'updated_at went back');
      must(
        after['updated_at'] !== before['updated_at'] && after['created_at'] === before['created_at'],
        `times are ${shown([before['updated_at'], after['updated_at'], after['created_at']])}`,
      );
    }),
    rule('update.kept', 'what was set by hand survives later messages', async (suite) => {
      const { user } = await changed(suite, 'I live in Molde.', { content: 'I live in Hammerfest with two dogs.' });
      await suite.remember({ user_id: user, messages: [says('I like the colour green.')] });
      must(wordsOf(await memoriesOf(suite, user)).includes('Hammerfest'), 'it is gone');
    }),
    rule('update.profile', "a profile field's value can be changed by the id a search tells", async (suite) => {
      const { user, item } = await foundProfile(suite);
      await suite.ask(PATH, { memory_id: item['id'], content: 'Faro' });
      const [profile] = listAt(await memoriesOf(suite, user), 'profile_detail_list');
      const value = at(profile, 'properties.Basic.City.value');
      must(String(value).includes('Faro'), `its value is ${shown(value)}`);
    }),
    rule('update.preference', 'a preference can be changed, too', async (suite) => {
      const user = suite.fresh();
      await suite.remember({ user_id: user, messages: [says('I prefer window seats on every flight.')] });
      const [preference] = listAt(await memoriesOf(suite, user), 'preference_detail_list');
      must(preference !== undefined, 'there is no preference');
      await suite.ask(PATH, { memory_id: preference['id'], content: 'I prefer aisle seats on every flight.' });
      const [after] = listAt(await memoriesOf(suite, user), 'preference_detail_list');
      must(after?.['preference'] === 'I prefer aisle seats on every flight.', `it is ${shown(after)}`);
    }),
  ],
};
