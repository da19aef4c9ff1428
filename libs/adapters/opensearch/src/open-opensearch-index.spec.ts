import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { AppError } from '@continuo/contracts';
import type { IndexedDocument, Scope } from '@continuo/domain';
import type { CallOptions, MemoryIndex } from '@continuo/ports';
import { anIndexedDocument, anIndexQuery } from '@continuo/testing';
import { openStoreProxy, type StoreProxy } from '../test/store-proxy.ts';
import { ask, openTestIndex, type TestIndex } from '../test/test-index.ts';
import type { IndexEvent } from './index-event.ts';
import { openOpenSearchIndex, type OpenSearchIndexOptions } from './open-opensearch-index.ts';

const SCOPE: Scope = { projectId: 'default', subject: 'user:ana' };
const EAST = Float32Array.of(1, 0, 0, 0);

let opened: TestIndex[];
let proxies: StoreProxy[];
beforeEach(() => {
  opened = [];
  proxies = [];
});
afterEach(async () => {
  for (const each of opened) await each.remove();
  for (const proxy of proxies) await proxy.close();
});

const open = (options: Partial<OpenSearchIndexOptions> = {}): TestIndex => {
  const index = openTestIndex(options);
  opened.push(index);
  return index;
};
const openProxied = async (options: Partial<OpenSearchIndexOptions> = {}): Promise<{ proxy: StoreProxy; test: TestIndex }> => {
  const proxy = await openStoreProxy();
  proxies.push(proxy);
  return { proxy, test: open({ ...options, url: proxy.url }) };
};
const aDocument = (id: string, parts: Partial<IndexedDocument> = {}): IndexedDocument => anIndexedDocument({ id, scope: SCOPE, ...parts });
const documents = (count: number, parts: Partial<IndexedDocument> = {}): readonly IndexedDocument[] =>
  Array.from({ length: count }, (_, place) => aDocument(`d${String(place).padStart(4, '0')}`, parts));
const foundIds = async (index: MemoryIndex): Promise<readonly string[]> => {
  const { words } = await index.search(anIndexQuery({ scope: SCOPE }), {});
  return words.map((hit) => hit.document.id).toSorted();
};
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );
const confirm = async (index: MemoryIndex): Promise<void> => index.confirmRefill((await index.needsRefill()) ?? '');
const isUnavailable = async (work: Promise<unknown>): Promise<boolean> => AppError.is(await failureOf(work), 'index_unavailable');
const indexes = async (name: string): Promise<readonly string[]> => Object.keys(await ask<object>('GET', `/${name}-memories-*`)).toSorted();

describe('opening', () => {
  it('tells the versions of the store and of its vector plugin', async () => {
    const { version, plugin } = await open().ping();
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(plugin).toMatch(/^\d+\.\d+/);
  });

  it('makes one index behind aliases with the first write, and only one when many write first', async () => {
    const first = open();
    const others = [1, 2, 3].map(() => open({ name: first.name }));
    await Promise.all([first, ...others].map(({ index }, place) => index.upsert([aDocument(`d${place}`)])));
    expect(await indexes(first.name)).toEqual([`${first.name}-memories-1`]);
    expect(await foundIds(first.index)).toEqual(['d0', 'd1', 'd2', 'd3']);
    const described = await ask<Record<string, { aliases: object; mappings: { _meta: object; dynamic: string; _routing: object } }>>(
      'GET',
      `/${first.name}-memories-1`,
    );
    const { aliases, mappings } = described[`${first.name}-memories-1`] ?? {};
    expect(Object.keys(aliases ?? {}).toSorted()).toEqual(
      ['1-intake', 'read', 'write'].map((alias) => `${first.name}-memories-${alias}`).toSorted(),
    );
    expect(mappings).toMatchObject({ dynamic: 'strict', _routing: { required: true }, _meta: { schema: 3, model: null } });
  });

  it('notes the model of the first vector, and keeps vectors of two models apart', async () => {
    const { index, name } = open();
    await index.upsert([
      aDocument('a', { vector: EAST, vectorModelId: 'model-a' }),
      aDocument('b', { vector: EAST, vectorModelId: 'model-b' }),
    ]);
    const found = async (vectorModelId: string): Promise<readonly string[]> => {
      const { vectors, cosines } = await index.search(anIndexQuery({ scope: SCOPE, vector: EAST, vectorModelId }), {});
      expect([...cosines.keys()]).toEqual(vectors.map((hit) => hit.document.id));
      return vectors.map((hit) => hit.document.id);
    };
    expect([await found('model-a'), await found('model-b'), await found('model-c')]).toEqual([['a'], ['b'], []]);
    const described = await ask<Record<string, { mappings: { _meta: { model: unknown } } }>>('GET', `/${name}-memories-1`);
    expect(described[`${name}-memories-1`]?.mappings._meta.model).toEqual({ id: 'model-a', dimension: 4 });
  });

  it('keeps installations of different names apart', async () => {
    const [one, two] = [open(), open()];
    await one.index.upsert([aDocument('a')]);
    await two.index.upsert([aDocument('b')]);
    expect([await foundIds(one.index), await foundIds(two.index)]).toEqual([['a'], ['b']]);
  });
});

