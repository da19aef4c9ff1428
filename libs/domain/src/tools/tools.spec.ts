import type { Candidate } from '../memory.ts';
import type { Message, MessageRole } from '../message.ts';
import { extractByRules } from '../extraction/index.ts';
import { toolSchemasIn, trajectoriesIn } from './index.ts';
import { errorIn } from './outcome.ts';

const SAID_AT = Date.parse('2026-11-21T12:00:00Z');

interface Line {
  readonly role: MessageRole;
  readonly content: string;
  readonly parts?: unknown;
}

const user = (content: string): Line => ({ role: 'user', content });
const assistant = (content: string): Line => ({ role: 'assistant', content });
const calls = (...made: readonly (readonly [id: string, tool: string, given: unknown])[]): Line => ({
  role: 'assistant',
  content: '',
  parts: {
    tool_calls: made.map(([id, name, given]) => ({ id, type: 'function', function: { name, arguments: JSON.stringify(given) } })),
  },
});
const result = (id: string, content: string): Line => ({ role: 'tool', content, parts: { tool_call_id: id } });

const conversation = (...lines: readonly Line[]): Message[] =>
  lines.map(({ role, content, parts = null }, index) => ({
    id: `m${index + 1}`,
    role,
    content,
    parts,
    chatTime: SAID_AT + index,
    roleName: null,
    speakerId: null,
    purpose: 'said',
    extraction: null,
    scope: { projectId: 'default', subject: 'user:ana' },
    conversationId: 'c1',
    sequence: index + 1,
    place: 0,
    withheld: [],
    state: 'pending',
    partial: false,
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    taskId: 't1',
    createdAt: SAID_AT,
  }));

/** What a batch makes, when the lines before `from` were mined before. */
const kept = (lines: readonly Line[], from = 0): readonly Candidate[] => {
  const messages = conversation(...lines);
  return trajectoriesIn({ messages: messages.slice(from), context: messages.slice(0, from) }).map(({ candidate }) => candidate);
};

