import { listAt, must, textAt } from '../engine/expectations.ts';
import { type JsonObject, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { oneOf, text, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { acceptances, type Base, fields, nulls, type Refusal, refusals } from '../engine/tables.ts';
import { known, LONG_ID, messagesOf, says } from './fixtures.ts';

const PATH = '/get/message';
const base: Base = {
  prefix: 'get.message',
  path: PATH,
  body: (suite) => ({ user_id: suite.fresh(), conversation_id: suite.fresh('conversation') }),
};

const REFUSALS: readonly Refusal[] = [
  ['user_id.missing', 'a request for nobody', { user_id: undefined }, 40002],
  ['user_id.null', 'null as user_id', { user_id: null }, 40002],
  ['user_id.length', 'a user_id of 101 characters', { user_id: LONG_ID }, 40010],
  ['conversation_id.missing', 'a request without conversation', { conversation_id: undefined }, 40002],
  ['conversation_id.null', 'null as conversation_id', { conversation_id: null }, 40002],
  ['conversation_id.length', 'a conversation_id of 101 characters', { conversation_id: LONG_ID }, 40011],
  ['message_limit_number.zero', '0 as message_limit_number', { message_limit_number: 0 }, 40000],
  ['message_limit_number.type', 'a word as message_limit_number', { message_limit_number: 'all' }, 40000],
];

const accepted = acceptances(base, [
  [
    'unknown',
    'an unknown conversation is an empty list',
    {},
    (data) => must(listAt(data, 'message_detail_list').length === 0, 'there are messages'),
  ],
  ['message_limit_number.above', 'a limit above 50 is lowered, not refused', { message_limit_number: 500 }],
  ['conversation_limit_number', 'conversation_limit_number is ignored', { conversation_limit_number: 6 }],
]);

/** A conversation of eight turns: "Word 1" to "Word 8", and one system message that is not listed. */
const long = (suite: Suite): Promise<{ readonly user: string; readonly conversation: string }> =>
  suite.once('long conversation', async () => {
    const [user, conversation] = [suite.fresh('long'), suite.fresh('conversation')];
    const turns = Array.from({ length: 8 }, (_, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: `Word ${index + 1}` }));
    await suite.ask('/add/message', {
      user_id: user,
      conversation_id: conversation,
      messages: [{ role: 'system', content: 'Be brief.' }, ...turns],
    });
    return { user, conversation };
  });

const contents = (messages: readonly JsonObject[]): string => messages.map((message) => textAt(message, 'content')).join(', ');

export const getMessage: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [
    ...fields(
      'get.message.message_detail_list',
      async (suite) => {
        const { user, first } = await known(suite);
        return messagesOf(suite, user, first);
      },
      { role: oneOf('user', 'assistant'), content: text, create_time: words, update_time: words },
    ),
    rule('get.message.order', 'messages come oldest first', async (suite) => {
      const { user, conversation } = await long(suite);
      const seen = contents(await messagesOf(suite, user, conversation));
      must(seen === 'Word 1, Word 2, Word 3, Word 4, Word 5, Word 6, Word 7, Word 8', `the order is ${seen}`);
    }),
    rule('get.message.roles', 'only user and assistant messages are listed', async (suite) => {
      const { user, conversation } = await long(suite);
      const roles = new Set((await messagesOf(suite, user, conversation)).map(({ role }) => role));
      must(roles.size === 2 && roles.has('user') && roles.has('assistant'), `roles are ${shown([...roles])}`);
    }),
    rule('get.message.message_limit_number', 'the limit keeps the latest messages', async (suite) => {
      const { user, conversation } = await long(suite);
      const seen = contents(await messagesOf(suite, user, conversation, { message_limit_number: 3 }));
      must(seen === 'Word 6, Word 7, Word 8', `the messages are ${seen}`);
    }),
    rule('get.message.message_limit_number.default', 'the default of the limit is 6', async (suite) => {
      const { user, conversation } = await long(suite);
      const seen = contents(await messagesOf(suite, user, conversation, { message_limit_number: undefined }));
      must(seen === 'Word 3, Word 4, Word 5, Word 6, Word 7, Word 8', `the messages are ${seen}`);
    }),
    rule('get.message.message_limit_number.string', 'the limit may be a numeric string', async (suite) => {
      const { user, conversation } = await long(suite);
      const seen = contents(await messagesOf(suite, user, conversation, { message_limit_number: '1' }));
      must(seen === 'Word 8', `the messages are ${seen}`);
    }),
    rule('get.message.conversation', 'another conversation of the user is not listed', async (suite) => {
      const { user, first } = await known(suite);
      const seen = contents(await messagesOf(suite, user, first));
      must(seen.includes('Lisbon') && !seen.includes('peanuts'), `the messages are ${seen}`);
    }),
    rule('get.message.user', "another user's conversation is not listed", async (suite) => {
      const { first } = await known(suite);
      const seen = await messagesOf(suite, suite.fresh(), first);
      must(seen.length === 0, `the messages are ${shown(seen)}`);
    }),
    rule('get.message.append', 'later messages of a conversation follow the earlier ones', async (suite) => {
      const body = { user_id: suite.fresh(), conversation_id: suite.fresh('conversation') };
      for (const word of ['One.', 'Two.']) await suite.ask('/add/message', { ...body, messages: [says(word)] });
      const seen = contents(await messagesOf(suite, body.user_id, body.conversation_id));
      must(seen === 'One., Two.', `the messages are ${seen}`);
    }),
    ...refusals(base, REFUSALS),
    ...nulls(base, ['message_limit_number', 'conversation_limit_number', 'source']),
    ...accepted,
  ],
};
