import { listAt, must } from '../engine/expectations.ts';
import { type JsonObject, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { absent, mustBe, objects, oneOf, text, texts, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { acceptances, type Base, fields, nulls, type Refusal, refusals } from '../engine/tables.ts';
import { memoriesOf, says, tokens } from './fixtures.ts';

const PATH = '/extract/memory';
const MESSAGES = [says('I live in Lisbon.'), says('I prefer window seats on every flight.')];
const base: Base = { prefix: 'extract', path: PATH, body: () => ({ messages: MESSAGES }) };

const REFUSALS: readonly Refusal[] = [
  ['messages.missing', 'a request without messages', { messages: undefined }, 40002],
  ['messages.empty', 'an empty list of messages', { messages: [] }, [40002, 40003]],
  ['messages.string', 'a string in place of the messages', { messages: 'I live in Oslo.' }, 40000],
  ['messages.items', 'a string as message', { messages: ['I live in Oslo.'] }, 40000],
  ['messages.role.unknown', 'an unknown role', { messages: [{ role: 'wizard', content: 'x' }] }, 40000],
  ['messages.role.tool', 'the role tool', { messages: [{ role: 'tool', content: 'x' }] }, 40000],
  ['messages.content.missing', 'a message without content', { messages: [{ role: 'user' }] }, 40002],
  ['messages.content.type', 'a content that is no string', { messages: [says(7)] }, 40000],
  ['messages.length', 'messages of more than 8,000 tokens together', { messages: [says(tokens(8_000))] }, [40013, 40305]],
  ['extraction_types.unknown', 'an unknown type', { extraction_types: ['dreams'] }, 40000],
  ['extraction_types.type', 'a string in place of extraction_types', { extraction_types: 'memory' }, 40000],
];

const accepted = acceptances(base, [
  [
    'messages.system',
    'system and assistant messages are accepted',
    { messages: [{ role: 'system', content: 'Be brief.' }, ...MESSAGES, { role: 'assistant', content: 'I see.' }] },
  ],
  ['model', 'model is accepted', { model: 'any-model' }],
  ['ids', 'user_id, conversation_id and agent_id are accepted', { user_id: 'u', conversation_id: 'c', agent_id: 'a' }],
]);

const extracted = (suite: Suite): Promise<JsonObject> => suite.once('extracted', () => suite.ask(PATH, { messages: MESSAGES }));

export const extractMemory: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [
    rule('extract.success', 'success is true', async (suite) => mustBe('success', (await extracted(suite))['success'], oneOf(true))),
    rule('extract.default', 'by default facts and preferences are extracted', async (suite) => {
      const data = await extracted(suite);
      must(JSON.stringify(listAt(data, 'memory_detail_list')).includes('Lisbon'), `facts are ${shown(data['memory_detail_list'])}`);
      must(
        JSON.stringify(listAt(data, 'preference_detail_list')).includes('window'),
        `preferences are ${shown(data['preference_detail_list'])}`,
      );
    }),
    ...fields('extract.memory_detail_list', async (suite) => listAt(await extracted(suite), 'memory_detail_list'), {
      memory_key: words,
      memory_value: words,
      memory_type: oneOf('WorkingMemory', 'LongTermMemory', 'UserMemory'),
      tags: texts,
    }),
    ...fields('extract.preference_detail_list', async (suite) => listAt(await extracted(suite), 'preference_detail_list'), {
      preference: words,
      reasoning: text,
      preference_type: oneOf('explicit_preference', 'implicit_preference'),
    }),
    ...(['memory', 'preference'] as const).map((type) =>
      rule(`extract.extraction_types.${type}`, `of ${type} alone the other list is absent`, async (suite) => {
        const data = await suite.ask(PATH, { messages: MESSAGES, extraction_types: [type] });
        mustBe(`${type}_detail_list`, data[`${type}_detail_list`], objects);
        const other = type === 'memory' ? 'preference_detail_list' : 'memory_detail_list';
        mustBe(other, data[other], absent);
      }),
    ),
    rule('extract.nothing', 'of words that say nothing the lists are empty, not null', async (suite) => {
      const data = await suite.ask(PATH, { messages: [says('Hello!')] });
      mustBe('memory_detail_list', data['memory_detail_list'], objects);
      mustBe('preference_detail_list', data['preference_detail_list'], objects);
    }),
    rule('extract.stateless', 'nothing is stored', async (suite) => {
      const user = suite.fresh();
      await suite.ask(PATH, { messages: MESSAGES, user_id: user, conversation_id: suite.fresh('conversation') });
      const data = await memoriesOf(suite, user);
      must(data['total'] === 0, `there are ${shown(data)}`);
    }),
    ...refusals(base, REFUSALS),
    ...nulls(base, ['extraction_types', 'model']),
    ...accepted,
  ],
};
