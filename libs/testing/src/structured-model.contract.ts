import { AppError, type ErrorCode } from '@continuo/contracts';
import type { CallOptions, StructuredModel, StructuredReply, StructuredRequest } from '@continuo/ports';
import type { ModelConnection } from './chat-model.contract.ts';
import {
  AWKWARD_REPLIES,
  fails,
  hangs,
  limits,
  offersNoChoice,
  rejectsParameter,
  says,
  saysJson,
  ScriptedModel,
  type RecordedRequest,
  type ScriptedReply,
} from './scripted-model/index.ts';

export interface StructuredModelHarness {
  readonly name: string;
  connect(connection: ModelConnection): StructuredModel | Promise<StructuredModel>;
}

const ITEM = { text: 'drinks green tea', kind: 'preference' };

/** What every structured model promises, tried against a scripted provider over HTTP. */
export function describeStructuredModelContract(harness: StructuredModelHarness): void {
  describe(`StructuredModel contract: ${harness.name}`, () => {
    const suite = new StructuredSuite(harness);
    beforeEach(async () => suite.start());
    afterEach(async () => suite.stop());
    describeLadder(suite);
    describeSalvage(suite);
    describeFailures(suite);
  });
}

class StructuredSuite {
  provider!: ScriptedModel;
  readonly #harness: StructuredModelHarness;

  constructor(harness: StructuredModelHarness) {
    this.#harness = harness;
  }

  async start(): Promise<void> {
    this.provider = await ScriptedModel.start();
  }

  async stop(): Promise<void> {
    await this.provider.close();
  }

  async connect(timeoutMs = 60_000): Promise<StructuredModel> {
    return this.#harness.connect({
      baseUrl: this.provider.baseUrl,
      apiKey: 'sk-known-to-the-suite',
      model: 'scripted-model',
      timeoutMs,
      idleTimeoutMs: timeoutMs,
    });
  }

  async reply(reply: ScriptedReply): Promise<StructuredReply> {
    this.provider.always(reply);
    return (await this.connect()).complete(aStructuredRequest(), {});
  }

  async failure(reply: ScriptedReply, options: CallOptions = {}, timeoutMs = 60_000): Promise<unknown> {
    this.provider.always(reply);
    const model = await this.connect(timeoutMs);
    return model.complete(aStructuredRequest(), options).then(
      () => {
        throw new Error('The reply did not fail.');
      },
      (error: unknown) => error,
    );
  }

  get formats(): (string | null)[] {
    return this.provider.chats.map((request) => request.responseFormat);
  }
}

function aStructuredRequest(): StructuredRequest {
  return {
    scope: { projectId: 'default', subject: 'user:ana' },
    role: 'extract',
    name: 'extracted_memories',
    messages: [
      { role: 'system', content: 'List what the user says of themself.' },
      { role: 'user', content: 'I drink green tea.' },
    ],
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['items'],
      properties: {
        items: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['text', 'kind'],
            properties: { text: { type: 'string' }, kind: { type: 'string' } },
          },
        },
      },
    },
    itemsKey: 'items',
    maxTokens: 300,
  };
}

/** A provider that takes only these ways of asking for JSON. */
function acceptsOnly(...formats: (string | null)[]): (request: RecordedRequest) => ScriptedReply {
  return (request) =>
    formats.includes(request.responseFormat)
      ? saysJson({ items: [ITEM] })
      : rejectsParameter('response_format', `of type ${request.responseFormat} is not available`);
}

function codeOf(error: unknown): ErrorCode | null {
  return AppError.is(error) ? error.code : null;
}

function describeLadder(suite: StructuredSuite): void {
  it('asks for the schema first and gives the items as they came', async () => {
    const reply = await suite.reply(saysJson({ items: [ITEM] }, { usage: { promptTokens: 40, answerTokens: 12 } }));
    expect(reply).toEqual({ items: [ITEM], salvaged: false, modelName: 'scripted-model', usage: { promptTokens: 40, answerTokens: 12 } });
    const { body, streamed, schemaName } = suite.provider.lastChat;
    expect(body).toMatchObject({ model: 'scripted-model', max_tokens: 300, messages: aStructuredRequest().messages });
    expect(body['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'extracted_memories', strict: true, schema: aStructuredRequest().schema },
    });
    expect([streamed, schemaName]).toEqual([false, 'extracted_memories']);
  });

  it('takes an empty list for an answer', async () => {
    expect(await suite.reply(saysJson({ items: [] }))).toMatchObject({ items: [], salvaged: false });
  });

  it.each<[string, (string | null)[], (string | null)[]]>([
    ['the object', ['json_object', null], ['json_schema', 'json_object', 'json_object']],
    ['plain text', [null], ['json_schema', 'json_object', null, null]],
  ])('steps down to %s where the provider refuses more, puts the schema in words, and remembers', async (_name, accepted, asked) => {
    suite.provider.always(acceptsOnly(...accepted));
    const model = await suite.connect();
    expect((await model.complete(aStructuredRequest(), {})).items).toEqual([ITEM]);
    expect((await model.complete(aStructuredRequest(), {})).items).toEqual([ITEM]);
    expect(suite.formats).toEqual(asked);
    expect(suite.provider.lastChat.prompt).toContain('"required":["text","kind"]');
    expect(suite.provider.lastChat.messages.map((message) => message.role)).toEqual(['system', 'user']);
  });

  it('steps down for a provider that takes the format and ignores it', async () => {
    suite.provider.always((request) => (request.responseFormat === null ? saysJson({ items: [ITEM] }) : says('The user drinks tea.')));
    const model = await suite.connect();
    expect((await model.complete(aStructuredRequest(), {})).items).toEqual([ITEM]);
    await model.complete(aStructuredRequest(), {});
    expect(suite.formats).toEqual(['json_schema', 'json_object', null, null]);
  });

  it('keeps a way that has worked when one reply cannot be read', async () => {
    suite.provider.next(saysJson({ items: [ITEM] }), says('Sorry?'), saysJson({ items: [ITEM] }));
    const model = await suite.connect();
    await model.complete(aStructuredRequest(), {});
    const error: unknown = await model.complete(aStructuredRequest(), {}).catch((caught: unknown) => caught);
    expect(codeOf(error)).toBe('model_unreadable');
    await model.complete(aStructuredRequest(), {});
    expect(suite.formats).toEqual(['json_schema', 'json_schema', 'json_schema']);
  });

  it('serves a role it says it serves', async () => {
    const model = await suite.connect();
    expect([model.available('extract'), model.available('reconcile')]).toEqual([true, true]);
  });
}

