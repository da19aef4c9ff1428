import { listAt, must } from '../engine/expectations.ts';
import { at, isObject, type JsonObject, parseJson, shown } from '../engine/json.ts';
import { NotRun } from '../engine/breach.ts';
import { type Rule, rule, type RuleGroup } from '../engine/rule.ts';
import type { Reply, RequestOptions } from '../engine/server.ts';
import { count, matching, mustBe, oneOf, optional, text, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { memoriesOf, messagesOf, says, someModel } from './fixtures.ts';

const PATH = '/chat/completions';
const HELLO = [says('Good morning.')];

/** Posts; a server that does not offer this extension of the contract breaches nothing. */
async function complete(suite: Suite, body: JsonObject, options: RequestOptions = {}): Promise<Reply> {
  const reply = await suite.post(PATH, { model: await someModel(suite), user: suite.fresh(), messages: HELLO, ...body }, options);
  if (at(reply.body, 'code') === 50000 && reply.status === 404) throw new NotRun('the server does not offer it');
  return reply;
}

function completionOf(reply: Reply): JsonObject {
  must(reply.status === 200, `HTTP ${reply.status}: ${shown(reply.text)}`);
  must(isObject(reply.body), `the answer is ${shown(reply.text)}`);
  return reply.body;
}

const once = (suite: Suite): Promise<JsonObject> => suite.once('completion', async () => completionOf(await complete(suite, {})));
const streamed = (suite: Suite): Promise<Reply> =>
  suite.once('streamed completion', () => complete(suite, { stream: true, stream_options: { include_usage: true } }));

const lines = ({ text: body }: Reply): readonly string[] =>
  body
    .split(/\r?\n/u)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trim());
const chunksOf = (reply: Reply): readonly unknown[] =>
  lines(reply)
    .filter((line) => line !== '[DONE]')
    .map((line) => parseJson(line));

const field = (id: string, path: string, expected: Parameters<typeof mustBe>[2]): Rule =>
  rule(`completions.${id}`, `${path} is ${expected.says}`, async (suite) => mustBe(path, at(await once(suite), path), expected));

const shapes: readonly Rule[] = [
  field('id', 'id', words),
  field('object', 'object', oneOf('chat.completion')),
  field(
    'created',
    'created',
    matching('epoch seconds', (value) => Number.isInteger(value) && Number(value) > 1e9 && Number(value) < 1e11),
  ),
  field('model', 'model', words),
  field('choices.index', 'choices.0.index', oneOf(0)),
  field('choices.role', 'choices.0.message.role', oneOf('assistant')),
  field('choices.content', 'choices.0.message.content', words),
  field('choices.finish_reason', 'choices.0.finish_reason', oneOf('stop', 'length', 'content_filter')),
  field('usage.prompt_tokens', 'usage.prompt_tokens', count),
  field('usage.completion_tokens', 'usage.completion_tokens', count),
  field('usage.total_tokens', 'usage.total_tokens', count),
  field('envelope', 'code', oneOf(undefined)),
];

const streaming: readonly Rule[] = [
  rule('completions.stream.contentType', 'a stream is text/event-stream', async (suite) => {
    const type = (await streamed(suite)).headers.get('content-type') ?? '';
    must(/^text\/event-stream\b/u.test(type), `content-type is ${shown(type)}`);
  }),
  rule('completions.stream.done', 'it ends with [DONE]', async (suite) =>
    must(lines(await streamed(suite)).at(-1) === '[DONE]', `it ends with ${shown(lines(await streamed(suite)).at(-1))}`),
  ),
  rule('completions.stream.object', 'every chunk is a chat.completion.chunk with choices', async (suite) => {
    const chunks = chunksOf(await streamed(suite));
    must(
      chunks.length > 0 && chunks.every((chunk) => at(chunk, 'object') === 'chat.completion.chunk' && Array.isArray(at(chunk, 'choices'))),
      `chunks are ${shown(chunks)}`,
    );
  }),
  rule('completions.stream.id', 'all chunks have one id', async (suite) => {
    const ids = new Set(chunksOf(await streamed(suite)).map((chunk) => at(chunk, 'id')));
    must(ids.size === 1 && !ids.has(undefined), `ids are ${shown([...ids])}`);
  }),
  rule('completions.stream.content', 'the deltas are an answer', async (suite) => {
    const content = chunksOf(await streamed(suite))
      .map((chunk) => at(chunk, 'choices.0.delta.content'))
      .filter((piece) => typeof piece === 'string');
    must(content.join('').trim() !== '', 'there is no content');
  }),
  rule('completions.stream.finish_reason', 'the last choice has a finish_reason', async (suite) => {
    const reasons = chunksOf(await streamed(suite))
      .map((chunk) => at(chunk, 'choices.0.finish_reason'))
      .filter((reason) => typeof reason === 'string');
    must(reasons.length === 1, `finish_reasons are ${shown(reasons)}`);
  }),
];

async function remembered(
  suite: Suite,
  body: JsonObject,
  options: RequestOptions,
  conversation: string,
  user: string,
): Promise<readonly JsonObject[]> {
  completionOf(await complete(suite, { user, ...body }, options));
  return suite.eventually(
    () => messagesOf(suite, user, conversation),
    ({ length }) => length >= 2,
    'question and answer are stored',
  );
}

