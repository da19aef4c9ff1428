import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GENERATION_RPC, INDEX_RPC, RECALL_RPC, RPC_METHODS, type RpcMethod } from '@continuo/contracts';
import type { ScriptedModel } from '@continuo/testing';
import { onlyIn } from '../deployment/deployment.ts';
import { serviceReplicas } from '../deployment/service-replicas.ts';
import type { System } from '../system.ts';
import { withIsolationSystem } from '../trials/isolation-system.ts';
import { type CallResult, StrangerClient } from '../trials/service-probes-client.ts';
import { BROKEN_SCOPES, PROBED_METHODS, searchOf, wrongTokens } from '../trials/service-probes-requests.ts';

const nameOf = ({ service, name }: RpcMethod): string => `${service}/${name}`;

describe('the calls that are probed', () => {
  it('are all there are', () => {
    expect(PROBED_METHODS.map(({ method }) => nameOf(method)).toSorted()).toEqual(RPC_METHODS.map(nameOf).toSorted());
  });
});

onlyIn('cluster', () => {
  describe('the services of a cluster, called past the gateway', () => {
    const ANA = { projectId: 'default', subject: 'user:ana' };
    let system: System;
    let model: ScriptedModel;
    let token: string;
    let clients: Readonly<Record<'recall' | 'generation', StrangerClient>> | undefined;
    const closing = Promise.withResolvers<void>();
    let closed: Promise<void>;

    beforeAll(async () => {
      const open = Promise.withResolvers<void>();
      closed = withIsolationSystem(async (started, scripted) => {
        system = started;
        model = scripted;
        open.resolve();
        await closing.promise;
      });
      await Promise.race([open.promise, closed]);
      token = (await readFile(join(system.dataDirectory, 'service-token'), 'utf8')).trim();
      const clientOf = async (service: 'recall' | 'generation') =>
        new StrangerClient((await serviceReplicas(system.processId, service))[0]?.servicePort ?? 0);
      clients = { recall: await clientOf('recall'), generation: await clientOf('generation') };
      await system.remember('ana', 'c', [{ role: 'user', content: 'I live in Lyon.' }]);
    });
    afterAll(async () => {
      clients?.recall.close();
      clients?.generation.close();
      closing.resolve();
      await closed;
    });

    const call = async (method: RpcMethod, message: object, as: string | null = token): Promise<CallResult> => {
      const client = clients?.[method.service.endsWith('.Generation') ? 'generation' : 'recall'];
      if (client === undefined) throw new Error('the services are not open');
      return client.call(method, message, as);
    };

    it('refuse every call without the token or with another one, and no model is asked', async () => {
      for (const { method, message } of PROBED_METHODS) {
        for (const wrong of wrongTokens(token, system.key)) {
          const { status, replies } = await call(method, message(ANA), wrong);
          expect([nameOf(method), wrong?.length, status, replies]).toEqual([nameOf(method), wrong?.length, 'UNAUTHENTICATED', []]);
        }
      }
      expect(model.requests).toEqual([]);
    });

    it('refuse every call without a whole scope, and no model is asked', async () => {
      for (const { method, message } of PROBED_METHODS.filter(({ scoped }) => scoped !== 'never')) {
        for (const { scope } of BROKEN_SCOPES.filter((each) => each.scope !== undefined || method !== INDEX_RPC.count)) {
          const { status, replies } = await call(method, message(scope));
          expect([nameOf(method), scope, status, replies]).toEqual([nameOf(method), scope, 'INVALID_ARGUMENT', []]);
        }
      }
      expect(model.requests).toEqual([]);
      expect((await system.recall('ana', 'Where do I live?')).join()).toContain('Lyon');
    });

    it('answer those that carry both', async () => {
      const found = await call(RECALL_RPC.search, searchOf(ANA, 'Where do I live?'));
      expect([found.status, JSON.stringify(found.replies)]).toEqual(['OK', expect.stringContaining('Lyon')]);
      const message = PROBED_METHODS.find(({ method }) => method === GENERATION_RPC.stream)?.message(ANA) ?? {};
      const answer = await call(GENERATION_RPC.stream, message);
      expect([answer.status, answer.replies.length > 1]).toEqual(['OK', true]);
      expect(model.chats).toHaveLength(1);
    });

    it('tell the worker which documents there are, and nothing of what they say', async () => {
      const { replies } = await call(INDEX_RPC.entries, { limit: 1_000 });
      const { entries } = replies[0] as { readonly entries: readonly object[] };
      expect(entries.length).toBeGreaterThan(0);
      for (const entry of entries) expect(Object.keys(entry).toSorted()).toEqual(['id', 'indexVersion', 'scope']);
      expect(JSON.stringify(entries)).not.toContain('Lyon');
    });
  });
});