describe('a store that is away', () => {
  it('is not tried by every search once that is known', async () => {
    const events: IndexEvent[] = [];
    const placeholder = createServer();
    await new Promise<void>((resolve) => placeholder.listen(0, '127.0.0.1', resolve));
    const { port } = placeholder.address() as AddressInfo;
    await new Promise((resolve) => placeholder.close(resolve));
    const { index, breaker, close } = openOpenSearchIndex({
      url: `http://127.0.0.1:${port}`,
      name: 'nobody',
      shards: 1,
      replicas: 0,
      onEvent: (event) => events.push(event),
    });
    for (let searches = 0; searches < 3; searches += 1) expect(await isUnavailable(index.search(anIndexQuery(), {}))).toBe(true);
    expect(breaker()).toBe('open');
    expect(events.filter(({ type }) => type === 'breaker')).toEqual([{ type: 'breaker', state: 'open' }]);
    const retries = events.length;
    for (let searches = 0; searches < 20; searches += 1) expect(await isUnavailable(index.search(anIndexQuery(), {}))).toBe(true);
    expect(events.length).toBe(retries);
    await close();
  });

  it('refuses everything while it is away, with a code that says try again, and serves when it is back', async () => {
    const { proxy, test } = await openProxied();
    await test.index.upsert([aDocument('a')]);
    proxy.interfere = () => ({ status: 503, body: {} });
    expect(await isUnavailable(test.index.upsert([aDocument('b')]))).toBe(true);
    expect(await isUnavailable(test.index.remove([{ id: 'a', scope: SCOPE, indexVersion: 2 }]))).toBe(true);
    const { index } = test;
    for (const call of [() => index.count(null), () => index.entries(null, 1), () => index.removeScope(SCOPE)])
      expect(await isUnavailable(call())).toBe(true);
    proxy.interfere = () => null;
    await expect(eventually(() => foundIds(test.index))).resolves.toEqual(['a']);
    expect(test.breaker()).toBe('closed');
  });

  it('is given up at the deadline when it does not answer, and then no more asked', async () => {
    const { proxy, test } = await openProxied();
    await test.index.upsert([aDocument('a')]);
    proxy.interfere = () => 'silence';
    for (let searches = 0; searches < 3; searches += 1) {
      const failure = await failureOf(test.index.search(anIndexQuery({ scope: SCOPE }), { deadlineAt: Date.now() + 400 }));
      expect(AppError.is(failure, 'deadline_exceeded')).toBe(true);
    }
    expect(test.breaker()).toBe('open');
    const asked = proxy.requests.length;
    expect(await isUnavailable(test.index.search(anIndexQuery({ scope: SCOPE }), {}))).toBe(true);
    expect(proxy.requests.length).toBe(asked);
  });

  it('lets one call try at a time', async () => {
    const { proxy, test } = await openProxied();
    await test.index.upsert([aDocument('a')]);
    proxy.interfere = () => ({ status: 503, body: {} });
    while (test.breaker() === 'closed') await failureOf(test.index.search(anIndexQuery({ scope: SCOPE }), {}));
    await new Promise((resolve) => setTimeout(resolve, 600));
    proxy.interfere = () => 'silence';
    const asked = proxy.requests.length;
    const searches = Array.from({ length: 20 }, () =>
      failureOf(test.index.search(anIndexQuery({ scope: SCOPE }), { deadlineAt: Date.now() + 400 })),
    );
    await Promise.all(searches);
    // Whether it is a search or the look at the aliases before it depends on how long ago those were looked at.
    expect(proxy.requests.length).toBeLessThanOrEqual(asked + 1);
  });

  it('stops at once when the caller goes away', async () => {
    const { proxy, test } = await openProxied();
    await test.index.upsert([aDocument('a')]);
    proxy.interfere = () => 'silence';
    const abort = new AbortController();
    const reason = new Error('gone');
    const search = failureOf(test.index.search(anIndexQuery({ scope: SCOPE }), { signal: abort.signal }));
    setTimeout(() => abort.abort(reason), 50);
    expect(await search).toBe(reason);
    expect(test.breaker()).toBe('closed');
  });

  it('is waited for no longer than the deadline when nothing is known of it yet', async () => {
    const { proxy, test } = await openProxied();
    proxy.interfere = () => 'silence';
    const reason = new Error('gone');
    const search = (options: CallOptions): Promise<unknown> => failureOf(test.index.search(anIndexQuery({ scope: SCOPE }), options));
    expect(AppError.is(await search({ deadlineAt: Date.now() + 50 }), 'deadline_exceeded')).toBe(true);
    const abort = new AbortController();
    setTimeout(() => abort.abort(reason), 50);
    expect(await search({ signal: abort.signal })).toBe(reason);
    // Both waited for one and the same question.
    expect(proxy.requests.length).toBe(1);
  });

  it('says so when the address leads to something else, or the password is wrong', async () => {
    const { proxy, test } = await openProxied();
    proxy.interfere = () => ({ status: 404, body: 'not here' });
    expect(await isUnavailable(test.index.upsert([aDocument('a')]))).toBe(true);
    proxy.interfere = () => ({ status: 401, body: { error: { type: 'security_exception', reason: 'secret' } } });
    const failure = await failureOf(test.index.search(anIndexQuery(), {}));
    expect(String(failure)).toMatch(/user name or password/);
    expect(String(failure)).not.toMatch(/secret/);
  });
});