const memory: readonly Rule[] = [
  rule('completions.conversation.header', 'the turn is stored in the conversation of X-Conversation-Id', async (suite) => {
    const [user, conversation] = [suite.fresh(), suite.fresh('conversation')];
    const messages = await remembered(suite, {}, { headers: { 'x-conversation-id': conversation } }, conversation, user);
    must(messages[0]?.['content'] === 'Good morning.' && messages[1]?.['role'] === 'assistant', `messages are ${shown(messages)}`);
  }),
  rule('completions.conversation.metadata', 'or in that of metadata.conversation_id', async (suite) => {
    const [user, conversation] = [suite.fresh(), suite.fresh('conversation')];
    const messages = await remembered(suite, { metadata: { conversation_id: conversation } }, {}, conversation, user);
    must(messages.length === 2, `messages are ${shown(messages)}`);
  }),
  rule('completions.conversation.unseen', 'of the turns a caller repeats only the new one is stored', async (suite) => {
    const [user, conversation] = [suite.fresh(), suite.fresh('conversation')];
    const options = { headers: { 'x-conversation-id': conversation } };
    const first = completionOf(await complete(suite, { user }, options));
    await suite.eventually(
      () => messagesOf(suite, user, conversation),
      ({ length }) => length >= 2,
      'the first turn is stored',
    );
    const messages = [...HELLO, { role: 'assistant', content: at(first, 'choices.0.message.content') }, says('And good night.')];
    completionOf(await complete(suite, { user, messages }, options));
    const stored = await suite.eventually(
      () => messagesOf(suite, user, conversation),
      ({ length }) => length >= 4,
      'the second turn is stored',
    );
    must(
      stored.length === 4 && stored[2]?.['content'] === 'And good night.',
      `messages are ${shown(stored.map(({ content }) => content))}`,
    );
  }),
  rule('completions.memories', 'what is said becomes a memory of the user', async (suite) => {
    const user = suite.fresh();
    completionOf(await complete(suite, { user, messages: [says('I live in Stavanger.')] }));
    await suite.eventually(
      () => memoriesOf(suite, user),
      (data) => JSON.stringify(data).includes('Stavanger'),
      'a memory says Stavanger',
    );
  }),
];

/** An error an OpenAI client understands, or the contract's envelope. */
function mustBeError({ status, body }: Reply, expected: readonly number[]): void {
  must(expected.includes(status), `HTTP ${status}: ${shown(body)}`);
  must(
    typeof at(body, 'error.message') === 'string' || (typeof at(body, 'code') === 'number' && typeof at(body, 'message') === 'string'),
    `the error is ${shown(body)}`,
  );
}

const REFUSALS: readonly (readonly [id: string, checks: string, change: JsonObject])[] = [
  ['messages.missing', 'a request without messages', { messages: undefined }],
  ['messages.empty', 'an empty list of messages', { messages: [] }],
  ['messages.type', 'a string in place of the messages', { messages: 'x' }],
  ['messages.role', 'an unknown role', { messages: [{ role: 'wizard', content: 'x' }] }],
  ['temperature.above', 'a temperature above 2', { temperature: 3 }],
  ['stream.error', 'a bad request that asks for a stream', { messages: [], stream: true }],
];

export const completions: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [
    ...shapes,
    ...streaming,
    ...memory,
    rule('completions.unknownFields', 'unknown fields and null are ignored', async (suite) => {
      completionOf(await complete(suite, { temperature: null, top_p: null, stop: null, frequency_penalty: null, colour: 'red' }));
    }),
    ...REFUSALS.map(([id, checks, change]) =>
      rule(`completions.${id}`, `${checks} is refused with HTTP 400`, async (suite) => mustBeError(await complete(suite, change), [400])),
    ),
    rule('completions.key', 'a wrong key is refused with HTTP 401', async (suite) =>
      mustBeError(await complete(suite, {}, { key: 'mpg-conformance-no-such-key' }), [401]),
    ),
  ],
};

const modelsOf = (suite: Suite): Promise<JsonObject> =>
  suite.once('models', async () => {
    const reply = await suite.get('/models');
    if (at(reply.body, 'code') === 50000 && reply.status === 404) throw new NotRun('the server does not offer it');
    return completionOf(reply);
  });

const modelField = (name: string, expected: Parameters<typeof mustBe>[2]): Rule =>
  rule(`models.${name}`, `${name} of a model is ${expected.says}`, async (suite) => {
    const models = listAt(await modelsOf(suite), 'data');
    if (models.length === 0) throw new NotRun('the server lists no model');
    for (const model of models) mustBe(name, model[name], expected);
  });

export const models: RuleGroup = {
  endpoint: 'GET /models',
  rules: [
    rule('models.list', 'the answer is a list without envelope', async (suite) => {
      const body = await modelsOf(suite);
      must(body['object'] === 'list' && Array.isArray(body['data']) && body['code'] === undefined, `it is ${shown(body)}`);
    }),
    modelField('id', words),
    modelField('object', oneOf('model')),
    modelField('created', optional(count)),
    modelField('owned_by', optional(text)),
    rule('models.id.unique', 'no name is listed twice', async (suite) => {
      const ids = listAt(await modelsOf(suite), 'data').map(({ id }) => id);
      must(new Set(ids).size === ids.length, `they are ${shown(ids)}`);
    }),
  ],
};
