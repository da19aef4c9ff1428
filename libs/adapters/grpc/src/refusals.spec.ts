import { forEachKind } from '@continuo/domain';
import {
  AppError,
  EMBEDDING_RPC,
  ERROR_CODES,
  GENERATION_RPC,
  INDEX_RPC,
  RECALL_RPC,
  RPC_METHODS,
  type RpcMethod,
  TOKEN_METADATA,
} from '@continuo/contracts';
import type { RpcServer } from '@continuo/entrypoints';
import { createLog } from '@continuo/platform';
import { aScope } from '@continuo/testing';
import { rawCall } from '../test/raw-call.ts';
import { NO_INDEX, Services, TOKEN } from '../test/services.ts';

const services = new Services();
afterEach(() => services.close());

const WITH_TOKEN = { [TOKEN_METADATA]: TOKEN };
const SCOPE = { projectId: 'default', subject: 'user:ana' };
const SEARCH = { scope: SCOPE, query: 'tea', limits: { fact: 1, preference: 1 }, minRelativity: 0, explainIds: [], embed: true };
const PROMPT = { scope: SCOPE, messages: [{ role: 'PROMPT_ROLE_USER', content: 'hi' }], temperature: 0, topP: 1, maxTokens: 1 };
const STRUCTURED = { ...PROMPT, role: 'STRUCTURED_ROLE_EXTRACT', name: 'x', schema: '{}', itemsKey: 'items' };
const DOCUMENT = {
  id: 'd',
  scope: SCOPE,
  kind: 'DOCUMENT_KIND_FACT',
  origin: 'ORIGIN_USER',
  conversationId: 'c',
  text: 't',
  labels: { tags: [], info: '{}' },
};

/** Every method that is about a subject, with a call that is well formed and where its scope stands. */
const SCOPED: readonly (readonly [string, RpcMethod, (scope: unknown) => object])[] = [
  ['Recall/Search', RECALL_RPC.search, (scope) => ({ ...SEARCH, scope })],
  ['Index/Upsert', INDEX_RPC.upsert, (scope) => ({ documents: [DOCUMENT, { ...DOCUMENT, scope }] })],
  ['Index/Remove', INDEX_RPC.remove, (scope) => ({ removals: [{ id: 'd', scope, indexVersion: 1 }] })],
  ['Index/RemoveScope', INDEX_RPC.removeScope, (scope) => ({ scope })],
  ['Generation/Stream', GENERATION_RPC.stream, (scope) => ({ ...PROMPT, scope })],
  ['Generation/Complete', GENERATION_RPC.complete, (scope) => ({ ...STRUCTURED, scope })],
];

const BAD_SCOPES: readonly (readonly [string, unknown])[] = [
  ['no scope', undefined],
  ['an empty scope', {}],
  ['no project', { subject: 'user:ana' }],
  ['no subject', { projectId: 'default' }],
  ['a subject without its kind', { projectId: 'default', subject: 'ana' }],
  ['a subject without an id', { projectId: 'default', subject: 'user:' }],
  ['a subject of another kind', { projectId: 'default', subject: 'team:ana' }],
  ['a project that holds a line feed', { projectId: 'default\nuser:ana', subject: 'user:ana' }],
];

const portOf = async (method: RpcMethod): Promise<number> =>
  (method.service.endsWith('Generation') ? await services.generationServer() : await services.recallServer()).port;

describe('calls without the token', () => {
  it.each(RPC_METHODS.map((method) => [`${method.service}/${method.name}`, method] as const))('are refused: %s', async (_name, method) => {
    const port = await portOf(method);
    const refused = { status: 'UNAUTHENTICATED', code: 'unauthenticated' };
    expect(await rawCall(port, method, {})).toMatchObject(refused);
    for (const token of ['', 'wrong', `${TOKEN} `, TOKEN.slice(0, -1), TOKEN.toUpperCase()])
      expect(await rawCall(port, method, {}, { [TOKEN_METADATA]: token })).toMatchObject(refused);
    expect(await rawCall(port, method, {}, { authorization: `Bearer ${TOKEN}` })).toMatchObject(refused);
  });

  it('never reach the log with the token they carry', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
    const { port } = await services.recallServer({ log });
    await rawCall(port, INDEX_RPC.needsRefill, {}, { [TOKEN_METADATA]: 'a-wrong-one', 'x-request-id': 'request-7' });
    await rawCall(port, INDEX_RPC.needsRefill, {}, { ...WITH_TOKEN, 'x-request-id': 'request-8' });
    expect(lines.map((line) => (JSON.parse(line) as { requestId?: string }).requestId)).toEqual(['request-7', 'request-8', 'request-8']);
    expect(lines.join('')).not.toMatch(/a-wrong-one|the-token-of-the-specs/u);
  });

  it('are not even made by a client without one, nor awaited by a server', async () => {
    await expect(services.recallServer({ token: '' })).rejects.toThrow('needs a token');
    await expect(services.recallServer({ token: 'ü' })).rejects.toThrow('needs a token');
    await expect(services.recallClient('127.0.0.1:1', { token: '' })).rejects.toThrow('service token');
  });

  it('are told from the errors of users: to whom a service does not listen, it is away', async () => {
    const server = await services.generationServer();
    const { structured } = await services.generationClient(server, { token: 'wrong' });
    const request = { ...PROMPT, scope: aScope(), role: 'extract', messages: [], name: 'x', schema: {}, itemsKey: 'items' } as const;
    await expect(structured.complete(request, {})).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringContaining('token'),
    });
  });
});

