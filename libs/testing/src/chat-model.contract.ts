import { AppError, type ErrorCode } from '@continuo/contracts';
import type { CallOptions, ChatModel, ChatModelEvent, ChatModelRequest } from '@continuo/ports';
import {
  answersStatus,
  fails,
  hangs,
  limits,
  offersNoChoice,
  rejectsParameter,
  resets,
  says,
  ScriptedModel,
  type ScriptedReply,
} from './scripted-model/index.ts';

/** Where the provider of the suite listens and how the model is to be set up. */
export interface ModelConnection {
  readonly baseUrl: string;
  /** Must reach the provider and nobody else. */
  readonly apiKey: string;
  /** The public and the upstream name. */
  readonly model: string;
  /** Longest wait for the first piece, or for the whole of a structured reply. */
  readonly timeoutMs: number;
  /** Longest wait for every next piece. */
  readonly idleTimeoutMs: number;
}

export interface ChatModelHarness {
  readonly name: string;
  connect(connection: ModelConnection): ChatModel | Promise<ChatModel>;
}

const PATIENT_MS = 60_000;
const IMPATIENT_MS = 150;
const KEY = 'sk-known-to-the-suite';
const SECRET_ECHO = 'you wrote: my secret plan';

/** What every chat model promises, tried against a scripted provider over HTTP. */
export function describeChatModelContract(harness: ChatModelHarness): void {
  describe(`ChatModel contract: ${harness.name}`, () => {
    const suite: ChatSuite = new ChatSuite(harness);
    beforeEach(async () => suite.start());
    afterEach(async () => suite.stop());
    describeAnswers(suite);
    describeReasoning(suite);
    describeFailures(suite);
    describeStopping(suite);
    describeDescription(suite);
  });
}

class ChatSuite {
  provider!: ScriptedModel;
  readonly #harness: ChatModelHarness;

  constructor(harness: ChatModelHarness) {
    this.#harness = harness;
  }

  async start(): Promise<void> {
    this.provider = await ScriptedModel.start();
  }

  async stop(): Promise<void> {
    await this.provider.close();
  }

  async connect(timeoutMs = PATIENT_MS, idleTimeoutMs = PATIENT_MS): Promise<ChatModel> {
    return this.#harness.connect({ baseUrl: this.provider.baseUrl, apiKey: KEY, model: 'scripted-model', timeoutMs, idleTimeoutMs });
  }

  /** Every event of one answer. */
  async events(reply: ScriptedReply): Promise<ChatModelEvent[]> {
    this.provider.always(reply);
    const model = await this.connect();
    return collected(model.stream(aQuestion(), {}));
  }

  /** The failure of one answer, with what came before it. */
  async failure(
    reply: ScriptedReply,
    options: CallOptions = {},
    timeoutMs = PATIENT_MS,
    idleTimeoutMs = PATIENT_MS,
  ): Promise<{ error: unknown; text: string }> {
    this.provider.always(reply);
    const model = await this.connect(timeoutMs, idleTimeoutMs);
    const before: ChatModelEvent[] = [];
    try {
      for await (const event of model.stream(aQuestion(), options)) before.push(event);
    } catch (error) {
      return { error, text: joined(before, 'text') };
    }
    throw new Error('The answer did not fail.');
  }
}

function aQuestion(overrides: Partial<ChatModelRequest> = {}): ChatModelRequest {
  return {
    scope: { projectId: 'default', subject: 'user:ana' },
    modelName: null,
    messages: [
      { role: 'system', content: 'Answer in one sentence.' },
      { role: 'user', content: 'Where did I stay in Guangzhou? 我住哪里?' },
    ],
    temperature: 0.3,
    topP: 0.8,
    maxTokens: 200,
    ...overrides,
  };
}

async function collected(stream: AsyncIterable<ChatModelEvent>): Promise<ChatModelEvent[]> {
  const events: ChatModelEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

function joined(events: readonly ChatModelEvent[], type: 'text' | 'reasoning'): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('');
}