describe('a round of tool calls', () => {
  it('is kept as the situation, the calls with their arguments, and what came of them', () => {
    const [memory, ...more] = kept([
      user('Will it rain in Paris tomorrow?'),
      calls(['call_1', 'get_weather', { city: 'Paris', days: 1 }]),
      result('call_1', '{"sky":"rain","degrees":8}'),
      assistant('Yes, take an umbrella.'),
    ]);
    expect(more).toEqual([]);
    expect(memory).toMatchObject({
      kind: 'tool',
      origin: 'tool',
      text: 'Will it rain in Paris tomorrow? → get_weather({"city":"Paris","days":1}) → {"sky":"rain","degrees":8}',
      topicKey: 'tool.trajectory.m1',
      language: 'en',
      sourceMessageIds: ['m1', 'm2', 'm3'],
      keyPhrases: ['get weather'],
      details: {
        tool: {
          type: 'trajectory',
          used: [{ tool: 'get_weather', errorType: '', successRate: 1, experience: 'get_weather worked with city, days.' }],
          experience: 'get_weather worked with city, days.',
        },
      },
    });
  });

  it('in Chinese', () => {
    const [memory] = kept([
      user('帮我订明天去上海的火车票'),
      calls(['1', 'search_trains', { to: '上海' }], ['2', 'book_train', { train: 'G7' }]),
      result('1', '{"trains":["G7"]}'),
      result('2', '预订失败：余票不足'),
    ]);
    expect(memory?.language).toBe('zh');
    expect(memory?.text).toBe(
      '帮我订明天去上海的火车票 → search_trains({"to":"上海"}) → {"trains":["G7"]}; book_train({"train":"G7"}) → 预订失败：余票不足',
    );
    expect(memory?.details.tool).toMatchObject({
      used: [
        { tool: 'search_trains', errorType: '', successRate: 1 },
        { tool: 'book_train', errorType: '失败', successRate: 0 },
      ],
      experience: 'book_train失败：失败（train=G7）。',
    });
  });

  it('counts how often each tool worked, and says what made it work', () => {
    const [memory] = kept([
      user('Find the file'),
      calls(['1', 'read_file', { path: '/a' }]),
      result('1', 'FileNotFoundError: no /a'),
      calls(['2', 'read_file', { path: '/b' }]),
      result('2', 'hello'),
    ]);
    expect(memory?.details.tool).toEqual({
      type: 'trajectory',
      used: [
        {
          tool: 'read_file',
          errorType: 'FileNotFoundError',
          successRate: 0.5,
          experience: 'read_file failed first (FileNotFoundError) and worked with path=/b.',
        },
      ],
      experience: 'read_file failed first (FileNotFoundError) and worked with path=/b.',
    });
  });

  it('waits for results that may still come', () => {
    const lines = [
      user('Weather?'),
      calls(['1', 'weather', {}], ['2', 'tides', {}]),
      result('1', 'sunny'),
      result('2', 'low'),
      assistant('Fine.'),
    ];
    expect(kept(lines.slice(0, 2))).toEqual([]);
    expect(kept(lines.slice(0, 3))).toEqual([]);
    expect(kept(lines.slice(0, 4), 3).map(({ text }) => text)).toEqual(['Weather? → weather({}) → sunny; tides({}) → low']);
    expect(kept(lines, 4)).toEqual([]);
  });

  it.each([
    ['an answer', assistant('I could not find out.')],
    ['the next request', user('Never mind.')],
  ])('goes on without a result after %s, and says that there was none', (_name, end) => {
    const lines = [user('Weather?'), calls(['1', 'weather', {}]), end, user('Thanks!')];
    expect(kept(lines.slice(0, 3), 2)).toMatchObject([
      { text: 'Weather? → weather({}) → no result', details: { tool: { used: [{ errorType: 'no_result', successRate: 0 }] } } },
    ]);
    expect(kept(lines, 3)).toEqual([]);
  });

  it('that grows is the same round, and the next request begins another', () => {
    const lines = [
      user('Plan it'),
      calls(['1', 'search', {}]),
      result('1', 'x'),
      calls(['1', 'book', {}]),
      result('1', 'done'),
      user('Another'),
      calls(['1', 'search', {}]),
      result('1', 'y'),
    ];
    expect(kept(lines.slice(0, 3)).map(({ topicKey }) => topicKey)).toEqual(['tool.trajectory.m1']);
    expect(kept(lines.slice(0, 5), 3)).toMatchObject([
      { topicKey: 'tool.trajectory.m1', text: 'Plan it → search({}) → x; book({}) → done' },
    ]);
    expect(kept(lines).map(({ text }) => text)).toEqual(['Plan it → search({}) → x; book({}) → done', 'Another → search({}) → y']);
  });

  it('whose beginning is out of sight is kept by its new part', () => {
    const lines = [calls(['1', 'a', {}]), result('1', 'x'), calls(['2', 'b', {}]), result('2', 'y')];
    expect(kept(lines, 2).map(({ text }) => text)).toEqual(['b({}) → y']);
  });

  it('is cut short where there is much of it', () => {
    const many = Array.from({ length: 30 }, (_, index) => [`${index}`, 'fetch_page', { url: 'u'.repeat(500) }] as const);
    const [memory] = kept([user('read '.repeat(400)), calls(...many), ...many.map(([id]) => result(id, 'word '.repeat(500)))]);
    expect(memory?.text.length).toBeLessThan(5_500);
    expect(memory?.text).toContain('(22 calls before)');
    const tools = Array.from({ length: 200 }, (_, index) => [`${index}`, `tool_${index}`, { url: 'u'.repeat(500) }] as const);
    const [wide] = kept([user('go'), calls(...tools), ...tools.map(([id]) => result(id, `Error: ${id} ${'x'.repeat(900)}`))]);
    expect(JSON.stringify(wide).length).toBeLessThan(14_000);
  });

  it.each([
    ['no calls', [user('Hi'), assistant('Hello'), result('1', 'lost')]],
    ['calls without a name', [user('Hi'), { role: 'assistant', content: '', parts: { tool_calls: [{ id: '1', function: {} }, null, 7] } }]],
    ['calls that are no list', [user('Hi'), { role: 'assistant', content: '', parts: { tool_calls: 'search' } }]],
    ["calls in a user's message", [{ ...calls(['1', 'a', {}]), role: 'user' }, result('1', 'x')]],
  ] as const)('is none: %s', (_name, lines) => {
    expect(kept([...lines, user('Next')])).toEqual([]);
  });

  it('names whoever asked for it, when that is not the one whose memories these are', () => {
    const messages = conversation(user('Weather?'), calls(['1', 'weather', {}]), result('1', 'sunny'));
    const asked = messages.map((message) => (message.role === 'user' ? { ...message, speakerId: 'ben', roleName: 'Ben' } : message));
    expect(trajectoriesIn({ messages: asked, context: [] })[0]?.candidate.text).toBe('Ben: Weather? → weather({}) → sunny');
  });

  it('says nothing about the user, whatever the tool returns', () => {
    const messages = conversation(
      user('Look me up'),
      calls(['1', 'people', { says: 'I live in Oslo.' }]),
      result('1', 'I live in Oslo. I love sushi. 我住在杭州。'),
      assistant('I live in Bergen.'),
    );
    expect(extractByRules({ messages, context: [], timeZone: 'UTC' })).toEqual([]);
  });
});

