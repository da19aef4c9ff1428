import { dataOf, must, mustRefuse, textAt } from '../engine/expectations.ts';
import { at, isObject, type JsonObject, parseJson, shown } from '../engine/json.ts';
import { NotRun } from '../engine/breach.ts';
import { type Rule, rule, type RuleGroup } from '../engine/rule.ts';
import type { Reply } from '../engine/server.ts';
import { mustBe, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { acceptances, type Base, type Refusal, refusals } from '../engine/tables.ts';
import { LONG_ID, memoriesOf, messagesOf, MODEL, modelNames, someModel, tokens } from './fixtures.ts';

const PATH = '/chat';
const base: Base = {
  prefix: 'chat',
  path: PATH,
  body: (suite) => ({ user_id: suite.fresh(), conversation_id: suite.fresh('conversation'), query: 'Good morning.' }),
};
const QUIET = { add_message_on_answer: false };

const REFUSALS: readonly Refusal[] = [
  ['user_id.missing', 'a chat of nobody', { user_id: undefined }, 40002],
  ['user_id.empty', 'an empty user_id', { user_id: '' }, 40002],
  ['user_id.length', 'a user_id of 101 characters', { user_id: LONG_ID }, 40010],
  ['user_id.type', 'a list of users', { user_id: ['a', 'b'] }, 40000],
  ['conversation_id.length', 'a conversation_id of 101 characters', { conversation_id: LONG_ID }, 40011],
  ['query.missing', 'a chat without query', { query: undefined }, 40002],
  ['query.empty', 'an empty query', { query: '' }, 40002],
  ['query.type', 'a list as query', { query: [{ type: 'text', text: 'x' }] }, 40000],
  ['query.length', 'a query of more than 8,000 tokens', { query: tokens(8_000) }, 40305],
  ['filter.type', 'a string as filter', { filter: 'x' }, 40000],
  ['knowledgebase_ids.type', 'a string in place of knowledgebase_ids', { knowledgebase_ids: 'base-no-such' }, [40000, 50123]],
  ['knowledgebase_ids.unlinked', 'a knowledge base that is not linked', { knowledgebase_ids: ['base-no-such'] }, 50123],
  ['memory_limit_number.zero', '0 as memory_limit_number', { memory_limit_number: 0 }, 40000],
  ['preference_limit_number.zero', '0 as preference_limit_number', { preference_limit_number: 0 }, 40000],
  ['relativity.above', 'a relativity above 1', { relativity: 1.5 }, [40000, 40012]],
  ['relativity.below', 'a relativity below 0', { relativity: -1 }, [40000, 40012]],
  ['model_name.type', 'an object as model_name', { model_name: {} }, 40000],
  ['system_prompt.type', 'an object as system_prompt', { system_prompt: {} }, 40000],
  ['stream.type', 'a word as stream', { stream: 'perhaps' }, 40000],
  ['max_tokens.zero', '0 as max_tokens', { max_tokens: 0 }, 40000],
  ['max_tokens.type', 'a word as max_tokens', { max_tokens: 'many' }, 40000],
  ['temperature.above', 'a temperature above 2', { temperature: 2.01 }, 40000],
  ['temperature.below', 'a temperature below 0', { temperature: -0.01 }, 40000],
  ['top_p.above', 'a top_p above 1', { top_p: 1.01 }, 40000],
  ['top_p.below', 'a top_p below 0', { top_p: -0.01 }, 40000],
  ['add_message_on_answer.type', 'a word as add_message_on_answer', { add_message_on_answer: 'perhaps' }, 40000],
  ['tags.type', 'a string in place of tags', { tags: 'travel' }, 40000],
  ['info.type', 'a string in place of info', { info: 'x' }, 40000],
];

const NULLS = Object.fromEntries(
  [
    'conversation_id filter knowledgebase_ids memory_limit_number include_preference preference_limit_number relativity model_name system_prompt stream',
    'max_tokens temperature top_p add_message_on_answer app_id agent_id tags info allow_public allow_knowledgebase_ids async_mode internet_search',
    'force_stop use_mem_os_cube source include_tool_memory tool_memory_limit_number',
  ]
    .flatMap((line) => line.split(' '))
    .map((field) => [field, null]),
);

const answered = (data: JsonObject): void => mustBe('response', data['response'], words);
const accepted = acceptances(base, [
  ['response', 'response is words', QUIET, answered],
  ['null', 'null in every optional field counts as absent', NULLS, answered],
  ['conversation_id.optional', 'conversation_id may be left out', { ...QUIET, conversation_id: undefined }, answered],
  ['knowledgebase_ids.all', '["all"] means every linked knowledge base', { ...QUIET, knowledgebase_ids: ['all'] }, answered],
  ['temperature.bounds', 'temperature may be 0 and top_p 1', { ...QUIET, temperature: 0, top_p: 1 }, answered],
  ['temperature.two', 'temperature may be 2', { ...QUIET, temperature: 2 }, answered],
  ['max_tokens.string', 'max_tokens may be a numeric string', { ...QUIET, max_tokens: '512' }, answered],
  [
    'memory_limit_number.above',
    'limits above 25 are lowered, not refused',
    { ...QUIET, memory_limit_number: 100, preference_limit_number: 100 },
    answered,
  ],
  [
    'system_prompt.braces',
    'a system prompt may hold braces of every kind',
    { ...QUIET, system_prompt: 'Use {memories} and {"json": {0}}.' },
    answered,
  ],
  [
    'ignored',
    'internet_search, force_stop and use_mem_os_cube are accepted',
    { ...QUIET, internet_search: true, force_stop: false, use_mem_os_cube: true, source: 'x' },
    answered,
  ],
]);

async function turn(
  suite: Suite,
  change: JsonObject,
): Promise<{ readonly user: string; readonly conversation: string; readonly response: string }> {
  const body: JsonObject = { ...(await base.body(suite)), ...change };
  const response = textAt(await suite.ask(PATH, body), 'response');
  return { user: textAt(body, 'user_id'), conversation: textAt(body, 'conversation_id'), response };
}

const writing: readonly Rule[] = [
  rule('chat.add_message_on_answer.default', 'by default question and answer become messages of the conversation', async (suite) => {
    const { user, conversation, response } = await turn(suite, {});
    const messages = await suite.eventually(
      () => messagesOf(suite, user, conversation),
      ({ length }) => length >= 2,
      'both messages are stored',
    );
    const seen = messages.map(({ role, content }) => [role, content]);
    must(
      JSON.stringify(seen) ===
        JSON.stringify([
          ['user', 'Good morning.'],
          ['assistant', response],
        ]),
      `messages are ${shown(seen)}`,
    );
  }),
  rule('chat.add_message_on_answer.false', 'add_message_on_answer false stores nothing', async (suite) => {
    const [silent, spoken] = [await turn(suite, QUIET), await turn(suite, {})];
    // Once the later turn is there, the earlier one would be, too.
    await suite.eventually(
      () => messagesOf(suite, spoken.user, spoken.conversation),
      ({ length }) => length >= 2,
      'the later turn is stored',
    );
    must((await messagesOf(suite, silent.user, silent.conversation)).length === 0, 'the turn is stored');
  }),
  rule('chat.memories', 'what was said in a chat becomes a memory, with its labels', async (suite) => {
    const { user } = await turn(suite, {
      query: 'I live in Stavanger.',
      tags: ['city'],
      info: { scene: 'talk' },
      app_id: 'app-7',
      async_mode: false,
    });
    const filter = { and: [{ app_id: 'app-7' }, { scene: 'talk' }] };
    await suite.eventually(
      () => memoriesOf(suite, user, { filter }),
      (data) => JSON.stringify(data).includes('Stavanger'),
      'a memory says Stavanger',
    );
  }),
];

const models: readonly Rule[] = [
  ...[MODEL, 'qwen3-32b', 'deepseek-r1'].map((name) =>
    rule(`chat.model_name.${name}`, `the model ${name} answers`, async (suite) => {
      const listed = await modelNames(suite);
      if (listed.length > 0 && !listed.includes(name)) throw new NotRun('the server lists models without it');
      answered(await suite.ask(PATH, { ...(await base.body(suite)), ...QUIET, model_name: name }));
    }),
  ),
  rule('chat.model_name.case', 'the names of models are compared without case', async (suite) => {
    const name = await someModel(suite);
    for (const spelt of [name.toUpperCase(), name.toLowerCase()]) {
      answered(await suite.ask(PATH, { ...(await base.body(suite)), ...QUIET, model_name: spelt }));
    }
  }),
  rule('chat.model_name.unknown', 'a model that does not exist is refused with 40000, or another one answers', async (suite) => {
    const reply = await suite.post(PATH, { ...(await base.body(suite)), ...QUIET, model_name: 'no-such-model-at-all' });
    if (at(reply.body, 'code') === 0) mustBe('response', at(dataOf(reply), 'response'), words);
    else mustRefuse(reply, 40000, suite.isStrict);
  }),
];

interface Event {
  readonly type: unknown;
  readonly data: unknown;
}

const streamed = (suite: Suite): Promise<Reply> =>
  suite.once('stream', async () => suite.post(PATH, { ...(await base.body(suite)), query: '早上好，我住在广州。', stream: true }));

const dataLines = ({ text }: Reply): readonly string[] =>
  text
    .split(/\r?\n/u)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trimStart());

