import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { System } from '../system.ts';

const PROGRAM = fileURLToPath(new URL('../../../docs/examples/move-from-cloud.mjs', import.meta.url));

/** Both ends are servers of ours: the contract is the same. */
describe('coming from the cloud', () => {
  let cloud: System;
  let own: System;
  beforeAll(async () => {
    [cloud, own] = await Promise.all([System.start(), System.start()]);
  });
  afterAll(async () => {
    await Promise.all([cloud.close(), own.close()]);
  });

  const move = async (...users: readonly string[]): Promise<{ readonly code: number; readonly said: string }> => {
    const file = join(own.dataDirectory, 'users.txt');
    await writeFile(file, users.join('\n'));
    const environment = { CLOUD_URL: cloud.base, CLOUD_KEY: cloud.key, CONTINUO_URL: own.base, CONTINUO_KEY: own.key };
    const child = spawn(process.execPath, [PROGRAM, file], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  };
  const transcript = async (system: System, conversation: string) => {
    const { body } = await system.post('/get/message', { user_id: 'ana', conversation_id: conversation, message_limit_number: 50 });
    return body.data.message_detail_list.map(({ role, content, create_time: time }: Record<string, string>) => [role, content, time]);
  };

  it('brings conversations with roles, order and times, once however often it runs', async () => {
    await cloud.remember('ana', 'monday', [
      { role: 'user', content: 'I live in Lyon.', chat_time: '2026-03-01 09:00:00' },
      { role: 'assistant', content: 'Noted.', chat_time: '2026-03-01 09:00:05' },
    ]);
    const first = await move('ana', 'nobody');
    expect(first).toEqual({ code: 0, said: expect.stringMatching(/^ana: 2 messages, and 0 memories.*\nnobody: 0 messages/u) });
    expect(await transcript(own, 'monday')).toEqual(await transcript(cloud, 'monday'));
    await move('ana');
    expect(await transcript(own, 'monday')).toHaveLength(2);
    expect(await own.recall('ana', 'Where do I live?')).not.toEqual([]);
  });

  it('names the user for whom it failed, and ends with 1', async () => {
    const { code, said } = await move('x'.repeat(101));
    expect(code).toBe(1);
    expect(said).toContain('not moved, get/memory answers 40010');
  });
});