describe('what a result says of the outcome', () => {
  it.each([
    ['{"error":"not found"}', 'not found'],
    ['{"error":{"type":"RateLimitError","message":"slow down"}}', 'RateLimitError'],
    ['{"error":{"code":429}}', 'HTTP 429'],
    ['{"errors":[{"message":"bad id"}]}', 'bad id'],
    ['{"status":"failed"}', 'error'],
    ['{"status":"error","message":"no seats"}', 'no seats'],
    ['{"status":503}', 'HTTP 503'],
    ['{"statusCode":404,"body":""}', 'HTTP 404'],
    ['{"success":false}', 'error'],
    ['{"ok":false,"error_code":"E42"}', 'E42'],
    ['{"isError":true}', 'error'],
    ['{"exception":"ValueError: x"}', 'ValueError'],
    ['Error: disk full', 'error'],
    ['TypeError: x is not a function', 'TypeError'],
    ['Traceback (most recent call last):\n  File "a"\nKeyError: 1', 'KeyError'],
    ['HTTP 404', 'HTTP 404'],
    ['HTTP/1.1 502 Bad Gateway', 'HTTP 502'],
    ['500 Internal Server Error', 'HTTP 500'],
    ['Request failed with status code 401', 'HTTP 401'],
    ['The request timed out.', 'timed out'],
    ['bash: foo: command not found', 'command not found'],
    ['Permission denied', 'permission denied'],
    ['查询失败，请稍后再试', '失败'],
    ['错误：城市不存在', '错误'],
    ['请求超时', '超时'],
    ['无法连接到服务器', '无法'],
    ['{"状态":"失败"}', 'error'],
  ])('%s is a failure', (content, error) => {
    expect(errorIn(content)).toBe(error);
  });

  it.each([
    'sunny, 20 degrees',
    '',
    '[]',
    '[{"error":"in a list of log lines"}]',
    '{"error":null,"data":1}',
    '{"errors":[],"ok":true}',
    '{"status":"ok","code":0}',
    '{"status":200}',
    '{"code":"00500"}',
    '{"temperature":404}',
    'No errors found',
    '0 errors, 2 warnings',
    'The build finished without errors',
    'The museum has 404 rooms.',
    'Chapter 5: how to handle an error when reading files, with an example for every language that is in use',
    '没有错误',
    '晴，20度',
    '已预订成功',
  ])('%s is none', (content) => {
    expect(errorIn(content)).toBeNull();
  });
});