describe('bulk answers', () => {
  const bulkRequests = ({ requests }: StoreProxy): readonly string[] =>
    requests.filter(({ path }) => path.startsWith('/_bulk')).map(({ body }) => body);
  const linesOf = (body: string): number => body.trimEnd().split('\n').length / 2;

  it('sends only those items again that were turned away for the moment', async () => {
    const { proxy, test } = await openProxied();
    let first = true;
    proxy.rewrite = ({ path }, given) => {
      if (!path.startsWith('/_bulk') || !first) return given;
      first = false;
      const answer = JSON.parse(given) as { items: { index: object }[] };
      return JSON.stringify({
        items: answer.items.map((item, place) => (place % 3 === 0 ? { index: { status: place % 2 === 0 ? 429 : 503 } } : item)),
      });
    };
    await test.index.upsert(documents(9));
    expect(bulkRequests(proxy).map(linesOf)).toEqual([9, 3]);
    expect(await test.index.count(SCOPE)).toBe(9);
  });

  it('gives up when the store stays overloaded, and loses nothing that was taken', async () => {
    const { proxy, test } = await openProxied();
    await test.index.upsert([aDocument('a')]);
    proxy.rewrite = ({ path }, given) => {
      if (!path.startsWith('/_bulk')) return given;
      const answer = JSON.parse(given) as { items: object[] };
      return JSON.stringify({ items: answer.items.map((item, place) => (place === 0 ? { index: { status: 429 } } : item)) });
    };
    expect(await isUnavailable(test.index.upsert([aDocument('b'), aDocument('c')]))).toBe(true);
    expect(await foundIds(test.index)).toEqual(['a', 'b', 'c']);
  });

  it('retries a whole request that was turned away', async () => {
    const { proxy, test } = await openProxied();
    await test.index.upsert([aDocument('a')]);
    let turnedAway = 0;
    proxy.interfere = ({ path }) => (path.startsWith('/_bulk') && (turnedAway += 1) === 1 ? { status: 429, body: {} } : null);
    await test.index.upsert([aDocument('b')]);
    expect(await foundIds(test.index)).toEqual(['a', 'b']);
  });

  it('halves a request that is too large until it is taken', async () => {
    const { proxy, test } = await openProxied();
    proxy.interfere = ({ path, body }) => (path.startsWith('/_bulk') && linesOf(body) > 3 ? { status: 413, body: {} } : null);
    await test.index.upsert(documents(10));
    expect(await test.index.count(SCOPE)).toBe(10);
  });

  it('sends at most 500 documents and some megabytes at once', async () => {
    const { proxy, test } = await openProxied();
    await test.index.upsert(documents(1_100));
    const labels = { tags: [], info: { deep: { blob: 'x'.repeat(2_000_000) } }, appId: null, agentId: null, relatedIds: [] };
    await test.index.upsert(documents(4, { labels, indexVersion: 2 }));
    const sizes = bulkRequests(proxy);
    expect(sizes.map(linesOf)).toEqual([500, 500, 100, 1, 1, 1, 1]);
    expect(await test.index.count(SCOPE)).toBe(1_100);
  });

  it('throws an error of the document alone for a document that the store does not take, and writes the others', async () => {
    const { index } = open();
    const bad = aDocument('bad', { statedAt: Number.NaN, createdAt: 'tomorrow' as unknown as number });
    const failure = await failureOf(index.upsert([aDocument('a'), bad, aDocument('b')]));
    expect(failure).toMatchObject({ code: 'document_refused', ids: ['bad'] });
    expect(String(failure)).not.toMatch(/tomorrow/);
    expect(await foundIds(index)).toEqual(['a', 'b']);
  });

  it('takes the version of a deletion for no newer document', async () => {
    const { proxy, test } = await openProxied();
    await test.index.upsert([aDocument('a', { indexVersion: 5 })]);
    let remembered = 3;
    // What the store says for a moment after a deletion.
    const outdated = { index: { status: 409, error: { type: 'version_conflict_engine_exception' } } };
    proxy.interfere = ({ path }) =>
      path.startsWith('/_bulk') && (remembered -= 1) >= 0
        ? { status: 200, body: { items: remembered === 2 ? [outdated, outdated] : [outdated] } }
        : null;
    await test.index.upsert([aDocument('a', { indexVersion: 4 }), aDocument('b')]);
    expect(bulkRequests(proxy).map(linesOf)).toEqual([1, 2, 1, 1, 1]);
    expect(await foundIds(test.index)).toEqual(['a', 'b']);
    for (let round = 0; round < 3; round += 1) {
      expect(await test.index.removeScope(SCOPE)).toBe(2);
      await test.index.upsert([aDocument('a'), aDocument('b')]);
    }
    expect(await foundIds(test.index)).toEqual(['a', 'b']);
  });

  it('does not believe an answer for fewer documents', async () => {
    const { proxy, test } = await openProxied();
    proxy.rewrite = ({ path }, given) => (path.startsWith('/_bulk') ? JSON.stringify({ items: [] }) : given);
    expect(await isUnavailable(test.index.upsert([aDocument('a')]))).toBe(true);
  });
});

