import { answersStatus, hangs, limits, resets, says, saysJson } from './scripted-reply.ts';
import { ScriptedModel, UNSCRIPTED_ANSWER } from './scripted-model.ts';

let model: ScriptedModel;
beforeEach(async () => {
  model = await ScriptedModel.start({ models: ['scripted-model', 'text-embedding'] });
});
afterEach(async () => model.close());

async function ask(body: Record<string, unknown> = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(`${model.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test' },
    body: JSON.stringify({ model: 'scripted-model', messages: [{ role: 'user', content: 'Which tea?' }], ...body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function contentOf(response: Response): Promise<string> {
  const body = (await response.json()) as { choices: { message: { content: string } }[] };
  return body.choices[0]?.message.content ?? '';
}

/** The data of every event of a streamed reply. */
async function eventsOf(response: Response): Promise<unknown[]> {
  const events = (await response.text()).split('\n\n').filter((event) => event !== '');
  expect(events.at(-1)).toBe('data: [DONE]');
  return events.slice(0, -1).map((event) => JSON.parse(event.replace(/^data: /u, '')) as unknown);
}

async function embed(input: string | string[]): Promise<number[][]> {
  const response = await fetch(`${model.baseUrl}/embeddings`, { method: 'POST', body: JSON.stringify({ model: 'e', input }) });
  const body = (await response.json()) as { data: { embedding: number[] }[] };
  return body.data.map((entry) => entry.embedding);
}

const dot = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);

describe('ScriptedModel', () => {
  it('lists its models', async () => {
    const body = (await (await fetch(`${model.baseUrl}/models`)).json()) as { data: { id: string }[] };
    expect(body.data.map((entry) => entry.id)).toEqual(['scripted-model', 'text-embedding']);
  });

  it('answers with a fixed sentence when there is no script', async () => {
    expect(await contentOf(await ask())).toBe(UNSCRIPTED_ANSWER);
  });

  it('plays the queue first, then asks the handler', async () => {
    model.next(says('one'), saysJson({ two: 2 })).always((request) => says(`You asked: ${request.messages[0]?.content}`));
    expect(await contentOf(await ask())).toBe('one');
    expect(await contentOf(await ask())).toBe('{"two":2}');
    expect(await contentOf(await ask())).toBe('You asked: Which tea?');
  });

  it('records what it was sent', async () => {
    await ask({ response_format: { type: 'json_schema', json_schema: { name: 'things' } } });
    const { headers, prompt, streamed, responseFormat, schemaName, path } = model.lastChat;
    expect({ key: headers.authorization, prompt, streamed, responseFormat, schemaName, path }).toEqual({
      key: 'Bearer sk-test',
      prompt: 'user: Which tea?',
      streamed: false,
      responseFormat: 'json_schema',
      schemaName: 'things',
      path: '/v1/chat/completions',
    });
  });

  it('streams pieces that join to the text, and usage only when it is asked for', async () => {
    model.always(says('Green tea, 每天.', { reasoning: 'Hm.', usage: { promptTokens: 3, answerTokens: 4 } }));
    const events = (await eventsOf(await ask({ stream: true, stream_options: { include_usage: true } }))) as {
      choices: { delta: { content?: string; reasoning_content?: string }; finish_reason: string | null }[];
      usage?: unknown;
    }[];
    expect(events.map((event) => event.choices[0]?.delta.content ?? '').join('')).toBe('Green tea, 每天.');
    expect(events.map((event) => event.choices[0]?.delta.reasoning_content ?? '').join('')).toBe('Hm.');
    expect(events.at(-1)?.usage).toEqual({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 });
    expect(events.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect((await eventsOf(await ask({ stream: true }))).some((event) => 'usage' in (event as object))).toBe(false);
  });

  it.each(['characters', 'frames'] as const)('tears %s over packets without changing a byte', async (split) => {
    model.next(says('广州花园酒店 🏨', { split }));
    const response = await ask({ stream: true });
    const packets: Uint8Array[] = [];
    for await (const packet of response.body as unknown as AsyncIterable<Uint8Array>) packets.push(packet);
    const strict = new TextDecoder('utf-8', { fatal: true });
    const isTorn = packets.some((packet) => {
      try {
        strict.decode(packet);
        return !Buffer.from(packet).toString().endsWith('\n\n');
      } catch {
        return true;
      }
    });
    expect(isTorn).toBe(true);
    expect(Buffer.concat(packets).toString()).toContain('花园酒店');
  });

  it('answers any status, with headers', async () => {
    model.next(limits('7'), answersStatus(418, { tea: true }));
    const limited = await ask();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await ask()).status).toBe(418);
  });

  it('resets connections', async () => {
    model.next(resets());
    await expect(ask()).rejects.toThrow('fetch failed');
  });

  it('notices when the client goes away before the reply is complete', async () => {
    model.next(says('Green.'), hangs());
    await (await ask()).text();
    await model.lastChat.closed;
    expect(model.lastChat.disconnectedAt).toBeNull();
    const client = new AbortController();
    const asking = ask({}, client.signal).catch(() => null);
    const request = await model.chat(2);
    client.abort();
    await Promise.all([request.disconnected, asking]);
    expect(request.disconnectedAt).not.toBeNull();
  });

  it('gives the same vector for the same text, nearer ones for shared words, all of length one', async () => {
    const [tea, again, near, far] = await embed(['green tea', 'green tea', 'green hills', 'Lyon']);
    expect(again).toEqual(tea);
    expect(dot(tea!, tea!)).toBeCloseTo(1);
    expect(dot(tea!, near!)).toBeGreaterThan(dot(tea!, far!));
  });

  it('closes with clients still waiting, and twice', async () => {
    model.always(hangs());
    const asking = ask().catch(() => 'hung up on');
    await model.chat(1);
    await model.close();
    await model.close();
    expect(await asking).toBe('hung up on');
  });
});