describe('a tool that is described', () => {
  const weather = { type: 'function', function: { name: 'get_weather', description: 'Weather of a city', parameters: { type: 'object' } } };
  const tides = { name: '潮汐查询', description: '查询某地的潮汐时间', parameters: {} };
  const described = (content: string, role: MessageRole = 'system'): readonly Candidate[] => toolSchemasIn(conversation({ role, content }));

  it.each([
    ['a list', JSON.stringify([weather, tides])],
    ['an object of tools', JSON.stringify({ tools: [weather, tides] })],
    ['one a line', `${JSON.stringify(weather)}\n${JSON.stringify(tides)}`],
    ['a fenced list', `\`\`\`json\n${JSON.stringify([weather, tides], null, 2)}\n\`\`\``],
  ])('is one memory for each: %s', (_name, json) => {
    const found = described(`Be helpful.\n<tool_schema>\n${json}\n</tool_schema>\nBe brief.`);
    expect(found.map(({ text }) => JSON.parse(text) as unknown)).toEqual([weather, tides]);
    expect(found).toMatchObject([
      {
        kind: 'tool',
        title: 'get_weather',
        topicKey: 'tool.schema.get_weather',
        language: 'en',
        details: { tool: { type: 'schema', used: [] } },
      },
      { kind: 'tool', title: '潮汐查询', topicKey: 'tool.schema.潮汐查询', language: 'zh' },
    ]);
  });

  it('is kept once, the last time it was said', () => {
    const changed = { ...tides, description: 'new' };
    const messages = conversation(
      { role: 'system', content: `<tool_schema>${JSON.stringify(tides)}</tool_schema>` },
      { role: 'system', content: `<tool_schema>${JSON.stringify(changed)}</tool_schema>` },
    );
    expect(toolSchemasIn(messages).map(({ text }) => text)).toEqual([JSON.stringify(changed)]);
  });

  it.each([
    ['no JSON', '<tool_schema>search(query)</tool_schema>'],
    ['no name', '<tool_schema>[{"description":"x"},{},null,3]</tool_schema>'],
    ['no end', `<tool_schema>${JSON.stringify(tides)}`],
    ['no block', JSON.stringify(tides)],
  ])('is none: %s', (_name, content) => {
    expect(described(content)).toEqual([]);
  });

  it.each<MessageRole>(['user', 'assistant', 'tool'])('is none where a message of the role %s says so', (role) => {
    expect(described(`<tool_schema>${JSON.stringify(tides)}</tool_schema>`, role)).toEqual([]);
  });

  it('is found fast in a text that begins many blocks and ends none', () => {
    expect(described(`${'<tool_schema>'.repeat(100_000)}${JSON.stringify(tides)}`)).toEqual([]);
    expect(described(`<tool_schema><tool_schema>${JSON.stringify(tides)}</tool_schema></tool_schema>`)).toHaveLength(1);
  });

  it('is not looked for again at every blank of a long run', () => {
    const blanks = ' '.repeat(99_000);
    expect(described(Array(200).fill(`<tool_schema>x${blanks}x</tool_schema>`).join('\n'))).toEqual([]);
    expect(described(`<tool_schema>\`\`\`JSON${JSON.stringify(tides)}${blanks}\`\`\`</tool_schema>`)).toHaveLength(1);
  });

  it('is none in a block longer than 100,000 characters', () => {
    const block = (length: number): string => `<tool_schema>${JSON.stringify(tides).padEnd(length)}</tool_schema>`;
    expect(described(block(100_000))).toHaveLength(1);
    expect(described(block(100_001))).toEqual([]);
  });

  it('stays readable JSON however large it is', () => {
    const [memory] = described(`<tool_schema>${JSON.stringify({ ...tides, parameters: { text: 'x'.repeat(50_000) } })}</tool_schema>`);
    expect(JSON.parse(memory?.text ?? '')).toMatchObject({ name: '潮汐查询' });
  });
});