describe('search answers', () => {
  it.each([
    [
      'an error in one arm',
      (page: Record<string, unknown>) => ({ ...page, error: { type: 'search_phase_execution_exception' }, status: 503 }),
    ],
    ['a part that failed', (page: Record<string, unknown>) => ({ ...page, _shards: { failed: 1 } })],
    ['a search that was cut short', (page: Record<string, unknown>) => ({ ...page, timed_out: true })],
    ['half an answer', () => ({})],
  ])('does not take %s for an answer', async (_name, spoil) => {
    const { proxy, test } = await openProxied();
    await test.index.upsert([aDocument('a', { vector: EAST })]);
    proxy.rewrite = ({ path }, given) => {
      if (!path.startsWith('/_msearch')) return given;
      const { responses } = JSON.parse(given) as { responses: Record<string, unknown>[] };
      return JSON.stringify({ responses: responses.map((page, place) => (place === 1 ? spoil(page) : page)) });
    };
    expect(await isUnavailable(test.index.search(anIndexQuery({ scope: SCOPE, vector: EAST }), {}))).toBe(true);
  });

  it('asks all arms in one request, for one owner, with the filter in each', async () => {
    const { proxy, test } = await openProxied();
    await test.index.upsert([aDocument('a', { vector: EAST })]);
    await foundIds(test.index);
    const before = proxy.requests.length;
    await test.index.search(anIndexQuery({ scope: SCOPE, vector: EAST, timeWindow: { from: 0, to: 1 } }), {});
    const [request, ...more] = proxy.requests.slice(before);
    expect(more).toEqual([]);
    const lines = (request?.body ?? '').trimEnd().split('\n');
    expect(lines.length).toBe(6);
    for (const [place, line] of lines.entries())
      expect(line).toContain(place % 2 === 0 ? '"routing":"u:default/user~003aana"' : '"owner":"u:default/user~003aana"');
  });

  it('refuses a scope that names nobody', async () => {
    const { index } = open();
    await index.upsert([aDocument('a')]);
    for (const scope of [{ ...SCOPE, projectId: '' }, { ...SCOPE, subject: '' }, {}])
      await expect(index.search(anIndexQuery({ scope: scope as Scope }), {})).rejects.toThrow('scope');
  });
});

