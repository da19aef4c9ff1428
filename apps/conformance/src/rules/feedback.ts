import { must } from '../engine/expectations.ts';
import { type JsonObject, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { oneOf, uuid } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { acceptances, type Base, fields, nulls, type Refusal, refusals } from '../engine/tables.ts';
import { LONG_ID, memoriesOf, says, wordsOf } from './fixtures.ts';
import { create, foundIn } from './knowledge-base-fixtures.ts';

const PATH = '/add/feedback';
const base: Base = {
  prefix: 'feedback',
  path: PATH,
  body: (suite) => ({
    user_id: suite.fresh(),
    conversation_id: suite.fresh('conversation'),
    feedback_content: 'Please be brief in your answers.',
  }),
};

const REFUSALS: readonly Refusal[] = [
  ['user_id.missing', 'feedback of nobody', { user_id: undefined }, 40002],
  ['user_id.length', 'a user_id of 101 characters', { user_id: LONG_ID }, 40010],
  ['user_id.type', 'an object as user_id', { user_id: {} }, 40000],
  ['conversation_id.length', 'a conversation_id of 101 characters', { conversation_id: LONG_ID }, 40011],
  ['feedback_content.missing', 'feedback without content', { feedback_content: undefined }, 40002],
  ['feedback_content.empty', 'an empty feedback', { feedback_content: '' }, 40002],
  ['feedback_content.type', 'an object as feedback', { feedback_content: {} }, 40000],
  ['feedback_time.type', 'an object as feedback_time', { feedback_time: {} }, 40000],
  ['allow_public.type', 'a word as allow_public', { allow_public: 'perhaps' }, 40000],
  [
    'allow_knowledgebase_ids.type',
    'a string in place of allow_knowledgebase_ids',
    { allow_knowledgebase_ids: 'base-no-such' },
    [40000, 50123],
  ],
];

const OPTIONAL = ['conversation_id', 'agent_id', 'app_id', 'feedback_time', 'allow_public', 'allow_knowledgebase_ids', 'info'];

const accepted = acceptances(base, [
  ['conversation_id.optional', 'conversation_id may be left out', { conversation_id: undefined }],
  ['feedback_time.text', 'feedback_time may be YYYY-MM-DD HH:mm:ss', { feedback_time: '2026-03-01 09:00:00' }],
  ['feedback_time.number', 'feedback_time may be a number', { feedback_time: 1_772_355_600_000 }],
  ['info.accepted', 'info is accepted', { info: { scene: 'feedback' } }],
]);

/** A user who said something and then corrected it; what is known afterwards. */
async function corrected(suite: Suite, said: string, feedback: string): Promise<{ readonly user: string; readonly listed: string }> {
  const [user, conversation] = [suite.fresh(), suite.fresh('conversation')];
  await suite.remember({ user_id: user, conversation_id: conversation, messages: [says(said), { role: 'assistant', content: 'I see.' }] });
  must(wordsOf(await memoriesOf(suite, user)) !== '[]', 'nothing is remembered that could be corrected');
  const answer = await suite.ask(PATH, { user_id: user, conversation_id: conversation, feedback_content: feedback });
  await suite.finished(String(answer['task_id']));
  return { user, listed: wordsOf(await memoriesOf(suite, user)) };
}

const replaced = (suite: Suite) =>
  suite.once('replaced', () => corrected(suite, 'I work at Zorblat as a driver.', 'Replace "Zorblat" with "Quantix" everywhere.'));
const moved = (suite: Suite) =>
  suite.once('moved', () => corrected(suite, 'I live in Lisbon.', 'That is wrong. I do not live in Lisbon, I live in Porto.'));

export const feedback: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [
    ...fields(
      'feedback.data',
      async (suite): Promise<readonly JsonObject[]> => [await suite.once('feedback', async () => suite.ask(PATH, await base.body(suite)))],
      {
        success: oneOf(true),
        task_id: uuid,
        status: oneOf('running', 'completed'),
      },
    ),
    rule('feedback.task', 'its task ends as completed', async (suite) => {
      await suite.finished(String((await suite.ask(PATH, await base.body(suite)))['task_id']));
    }),
    rule('feedback.replace.new', 'a keyword that is to be replaced: the new word is there', async (suite) => {
      const { listed } = await replaced(suite);
      must(listed.includes('Quantix'), `listed are ${shown(listed)}`);
    }),
    rule('feedback.replace.old', 'and the old word is not', async (suite) => {
      const { listed } = await replaced(suite);
      must(!listed.includes('Zorblat'), `listed are ${shown(listed)}`);
    }),
    rule('feedback.replace.rest', 'what else the memory says stays', async (suite) => {
      const { listed } = await replaced(suite);
      must(listed.includes('driver'), `listed are ${shown(listed)}`);
    }),
    rule('feedback.replace.search', 'a search finds the new word and not the old one', async (suite) => {
      const { user } = await replaced(suite);
      const words = wordsOf(await suite.ask('/search/memory', { user_id: user, query: 'Where do I work? Quantix Zorblat', relativity: 0 }));
      must(words.includes('Quantix') && !words.includes('Zorblat'), `found ${shown(words)}`);
    }),
    rule('feedback.correct.new', 'a correction: the new value is there', async (suite) => {
      const { listed } = await moved(suite);
      must(listed.includes('Porto'), `listed are ${shown(listed)}`);
    }),
    rule('feedback.correct.search', 'a search finds the new value before any trace of the old one', async (suite) => {
      const { user } = await moved(suite);
      const facts = (await suite.ask('/search/memory', { user_id: user, query: 'Where do I live?', relativity: 0 }))['memory_detail_list'];
      const first = JSON.stringify(Array.isArray(facts) ? (facts[0] ?? null) : null);
      must(first.includes('Porto'), `the first found is ${shown(first)}`);
    }),
    rule('feedback.correct.old', 'the old value is no longer told as true', async (suite) => {
      const { user } = await moved(suite);
      const facts = (await memoriesOf(suite, user))['memory_detail_list'] as { memory_value: string }[];
      const old = facts.filter(
        ({ memory_value: value }) => /Lisbon/u.test(value) && !/\b(not|n't|never|no longer|wrong|before|formerly)\b|Porto/u.test(value),
      );
      must(old.length === 0, `told is ${shown(old.map(({ memory_value: value }) => value))}`);
    }),
    rule('feedback.knowledgebase', 'feedback to a knowledge base is found there by everybody', async (suite) => {
      const base = await create(suite);
      const feedback_content = `The canteen of the ${suite.word('Brilligwerk')} closes at ten.`;
      const answer = await suite.ask(PATH, { user_id: suite.fresh(), feedback_content, allow_knowledgebase_ids: [base] });
      await suite.finished(String(answer['task_id']));
      must((await foundIn(suite, [base], suite.word('Brilligwerk'))).length > 0, 'it is not found');
    }),
    rule('feedback.others', "another user's memory keeps the word", async (suite) => {
      const other = suite.fresh();
      await suite.remember({ user_id: other, messages: [says('I work at Zorblat as a cook.')] });
      await corrected(suite, 'I work at Zorblat as a painter.', 'Replace "Zorblat" with "Quantix" everywhere.');
      must(wordsOf(await memoriesOf(suite, other)).includes('Zorblat'), 'the word is gone');
    }),
    ...refusals(base, REFUSALS),
    ...nulls(base, OPTIONAL),
    ...accepted,
  ],
};
