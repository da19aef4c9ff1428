import { dataOf, must } from '../engine/expectations.ts';
import { type JsonObject, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { acceptances, type Base, type Refusal, refusals } from '../engine/tables.ts';
import { memoriesOf, messagesOf, says, wordsOf } from './fixtures.ts';

const PATH = '/add/message';
const base: Base = {
  prefix: 'messages',
  path: PATH,
  body: (suite) => ({ user_id: suite.fresh(), conversation_id: suite.fresh('conversation'), messages: [says('I live in Oslo.')] }),
};
const one = (message: unknown): JsonObject => ({ messages: [message] });

const CALL = { id: 'call_1', type: 'function', function: { name: 'find_hotels', arguments: '{"city":"Lisbon"}' } };
const RESULT = { role: 'tool', tool_call_id: 'call_1', content: 'Three hotels.' };
const calling = (call: unknown): JsonObject => ({ messages: [says('Find hotels.'), { role: 'assistant', tool_calls: [call] }, RESULT] });
/** One transparent pixel. */
const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const REFUSALS: readonly Refusal[] = [
  ['role.missing', 'a message without role', one({ content: 'x' }), 40002],
  ['role.unknown', 'an unknown role', one({ role: 'wizard', content: 'x' }), 40000],
  ['role.type', 'a number as role', one({ role: 7, content: 'x' }), 40000],
  ['role.tool.alone', 'a tool message that answers no call', one({ role: 'tool', content: 'x' }), 40000],
  ['content.missing', 'a user message without content', one({ role: 'user' }), 40002],
  ['content.empty', 'an empty content', one(says('')), [40002, 40003]],
  ['content.number', 'a number as content', one(says(7)), 40000],
  ['content.object', 'an object as content', one(says({ type: 'text', text: 'x' })), 40000],
  ['content.part.type', 'an unknown type of part', one(says([{ type: 'smell', smell: 'rose' }])), 40000],
  ['content.part.type.missing', 'a part without type', one(says([{ text: 'x' }])), [40000, 40002]],
  ['content.part.text.missing', 'a text part without text', one(says([{ type: 'text' }])), [40000, 40002]],
  ['content.part.image_url.missing', 'an image part without image_url', one(says([{ type: 'image_url' }])), [40000, 40002]],
  [
    'content.part.image_url.url',
    'an image that is neither URL nor data URL',
    one(says([{ type: 'image_url', image_url: { url: 'nowhere' } }])),
    [40000, 40008, 40009],
  ],
  ['content.part.file.missing', 'a file part without file', one(says([{ type: 'file' }])), [40000, 40002]],
  ['content.part.file_data.missing', 'a file without file_data', one(says([{ type: 'file', file: {} }])), [40000, 40002]],
  ['chat_time.type', 'an object as chat_time', one(says('x', { chat_time: {} })), 40000],
  ['chat_time.none', 'a chat_time that is no time', one(says('x', { chat_time: 'ninety o clock' })), 40000],
  ['role_id.type', 'an object as role_id', one(says('x', { role_id: {} })), 40000],
  ['tool_calls.type', 'a string in place of tool_calls', one({ role: 'assistant', tool_calls: 'call' }), 40000],
  ['tool_calls.id', 'a call without id', calling({ ...CALL, id: undefined }), [40000, 40002]],
  ['tool_calls.type.value', 'a call of another type', calling({ ...CALL, type: 'gadget' }), 40000],
  ['tool_calls.function', 'a call without function', calling({ ...CALL, function: undefined }), [40000, 40002]],
  ['tool_calls.function.name', 'a call without name', calling({ ...CALL, function: { arguments: '{}' } }), [40000, 40002]],
  [
    'tool_calls.function.arguments',
    'arguments that are no string',
    calling({ ...CALL, function: { name: 'find_hotels', arguments: {} } }),
    40000,
  ],
  ['tool_calls.role', 'tool_calls of a user', one(says('x', { tool_calls: [CALL] })), 40000],
];

const accepted = acceptances(base, [
  ['role.user', 'the role user is accepted', one(says('I live in Oslo.'))],
  ['role.assistant', 'the role assistant is accepted', one({ role: 'assistant', content: 'How can I be of service?' })],
  ['role.system', 'the role system is accepted', { messages: [{ role: 'system', content: 'Be brief.' }, says('I live in Oslo.')] }],
  ['role.tool', 'a call with its result is accepted', calling(CALL)],
  [
    'content.optional',
    'an assistant message with tool_calls needs no content',
    { messages: [says('Find hotels.'), { role: 'assistant', content: null, tool_calls: [CALL] }, RESULT] },
  ],
  [
    'content.parts',
    'a list of text parts is accepted',
    one(
      says([
        { type: 'text', text: 'I live' },
        { type: 'text', text: 'in Oslo.' },
      ]),
    ),
  ],
  [
    'content.image.data',
    'an image may be a data URL',
    one(
      says([
        { type: 'text', text: 'Look.' },
        { type: 'image_url', image_url: { url: PIXEL } },
      ]),
    ),
  ],
  [
    'content.file.base64',
    'a file may be bare base64',
    one(says([{ type: 'file', file: { file_data: Buffer.from('I live in Oslo.\n').toString('base64') } }])),
  ],
  [
    'content.tool.parts',
    'a tool result may be a list of text parts',
    {
      messages: [
        says('Find hotels.'),
        { role: 'assistant', tool_calls: [CALL] },
        { ...RESULT, content: [{ type: 'text', text: 'Three hotels.' }] },
      ],
    },
  ],
  ['chat_time.seconds', 'chat_time may be YYYY-MM-DD HH:mm:ss', one(says('I live in Oslo.', { chat_time: '2026-03-01 09:00:00' }))],
  ['chat_time.milliseconds', 'chat_time may have milliseconds', one(says('I live in Oslo.', { chat_time: '2026-03-01 09:00:00.123' }))],
  ['chat_time.iso', 'chat_time may be ISO 8601', one(says('I live in Oslo.', { chat_time: '2026-03-01T09:00:00+08:00' }))],
  ['chat_time.date', 'chat_time may be a date', one(says('I live in Oslo.', { chat_time: '2026-03-01' }))],
  ['chat_time.epochText', 'chat_time may be an epoch as string', one(says('I live in Oslo.', { chat_time: '1772355600000' }))],
  ['chat_time.epoch', 'chat_time may be a number', one(says('I live in Oslo.', { chat_time: 1_772_355_600_000 }))],
  ['chat_time.words', 'chat_time may be natural language', one(says('I live in Oslo.', { chat_time: 'yesterday at 3pm' }))],
  ['chat_time.null', 'null in chat_time counts as absent', one(says('I live in Oslo.', { chat_time: null }))],
  ['role_id.null', 'null in role_id and role_name counts as absent', one(says('I live in Oslo.', { role_id: null, role_name: null }))],
  [
    'tool_calls.null',
    'null in tool_calls and tool_call_id counts as absent',
    one(says('I live in Oslo.', { tool_calls: null, tool_call_id: null })),
  ],
]);

const behaviour = [
  rule('messages.role.function', 'the role function is refused', async (suite) => {
    const reply = await suite.post(PATH, { ...(await base.body(suite)), messages: [{ role: 'function', content: 'x' }] });
    must(reply.status >= 400, `HTTP ${reply.status}`);
  }),
  rule('messages.order', 'messages keep the order they were sent in', async (suite) => {
    const body = { user_id: suite.fresh(), conversation_id: suite.fresh('conversation') };
    const contents = ['Good morning.', 'Good morning to you.', 'How are you?', 'Very well.'];
    const messages = contents.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));
    await suite.ask(PATH, { ...body, messages });
    const seen = (await messagesOf(suite, body.user_id, body.conversation_id)).map(({ content }) => content);
    must(JSON.stringify(seen) === JSON.stringify(contents), `the order is ${shown(seen)}`);
  }),
  rule('messages.content.parts.mined', 'what text parts say becomes a memory', async (suite) => {
    const user = suite.fresh();
    await suite.remember({ user_id: user, messages: [says([{ type: 'text', text: 'I live in Reykjavik.' }])] });
    must(wordsOf(await memoriesOf(suite, user)).includes('Reykjavik'), 'no memory says so');
  }),
  rule('messages.content.image.async', 'a message with an image is processed in the background', async (suite) => {
    const content = [
      { type: 'text', text: 'Look.' },
      { type: 'image_url', image_url: { url: PIXEL } },
    ];
    const data = dataOf(
      await suite.post(PATH, { ...(await base.body(suite)), async_mode: false, messages: [says(content)] }),
    ) as JsonObject;
    must(data['status'] === 'running', `status is ${shown(data['status'])}`);
  }),
];

export const messages: RuleGroup = {
  endpoint: `messages of POST ${PATH}`,
  rules: [...refusals(base, REFUSALS), ...accepted, ...behaviour],
};