describe('a lost index', () => {
  const lose = (name: string): Promise<unknown> => ask('DELETE', `/${name}-memories-*`);

  it('is unavailable to readers until a write has made it anew, unfilled', async () => {
    const { index, name } = open();
    await index.upsert([aDocument('a', { vector: EAST })]);
    await confirm(index);
    expect(await index.needsRefill()).toBeNull();
    await lose(name);
    for (const call of [() => foundIds(index), () => index.count(null), () => index.entries(null, 1)])
      expect(await isUnavailable(call())).toBe(true);
    await index.upsert([aDocument('b', { vector: EAST })]);
    expect(await foundIds(index)).toEqual(['b']);
    expect(await index.needsRefill()).not.toBeNull();
    const mapping = await ask<object>('GET', `/${name}-memories-1/_mapping`);
    expect(JSON.stringify(mapping)).toContain('"dynamic":"strict"');
  });

  it('is made anew, unfilled, by asking whether it has to be filled', async () => {
    const { index, name } = open();
    await index.upsert([aDocument('a')]);
    await confirm(index);
    await lose(name);
    await eventually(async () => expect(await index.needsRefill()).not.toBeNull());
    expect(await foundIds(index)).toEqual([]);
  });

  it('is not confirmed when it was lost between asking and confirming', async () => {
    const { index, name } = open();
    const unfilled = await index.needsRefill();
    await lose(name);
    await index.upsert([aDocument('a')]);
    await index.confirmRefill(unfilled ?? '');
    expect(await index.needsRefill()).not.toBe(unfilled);
    expect(await index.needsRefill()).not.toBeNull();
  });

  it('never comes to be by a write, without its mapping, when many write at once', async () => {
    const { index, name } = open();
    await index.upsert([aDocument('a')]);
    await lose(name);
    await Promise.all(documents(20).map((document) => index.upsert([document])));
    expect(await index.count(SCOPE)).toBe(20);
    expect(await indexes(name)).toEqual([`${name}-memories-1`]);
  });
});

describe('an index that is closed for writing', () => {
  it('is unavailable to writers and still searched', async () => {
    const { index, name } = open();
    await index.upsert([aDocument('a')]);
    await ask('PUT', `/${name}-memories-1/_settings`, { index: { blocks: { write: true } } });
    expect(await isUnavailable(index.upsert([aDocument('b')]))).toBe(true);
    expect(await isUnavailable(index.removeScope(SCOPE))).toBe(true);
    expect(await foundIds(index)).toEqual(['a']);
    await ask('PUT', `/${name}-memories-1/_settings`, { index: { blocks: { write: false } } });
    await index.upsert([aDocument('b')]);
    expect(await foundIds(index)).toEqual(['a', 'b']);
  });
});

describe('an index of another version', () => {
  const restamp = async (name: string, meta: object): Promise<void> => {
    const described = await ask<Record<string, { mappings: { _meta: object } }>>('GET', `/${name}-memories-1`);
    const before = described[`${name}-memories-1`]?.mappings._meta ?? {};
    await ask('PUT', `/${name}-memories-1/_mapping`, { _meta: { ...before, ...meta } });
  };

  it.each([
    ['an older schema', { schema: 0 }],
    ['another reading of texts', { analysis: 'before' }],
  ])('of %s is replaced by an unfilled one', async (_name, meta) => {
    const { index, name } = open();
    await index.upsert([aDocument('a')]);
    await confirm(index);
    await restamp(name, meta);
    const next = open({ name });
    expect(await next.index.needsRefill()).not.toBeNull();
    await next.index.upsert([aDocument('b')]);
    expect(await foundIds(next.index)).toEqual(['b']);
    expect(await indexes(name)).toEqual([`${name}-memories-2`]);
    await eventually(async () => expect(await foundIds(index)).toEqual(['b']));
  });

  it('of a newer schema is left alone, and says so', async () => {
    const { index, name } = open();
    await index.upsert([aDocument('a')]);
    await restamp(name, { schema: 99 });
    const older = open({ name });
    expect(String(await failureOf(older.index.upsert([aDocument('b')])))).toMatch(/newer version/);
    expect(String(await failureOf(foundIds(older.index)))).toMatch(/newer version/);
    expect(await indexes(name)).toEqual([`${name}-memories-1`]);
  });

  it('that has replaced ours is searched and emptied as it is, and written by the version that made it alone', async () => {
    const { index, name } = open();
    await index.upsert([aDocument('a')]);
    const described = await ask<Record<string, { mappings: { _meta: { analysis: string } } }>>('GET', `/${name}-memories-1`);
    const mine = described[`${name}-memories-1`]?.mappings._meta.analysis;
    await restamp(name, { analysis: 'after', replaced: [mine] });
    const older = open({ name });
    expect(await isUnavailable(older.index.upsert([aDocument('b')]))).toBe(true);
    expect(await foundIds(older.index)).toEqual(['a']);
    expect(await indexes(name)).toEqual([`${name}-memories-1`]);
    await older.index.removeScope(SCOPE);
    expect(await foundIds(older.index)).toEqual([]);
  });
});

async function eventually<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const until = Date.now() + 10_000; ;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