const eventsOf = (reply: Reply): readonly Event[] =>
  dataLines(reply).map((line) => {
    const event = parseJson(line);
    must(isObject(event), `a data line is no JSON object: ${shown(line)}`);
    return { type: event['type'], data: event['data'] };
  });

const streaming: readonly Rule[] = [
  rule('chat.stream.status', 'a stream answers HTTP 200', async (suite) => {
    const { status } = await streamed(suite);
    must(status === 200, `HTTP ${status}`);
  }),
  rule('chat.stream.contentType', 'its content type is text/event-stream', async (suite) => {
    const type = (await streamed(suite)).headers.get('content-type');
    must(/^text\/event-stream\b/u.test(type ?? ''), `content-type is ${shown(type)}`);
  }),
  rule('chat.stream.charset', 'its content type names the charset utf-8', async (suite) => {
    const type = (await streamed(suite)).headers.get('content-type');
    must(/;\s*charset="?utf-8"?/iu.test(type ?? ''), `content-type is ${shown(type)}`);
  }),
  rule('chat.stream.json', 'every data line is JSON with type and data', async (suite) => {
    const events = eventsOf(await streamed(suite));
    must(events.length > 0, 'there is no data line');
    for (const event of events) must(typeof event.type === 'string' && typeof event.data === 'string', `an event is ${shown(event)}`);
  }),
  rule('chat.stream.types', 'types are reasoning, text and end', async (suite) => {
    const events = eventsOf(await streamed(suite));
    must(events.length > 0, 'there is no data line');
    for (const { type } of events) must(['reasoning', 'text', 'end'].includes(String(type)), `type is ${shown(type)}`);
  }),
  rule('chat.stream.ascii', 'data lines are ASCII, whatever is said', async (suite) => {
    const reply = await streamed(suite);
    const line = dataLines(reply).find((each) => /[^ -~]/u.test(each));
    must(line === undefined, `a data line is ${shown(line)}`);
    must(dataLines(reply).length > 0, 'there is no data line');
  }),
  rule('chat.stream.text', 'the pieces of text are an answer', async (suite) => {
    const texts = eventsOf(await streamed(suite)).filter(({ type }) => type === 'text');
    must(
      texts
        .map(({ data }) => String(data))
        .join('')
        .trim() !== '',
      'there is no text',
    );
  }),
  rule('chat.stream.end', 'there is one end event, the last', async (suite) => {
    const types = eventsOf(await streamed(suite)).map(({ type }) => type);
    must(types.indexOf('end') === types.length - 1 && types.length > 0, `types are ${shown(types)}`);
  }),
  rule('chat.stream.done', 'there is no [DONE]', async (suite) => {
    const { text } = await streamed(suite);
    must(text.includes('data:') && !text.includes('[DONE]'), 'the stream holds [DONE], or no data');
  }),
  rule('chat.stream.frames', 'every event ends with an empty line', async (suite) => {
    const { text } = await streamed(suite);
    const blocks = text.split(/\r?\n\r?\n/u).filter((block) => block.includes('data:'));
    must(
      blocks.length > 0 && blocks.every((block) => (block.match(/^data:/gmu) ?? []).length === 1),
      'an event has more than one data line',
    );
    must(/\r?\n\r?\n$/u.test(text), 'the last event is not ended');
  }),
  rule('chat.stream.writes', 'a streamed turn is stored as it was answered', async (suite) => {
    const body = { user_id: suite.fresh(), conversation_id: suite.fresh('conversation'), query: 'Good evening.', stream: true };
    const texts = eventsOf(await suite.post(PATH, body)).filter(({ type }) => type === 'text');
    const answer = texts.map(({ data }) => String(data)).join('');
    const messages = await suite.eventually(
      () => messagesOf(suite, body.user_id, body.conversation_id),
      ({ length }) => length >= 2,
      'both messages are stored',
    );
    must(String(messages[1]?.['content']).trim() === answer.trim(), `stored is ${shown(messages[1])} instead of ${shown(answer)}`);
  }),
  rule('chat.stream.error', 'an error before the first piece is an envelope', async (suite) =>
    mustRefuse(await suite.post(PATH, { ...(await base.body(suite)), query: '', stream: true }), 40002, suite.isStrict),
  ),
  rule('chat.stream.error.contentType', 'and it is application/json', async (suite) => {
    const reply = await suite.post(PATH, { ...(await base.body(suite)), temperature: 9, stream: true });
    mustRefuse(reply, 40000, suite.isStrict);
    must(
      /^application\/json\b/u.test(reply.headers.get('content-type') ?? ''),
      `content-type is ${shown(reply.headers.get('content-type'))}`,
    );
  }),
  rule('chat.stream.string', '"true" means true', async (suite) => {
    const reply = await suite.post(PATH, { ...(await base.body(suite)), ...QUIET, stream: 'true' });
    must(
      /^text\/event-stream\b/u.test(reply.headers.get('content-type') ?? ''),
      `content-type is ${shown(reply.headers.get('content-type'))}`,
    );
  }),
  rule('chat.stream.false', 'stream false answers the envelope', async (suite) => {
    const reply = await suite.post(PATH, { ...(await base.body(suite)), ...QUIET, stream: false });
    dataOf(reply);
    must(typeof at(reply.body, 'data.response') === 'string', 'there is no response');
  }),
];

export const chat: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [...accepted, ...models, ...writing, ...streaming, ...refusals(base, REFUSALS)],
};
