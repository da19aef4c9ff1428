import { readFile, stat, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { says, ScriptedModel } from '@continuo/testing';
import { events, eventually, System } from '../system.ts';

describe('the process', () => {
  it('refuses a second server on the same data folder and says why', async () => {
    const system = await System.start();
    try {
      const second = System.start({ dataDirectory: system.dataDirectory });
      await expect(second).rejects.toThrow(/already|another/i);
    } finally {
      await system.close();
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('finishes a running stream on %s and exits 0', async (signal) => {
    const model = await ScriptedModel.start();
    model.always(says('one two three four five six', { delayMs: 100 }));
    const system = await System.start({ environment: { OPENAI_BASE_URL: model.baseUrl, CONTINUO_MODEL: 'scripted' } });
    try {
      const response = await system.stream({ user_id: 'u', conversation_id: 'c', query: 'count' });
      const seen: string[] = [];
      let exit: Promise<number | null> | null = null;
      for await (const event of events(response)) {
        exit ??= system.stop(signal);
        seen.push(event.type === 'text' ? event.data : `<${event.type}>`);
      }
      expect(seen.join('')).toBe('one two three four five six<end>');
      expect(await exit).toBe(0);
    } finally {
      await system.close();
      await model.close();
    }
  });

  it('generates a key once, keeps it in a file only its owner can read, and never stores one from the environment', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'continuo-key-'));
    const environment = { CONTINUO_API_KEY: '' };
    const first = await System.start({ dataDirectory: directory, environment });
    const key = (await readFile(join(directory, 'api-key'), 'utf8')).trim();
    expect(key).toMatch(/^mpg-/);
    expect((await stat(join(directory, 'api-key'))).mode & 0o777).toBe(0o600);
    expect(first.output).toContain(key);
    expect((await first.get('/ping', { authorization: `Bearer ${key}` })).status).toBe(200);
    await first.stop();

    const second = await System.start({ dataDirectory: directory, environment });
    expect(second.output).not.toContain(key);
    expect((await second.get('/ping', { authorization: `Token ${key}` })).status).toBe(200);
    await second.stop();
    await rm(directory, { recursive: true });
  });

  it('stops the model within a moment when the client of a stream leaves, keeps the partial turn, and remembers what the user said', async () => {
    const model = await ScriptedModel.start();
    model.always(says('a b c d e f g h i j k l m n o p q r s t u v w x y z', { delayMs: 50 }));
    const system = await System.start({ environment: { OPENAI_BASE_URL: model.baseUrl, CONTINUO_MODEL: 'scripted' } });
    try {
      const leaving = new AbortController();
      const response = await system.stream(
        { user_id: 'u', conversation_id: 'c', query: 'I am allergic to penicillin. Which soup is good?' },
        leaving.signal,
      );
      const reading = (async () => {
        for await (const event of events(response)) if (event.data.includes('c')) leaving.abort();
      })();
      await reading.catch(() => undefined);
      await eventually(async () => expect(model.chats[0]?.disconnectedAt).not.toBeNull(), 1_000);
      await eventually(async () => {
        const { body } = await system.post('/get/message', { user_id: 'u', conversation_id: 'c' });
        expect(body.data.message_detail_list.map((message: { role: string }) => message.role)).toEqual(['user', 'assistant']);
      });
      await eventually(async () => {
        const { body } = await system.post('/search/memory', { user_id: 'u', query: 'Am I allergic to penicillin?', relativity: 0 });
        const found = body.data.memory_detail_list.map((item: { memory_value: string }) => item.memory_value);
        expect(found).toEqual(['I am allergic to penicillin. Which soup is good?']);
      });
    } finally {
      await system.close();
      await model.close();
    }
  });
});