describe.each(SCOPED)('a call of %s', (_name, method, withScope) => {
  it.each(BAD_SCOPES)('with %s is refused', async (_scope, scope) => {
    const outcome = await rawCall(await portOf(method), method, withScope(scope), WITH_TOKEN);
    expect(outcome).toMatchObject({ status: 'INVALID_ARGUMENT', code: 'invalid_request', message: expect.stringContaining('scope') });
  });

  it('with a scope of another type is refused', async () => {
    // Field 1, length-delimited, whose bytes are no scope: its project is a number.
    const outcome = await rawCall(await portOf(method), method, Buffer.from([0x0a, 0x02, 0x08, 0x07]), WITH_TOKEN);
    expect(['INVALID_ARGUMENT', 'INTERNAL']).toContain(outcome.status);
    expect(outcome.code).not.toBe('internal');
  });
});

describe('what is counted', () => {
  it('is one whole scope, or all', async () => {
    const server = await services.recallServer({ index: { ...NO_INDEX, count: async (scope) => (scope === null ? 10 : 1) } });
    const { index } = await services.recallClient(server);
    expect([await index.count(null), await index.count(aScope())]).toEqual([10, 1]);
    expect(await rawCall(server.port, INDEX_RPC.count, { scope: {} }, WITH_TOKEN)).toMatchObject({ code: 'invalid_request' });
  });
});

describe('a call that does not fit its schema', () => {
  it.each<[string, RpcMethod, object, string]>([
    ['an enum that was not said', EMBEDDING_RPC.embed, { texts: ['x'] }, 'role'],
    ['an enum from the future', EMBEDDING_RPC.embed, { texts: ['x'], role: 77 }, 'role'],
    [
      'a filter without its field',
      RECALL_RPC.search,
      { ...SEARCH, filter: { op: 'FILTER_OPERATOR_EQUALS', value: { text: 'x' } } },
      'filter',
    ],
    ['a filter that says nothing', RECALL_RPC.search, { ...SEARCH, filter: {} }, 'filter.op'],
    [
      'a scalar that says nothing',
      RECALL_RPC.search,
      { ...SEARCH, filter: { op: 'FILTER_OPERATOR_AND', values: [{}] } },
      'filter.values.0',
    ],
    ['labels that are no JSON', INDEX_RPC.upsert, { documents: [{ ...DOCUMENT, labels: { info: '{' } }] }, 'documents.0.labels.info'],
    ['labels that are no object', INDEX_RPC.upsert, { documents: [{ ...DOCUMENT, labels: { info: '[]' } }] }, 'documents.0.labels.info'],
    ['half a float', INDEX_RPC.upsert, { documents: [{ ...DOCUMENT, vector: Buffer.alloc(5) }] }, 'documents.0.vector'],
    ['a number that is none', RECALL_RPC.search, { ...SEARCH, minRelativity: Number.NaN }, 'minRelativity'],
  ])('is refused with the name of the field: %s', async (_name, method, request, field) => {
    const outcome = await rawCall(await portOf(method), method, request, WITH_TOKEN);
    expect(outcome).toMatchObject({ status: 'INVALID_ARGUMENT', code: 'invalid_request', message: expect.stringContaining(` ${field} `) });
  });
});

describe('an error of the service', () => {
  async function failing(error: unknown): Promise<{ server: RpcServer; lines: string[] }> {
    const lines: string[] = [];
    const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
    const server = await services.recallServer({ log, index: { ...NO_INDEX, needsRefill: async () => Promise.reject(error as Error) } });
    return { server, lines };
  }

  it.each(ERROR_CODES.filter((code) => !['unauthenticated', 'draining', 'client_gone', 'deadline_exceeded'].includes(code)))(
    'comes to the caller as it is: %s',
    async (code) => {
      const { server } = await failing(new AppError(code, 'Ein Satz über „nichts“.', { retryAfterMs: 1_234, cause: new Error('secret') }));
      const { index } = await services.recallClient(server);
      const error: unknown = await index.needsRefill().catch((caught: unknown) => caught);
      expect(AppError.is(error)).toBe(true);
      expect(error).toMatchObject({ code, message: 'Ein Satz über „nichts“.', options: { retryAfterMs: 1_234 } });
    },
  );

  it('without a meaning is logged, and says nothing of itself', async () => {
    const { server, lines } = await failing(new TypeError('the secret of Ana'));
    const { index } = await services.recallClient(server, { requestId: () => 'request-9' });
    await expect(index.needsRefill()).rejects.toMatchObject({ code: 'internal', message: expect.not.stringContaining('Ana') });
    expect(lines.join('')).toMatch(/rpc_failed/u);
    expect(lines.join('')).toMatch(/request-9/u);
    expect(lines.join('')).not.toMatch(/the secret of Ana/u);
  });

  it('is a recall without arms where recall itself fails', async () => {
    const server = await services.recallServer({ recall: { search: async () => Promise.reject(new TypeError('a bug')) } });
    const { recall } = await services.recallClient(server);
    const request = {
      scope: aScope(),
      query: 'x',
      conversationId: null,
      filter: null,
      limits: forEachKind(() => 1),
      others: [],
      together: null,
      minRelativity: 0,
      explainIds: [],
    };
    expect(await recall.search(request, {})).toMatchObject({ state: 'degraded', facts: [], missingArms: ['words', 'vectors', 'overlay'] });
  });

  it('is thrown where the request itself is wrong', async () => {
    const { recall } = await services.recallClient(await services.recallServer());
    const request = {
      scope: { projectId: '', subject: 'user:ana' },
      query: 'x',
      conversationId: null,
      filter: null,
      limits: forEachKind(() => 1),
      others: [],
      together: null,
      minRelativity: 0,
      explainIds: [],
    } as const;
    await expect(recall.search(request, {})).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('scope.projectId'),
    });
  });
});