function codeOf(error: unknown): ErrorCode | null {
  return AppError.is(error) ? error.code : null;
}

function describeAnswers(suite: ChatSuite): void {
  it('gives the text in order and then exactly one end', async () => {
    const events = await suite.events(says('At the Garden Hotel, in May.', { usage: { promptTokens: 31, answerTokens: 9 } }));
    expect(joined(events, 'text')).toBe('At the Garden Hotel, in May.');
    expect(events.filter((event) => event.type === 'end')).toEqual([
      { type: 'end', finish: 'stop', usage: { promptTokens: 31, answerTokens: 9 } },
    ]);
    expect(events.at(-1)?.type).toBe('end');
  });

  it('sends nothing before the first pull', async () => {
    const model = await suite.connect();
    const stream = model.stream(aQuestion(), {});
    const iterator = stream[Symbol.asyncIterator]();
    await new Promise((resolve) => setImmediate(resolve));
    expect(suite.provider.requests).toHaveLength(0);
    await iterator.next();
    expect(suite.provider.requests).toHaveLength(1);
    await iterator.return?.();
  });

  it('sends the prompt, the settings and the key', async () => {
    await suite.events(says('Yes.'));
    const { body, headers, messages } = suite.provider.lastChat;
    expect(messages).toEqual(aQuestion().messages);
    expect(body).toMatchObject({ model: 'scripted-model', temperature: 0.3, top_p: 0.8, max_tokens: 200, stream: true });
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it('knows a public name however it is capitalised', async () => {
    suite.provider.always(says('Yes.'));
    const model = await suite.connect();
    const events = await collected(model.stream(aQuestion({ modelName: 'Scripted-MODEL' }), {}));
    expect(joined(events, 'text')).toBe('Yes.');
    expect(suite.provider.lastChat.body['model']).toBe('scripted-model');
  });

  it.each(['characters', 'frames'] as const)('keeps the text whole when the network tears %s', async (split) => {
    const text = 'Im Café „Lämmle“ – 广州花园酒店 🏨, ok.';
    const events = await suite.events(says(text, { split }));
    expect(joined(events, 'text')).toBe(text);
  });

  it('says when the answer reached its ceiling', async () => {
    const events = await suite.events(says('At the Gar', { finish: 'length' }));
    expect(events.at(-1)).toMatchObject({ type: 'end', finish: 'length' });
  });

  it('estimates the tokens a provider does not count', async () => {
    const events = await suite.events(says('At the Garden Hotel.', { usage: null }));
    const end = events.at(-1);
    expect(end?.type === 'end' && end.usage.promptTokens > 10 && end.usage.answerTokens >= 4).toBe(true);
  });

  it('is done after its end, however often it is asked', async () => {
    suite.provider.always(says('Yes.'));
    const model = await suite.connect();
    const iterator = model.stream(aQuestion(), {})[Symbol.asyncIterator]();
    let step = await iterator.next();
    while (step.done !== true) step = await iterator.next();
    expect([await iterator.next(), await iterator.return?.(), await iterator.next()]).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(suite.provider.requests).toHaveLength(1);
  });

  it('ends an answer that has no text', async () => {
    const events = await suite.events(says(''));
    expect(events.map((event) => event.type)).toEqual(['end']);
  });
}

function describeReasoning(suite: ChatSuite): void {
  it.each(['reasoning_content', 'reasoning'] as const)('tells reasoning sent as %s from the text', async (reasoningField) => {
    const events = await suite.events(says('In May.', { reasoning: 'They said so.', reasoningField }));
    expect(joined(events, 'reasoning')).toBe('They said so.');
    expect(joined(events, 'text')).toBe('In May.');
  });

  it.each([1, 2, 3, 5, 7, 100])('tells reasoning within the text from the answer, cut into pieces of %i characters', async (length) => {
    const text = '<think>\nThe user <i>stayed</i> in 广州.\n</think>\n\nAt the Garden Hotel. a < b.';
    const pieces = text.match(new RegExp(`[\\s\\S]{1,${length}}`, 'gu')) ?? [];
    const events = await suite.events(says(text, { pieces }));
    expect(joined(events, 'reasoning').trim()).toBe('The user <i>stayed</i> in 广州.');
    expect(joined(events, 'text')).toBe('At the Garden Hotel. a < b.');
  });

  it('leaves an answer that speaks of the tag alone', async () => {
    const text = 'Models write <think> and </think> around thoughts:\n```\n<think>\nhm\n</think>\n```\n';
    const events = await suite.events(says(text));
    expect(joined(events, 'text')).toBe(text);
    expect(joined(events, 'reasoning')).toBe('');
  });
}

function describeFailures(suite: ChatSuite): void {
  it('does not know a name that is not configured', async () => {
    const model = await suite.connect();
    const error: unknown = await collected(model.stream(aQuestion({ modelName: 'gpt-unknown' }), {})).catch((caught: unknown) => caught);
    expect(codeOf(error)).toBe('model_unknown');
    expect(suite.provider.requests).toHaveLength(0);
  });

  it.each<[string, ScriptedReply, ErrorCode]>([
    ['a limit', limits(), 'model_limited'],
    ['a server error', fails(), 'model_unavailable'],
    ['a gateway error', answersStatus(502, '<html>Bad gateway</html>'), 'model_unavailable'],
    ['a broken connection', resets(), 'model_unavailable'],
    ['a refused request', rejectsParameter('messages'), 'model_rejected'],
    ['a refused key', answersStatus(401, { error: { message: 'Incorrect API key.' } }), 'model_rejected'],
    ['a model the provider does not have', answersStatus(404, { error: { message: 'No such model.' } }), 'model_rejected'],
    ['no choice', offersNoChoice(), 'model_cut_off'],
  ])('names the failure of a provider that answers with %s', async (_name, reply, code) => {
    const { error, text } = await suite.failure(reply);
    expect(codeOf(error)).toBe(code);
    expect(text).toBe('');
  });

  it('passes on how long a limiting provider wants to be left alone, in seconds or as a date', async () => {
    const inSeconds = await suite.failure(limits('7'));
    expect(AppError.is(inSeconds.error) && inSeconds.error.options.retryAfterMs).toBe(7_000);
    const asDate = await suite.failure(limits(new Date(Date.now() + 120_000).toUTCString()));
    const waitMs = AppError.is(asDate.error) ? (asDate.error.options.retryAfterMs ?? 0) : 0;
    expect(waitMs).toBeGreaterThan(60_000);
    expect(waitMs).toBeLessThanOrEqual(120_000);
    const unsaid = await suite.failure(limits());
    expect(AppError.is(unsaid.error) && unsaid.error.options.retryAfterMs).toBeUndefined();
  });

  it('gives what there is of an answer that ends without saying why, then says it was cut off', async () => {
    const { error, text } = await suite.failure(says('At the Garden', { finish: null }));
    expect(codeOf(error)).toBe('model_cut_off');
    expect(text).toBe('At the Garden');
  });

  it('gives what there is of an answer whose connection breaks, then says it was cut off', async () => {
    let haveRead = (): void => {};
    const read = new Promise<void>((resolve) => (haveRead = resolve));
    suite.provider.always(says('At the Garden Hotel, in May.', { ending: 'cut', afterPieces: 3, until: read }));
    const model = await suite.connect();
    let text = '';
    const reading = (async () => {
      for await (const event of model.stream(aQuestion(), {})) {
        text += event.type === 'text' ? event.text : '';
        // What a connection has not delivered when it breaks is lost, so it breaks only now.
        if (text === 'At the Garden') haveRead();
      }
    })();
    const error: unknown = await reading.catch((caught: unknown) => caught);
    expect(codeOf(error)).toBe('model_cut_off');
    expect(text).toBe('At the Garden');
  });

  it('never repeats what the provider wrote about a failure', async () => {
    const { error } = await suite.failure(answersStatus(400, { error: { message: SECRET_ECHO } }));
    expect((error as Error).message).not.toContain('secret plan');
  });
}

function describeStopping(suite: ChatSuite): void {
  it.each<[string, ScriptedReply]>([
    ['never answers', hangs()],
    ['falls silent before the first piece', says('At the', { ending: 'hang', afterPieces: 0 })],
  ])('gives up on a provider that %s, and hangs up', async (_name, reply) => {
    const { error, text } = await suite.failure(reply, {}, IMPATIENT_MS);
    expect([codeOf(error), text]).toEqual(['model_timeout', '']);
    await suite.provider.lastChat.disconnected;
  });

  it('gives up on a provider that falls silent in the middle, and hangs up', async () => {
    const reply = says('At the Garden Hotel', { ending: 'hang', afterPieces: 2 });
    const { error, text } = await suite.failure(reply, {}, PATIENT_MS, IMPATIENT_MS);
    expect([codeOf(error), text]).toEqual(['model_timeout', 'At the']);
    await suite.provider.lastChat.disconnected;
  });

  it('gives up at the deadline', async () => {
    const { error } = await suite.failure(hangs(), { deadlineAt: Date.now() + IMPATIENT_MS });
    expect(codeOf(error)).toBe('model_timeout');
  });

  it('gives up at the deadline in the middle of an answer, and hangs up', async () => {
    const reply = says('At the Garden Hotel', { ending: 'hang', afterPieces: 2 });
    const { error, text } = await suite.failure(reply, { deadlineAt: Date.now() + 1_500 });
    expect([codeOf(error), text]).toEqual(['model_timeout', 'At the']);
    await suite.provider.lastChat.disconnected;
  });

  it('sends nothing after the deadline', async () => {
    const { error } = await suite.failure(says('Too late.'), { deadlineAt: Date.now() - 1 });
    expect(codeOf(error)).toBe('model_timeout');
    expect(suite.provider.requests).toHaveLength(0);
  });

  it('sends nothing for a caller who has left', async () => {
    const reason = new Error('left');
    const { error } = await suite.failure(says('Nobody is there.'), { signal: AbortSignal.abort(reason) });
    expect(error).toBe(reason);
    expect(suite.provider.requests).toHaveLength(0);
  });

  it.each<[string, ScriptedReply]>([
    ['before the first piece', hangs()],
    ['in the middle', says('At the Garden Hotel', { ending: 'hang', afterPieces: 2 })],
  ])('stops with its caller %s: the reason comes back and the provider is hung up on', async (_name, reply) => {
    const caller = new AbortController();
    const reason = new Error('left');
    const failing = suite.failure(reply, { signal: caller.signal });
    const request = await suite.provider.chat(1);
    caller.abort(reason);
    await request.disconnected;
    expect((await failing).error).toBe(reason);
  });

  it('hangs up on the provider when the iteration ends early', async () => {
    suite.provider.always(says('one two three', { ending: 'hang', afterPieces: 1 }));
    const model = await suite.connect();
    for await (const event of model.stream(aQuestion(), {})) {
      expect(event).toEqual({ type: 'text', text: 'one' });
      break;
    }
    await suite.provider.lastChat.disconnected;
  });

  it('hangs up on the provider when the iteration ends while a pull is waiting', async () => {
    suite.provider.always(hangs());
    const model = await suite.connect();
    const iterator = model.stream(aQuestion(), {})[Symbol.asyncIterator]();
    const pulled = iterator.next();
    const request = await suite.provider.chat(1);
    await iterator.return?.();
    await request.disconnected;
    expect(await pulled).toEqual({ done: true, value: undefined });
  });
}

function describeDescription(suite: ChatSuite): void {
  it('describes its models without keys', async () => {
    const model = await suite.connect();
    const description = model.describe();
    expect(description.available).toBe(true);
    expect(description.models).toContainEqual({
      publicName: 'scripted-model',
      upstreamName: 'scripted-model',
      baseUrl: suite.provider.baseUrl,
    });
    expect(description.reason).not.toBe('');
    expect(JSON.stringify(description)).not.toContain(KEY);
  });
}
