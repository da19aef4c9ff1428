import { setTimeout as sleep } from 'node:timers/promises';
import { says, saysJson, ScriptedModel } from '@continuo/testing';
import { onlyIn } from '../deployment/deployment.ts';
import { figureOf, serviceReplicas } from '../deployment/service-replicas.ts';
import { System } from '../system.ts';
import { inBatches } from '../trials/move-people.ts';
import { extracted, SAYING } from '../trials/cluster-chaos-models.ts';

const said = (number: number, room: string): string => `My locker number ${number} is in room ${room}.`;

/** The room and numbers of the messages that an extraction is about. */
const sayingsIn = (prompt: string): readonly { readonly number: number; readonly room: string }[] =>
  (prompt.split('New messages:\n')[1] ?? '').split('\n').flatMap((line) => {
    const [, number, room] = SAYING.exec(line) ?? [];
    return number === undefined || room === undefined ? [] : [{ number: Number(number), room }];
  });

describe('sayings of an extraction', () => {
  it('are those of its new messages alone, in their order', () => {
    const prompt = `Earlier: ${said(1, 'red')}\nNew messages:\n{"content":"${said(2, 'red')}"}\n{"content":"Hm."}\n{"content":"${said(3, 'red')}"}`;
    expect(sayingsIn(prompt)).toEqual([
      { number: 2, room: 'red' },
      { number: 3, room: 'red' },
    ]);
  });
});

onlyIn('cluster', () => {
  describe('two replicas of recall and of generation', () => {
    const REQUESTS = 40;
    let model: ScriptedModel;
    let system: System;

    beforeAll(async () => {
      model = (await ScriptedModel.start()).always((request) =>
        request.schemaName === null ? says('Noted.') : saysJson({ memories: [], decisions: [] }),
      );
      const environment = {
        OPENAI_BASE_URL: model.baseUrl,
        CONTINUO_MODEL: 'scripted-model',
        CONTINUO_CLUSTER_REPLICAS: 'gateway=1,recall=2,generation=2,worker=1',
      };
      system = await System.start({ environment });
      await system.remember('ana', 'first', [{ role: 'user', content: 'I live in Lyon.' }]);
    });
    afterAll(async () => {
      await system.close();
      await model.close();
    });

    /** Calls that each replica has served. */
    const served = async (service: 'recall' | 'generation', method: string): Promise<readonly number[]> =>
      Promise.all(
        (await serviceReplicas(system.processId, service)).map((replica) =>
          figureOf(replica, 'continuo_rpc_request_seconds_count', { method }),
        ),
      );
    const growth = async (service: 'recall' | 'generation', method: string, work: () => Promise<unknown>): Promise<readonly number[]> => {
      const before = await served(service, method);
      await work();
      return (await served(service, method)).map((count, place) => count - (before[place] ?? 0));
    };
    const expectEvenShares = (counts: readonly number[]): void => {
      expect(counts).toHaveLength(2);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(REQUESTS);
      for (const count of counts) expect(Math.abs(count - REQUESTS / 2)).toBeLessThanOrEqual(REQUESTS / 10);
    };
    const numbers = Array.from({ length: REQUESTS }, (_, number) => number);

    it('share searches evenly, and each runs once', async () => {
      const counts = await growth('recall', 'Search', () =>
        inBatches(numbers, async (number) => {
          const { status } = await system.post('/search/memory', { user_id: 'ana', query: `Where did I live in year ${number}?` });
          expect(status).toBe(200);
        }),
      );
      expectEvenShares(counts);
    });

    it('share chats evenly, and the model is asked once for each', async () => {
      const isAnswer = ({ schemaName, prompt }: { readonly schemaName: string | null; readonly prompt: string }): boolean =>
        schemaName === null && prompt.includes('Question number');
      const counts = await growth('generation', 'Stream', () =>
        inBatches(numbers, async (number) => {
          const { status } = await system.post('/chat', {
            user_id: `user-${number}`,
            conversation_id: 'c',
            query: `Question number ${number}.`,
          });
          expect(status).toBe(200);
        }),
      );
      expectEvenShares(counts);
      expect(model.chats.filter(isAnswer)).toHaveLength(REQUESTS);
    });
  });

  describe('sixteen lanes', () => {
    const ADDS = 200;
    const OTHERS = 12;
    const EXTRACTION_MS = 100;

    it('mine one subject in one lane and in order, beside others', async () => {
      const running = new Map<string, number>();
      let overlaps = 0;
      let mostAtOnce = 0;
      const order: number[] = [];
      const model = await ScriptedModel.start();
      model.always(async (request) => {
        if (request.schemaName !== 'memories') return saysJson({ decisions: [] });
        const sayings = sayingsIn(request.prompt);
        const room = sayings[0]?.room ?? 'none';
        running.set(room, (running.get(room) ?? 0) + 1);
        if ((running.get(room) ?? 0) > 1) overlaps += 1;
        mostAtOnce = Math.max(mostAtOnce, [...running.values()].filter((count) => count > 0).length);
        if (room === 'ana') order.push(...sayings.map(({ number }) => number));
        await sleep(EXTRACTION_MS);
        running.set(room, (running.get(room) ?? 0) - 1);
        return saysJson({ memories: extracted(request.prompt) });
      });
      const environment = {
        OPENAI_BASE_URL: model.baseUrl,
        CONTINUO_MODEL: 'scripted-model',
        WORKER_CONCURRENCY: '8',
        CONTINUO_CLUSTER_REPLICAS: 'gateway=1,recall=1,generation=2,worker=2',
      };
      const system = await System.start({ environment });
      try {
        const add = async (user: string, number: number): Promise<string> => {
          const messages = [{ role: 'user', content: said(number, user) }];
          const { body } = await system.post('/add/message', { user_id: user, conversation_id: `c${number % 3}`, messages });
          return body.data.task_id;
        };
        const tasks: string[] = [];
        for (let number = 1; number <= ADDS; number += 1) {
          tasks.push(await add('ana', number));
          tasks.push(await add(`other${number % OTHERS}`, number));
        }
        for (const task of tasks) {
          for (let state = ''; state !== 'completed'; await sleep(state === 'completed' ? 0 : 50)) {
            const { data } = (await system.post('/get/status', { task_id: task })).body;
            expect(data.status).not.toBe('failed');
            state = data.status;
          }
        }
      } finally {
        await system.close();
        await model.close();
      }
      expect(overlaps).toBe(0);
      expect(mostAtOnce).toBeGreaterThan(1);
      for (const rest of [0, 1, 2]) {
        const own = order.filter((number) => number % 3 === rest);
        expect(own).toEqual(own.toSorted((left, right) => left - right));
      }
      expect(order.toSorted((left, right) => left - right)).toEqual(Array.from({ length: ADDS }, (_, number) => number + 1));
    });
  });
});