function describeSalvage(suite: StructuredSuite): void {
  it.each(AWKWARD_REPLIES.map((awkward) => [awkward.name, awkward] as const))('reads %s', async (_name, awkward) => {
    const reply = says(awkward.text, { finish: awkward.finish ?? 'stop' });
    if (awkward.readable === null) {
      expect(codeOf(await suite.failure(reply))).toBe('model_unreadable');
      return;
    }
    const { items, salvaged } = await suite.reply(reply);
    expect(items.map((item) => (item as { text?: unknown }).text)).toEqual(awkward.readable);
    expect(salvaged).toBe(true);
  });

  it('ignores reasoning sent beside the reply', async () => {
    const reply = await suite.reply(saysJson({ items: [ITEM] }, { reasoning: '{"items": [{"text":"no","kind":"fact"}]}' }));
    expect(reply).toMatchObject({ items: [ITEM], salvaged: false });
  });

  it('reads a reply that arrived where reasoning would be', async () => {
    const reply = await suite.reply(says('', { reasoning: JSON.stringify({ items: [ITEM] }) }));
    expect(reply.items).toEqual([ITEM]);
  });

  it('says that items of a reply at its ceiling are not all', async () => {
    expect(await suite.reply(saysJson({ items: [ITEM] }, { finish: 'length' }))).toMatchObject({ items: [ITEM], salvaged: true });
  });

  it('takes an empty list for an answer although white space ran on to the ceiling', async () => {
    expect((await suite.reply(says('{"items": []}\n\n   ', { finish: 'length' }))).items).toEqual([]);
  });

  it('estimates the tokens a provider does not count', async () => {
    const { usage } = await suite.reply(saysJson({ items: [ITEM] }, { usage: null }));
    expect(usage.promptTokens).toBeGreaterThan(10);
    expect(usage.answerTokens).toBeGreaterThan(5);
  });
}

function describeFailures(suite: StructuredSuite): void {
  it.each<[string, ScriptedReply, ErrorCode]>([
    ['no choice', offersNoChoice(), 'model_unreadable'],
    ['a limit', limits('3'), 'model_limited'],
    ['a server error', fails(), 'model_unavailable'],
    ['a broken connection', says('{}', { ending: 'cut' }), 'model_unavailable'],
    ['a refusal whatever the format', rejectsParameter('messages'), 'model_rejected'],
  ])('names the failure of a provider that answers with %s', async (_name, reply, code) => {
    expect(codeOf(await suite.failure(reply))).toBe(code);
  });

  it('gives up on a provider that never answers, and hangs up', async () => {
    expect(codeOf(await suite.failure(hangs(), {}, 150))).toBe('model_timeout');
    await suite.provider.lastChat.disconnected;
  });

  it('passes on how long a limiting provider wants to be left alone', async () => {
    const error = await suite.failure(limits('7'));
    expect(AppError.is(error) && error.options.retryAfterMs).toBe(7_000);
  });

  it('never repeats what the provider wrote about a failure', async () => {
    const error = await suite.failure(rejectsParameter('messages', 'my secret plan'));
    expect((error as Error).message).not.toContain('secret plan');
  });

  it('gives up at the deadline, and hangs up', async () => {
    expect(codeOf(await suite.failure(hangs(), { deadlineAt: Date.now() + 1_000 }))).toBe('model_timeout');
    await suite.provider.lastChat.disconnected;
  });

  it('sends nothing for a caller who has left', async () => {
    const reason = new Error('left');
    expect(await suite.failure(saysJson({ items: [] }), { signal: AbortSignal.abort(reason) })).toBe(reason);
    expect(suite.provider.requests).toHaveLength(0);
  });

  it('stops with its caller: the reason comes back and the provider is hung up on', async () => {
    const caller = new AbortController();
    const reason = new Error('left');
    const failing = suite.failure(hangs(), { signal: caller.signal });
    const request = await suite.provider.chat(1);
    caller.abort(reason);
    await request.disconnected;
    expect(await failing).toBe(reason);
  });

  it('sends nothing after the deadline', async () => {
    expect(codeOf(await suite.failure(saysJson({ items: [] }), { deadlineAt: Date.now() - 1 }))).toBe('model_timeout');
    expect(suite.provider.requests).toHaveLength(0);
  });
}
