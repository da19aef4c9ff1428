import { AppError } from '@continuo/contracts';
import { analyse, analyseQuery, conceptsOf, type Filter, type IndexedDocument, type Scope } from '@continuo/domain';
import type { ArmHits, IndexHit, IndexQuery, MemoryIndex } from '@continuo/ports';
import { anIndexedDocument, anIndexQuery } from './index-builders.ts';
import { describeMemoryIndexFilters } from './memory-index-filters.ts';
import { describeMemoryIndexProperties } from './memory-index.properties.ts';

export interface MemoryIndexHarness {
  readonly name: string;
  /** An empty index, once per suite. Tests keep to projects of their own. */
  start(): Promise<MemoryIndex>;
  stop(): Promise<void>;
}

const ids = (hits: readonly IndexHit[]): readonly string[] => hits.map((hit) => hit.document.id);

/** What every adapter of `MemoryIndex` promises. */
export function describeMemoryIndexContract(harness: MemoryIndexHarness): void {
  describe(`MemoryIndex contract: ${harness.name}`, () => {
    let index: MemoryIndex;
    let scope: Scope;
    let projects = 0;

    beforeAll(async () => {
      index = await harness.start();
    });
    beforeEach(() => {
      projects += 1;
      scope = { projectId: `project-${projects}`, subject: 'user:ana' };
    });
    afterAll(() => harness.stop());

    const aDocument = (id: string, parts: Partial<IndexedDocument> = {}): IndexedDocument => anIndexedDocument({ id, scope, ...parts });
    const search = (parts: Parameters<typeof anIndexQuery>[0] = {}): Promise<ArmHits> =>
      index.search(anIndexQuery({ scope, ...parts }), {});
    /** By the words alone: topics would find "Lyon" for "Paris". */
    const wordIds = async (text: string): Promise<readonly string[]> => {
      const { words } = await search({ analysis: { ...analyseQuery(text), concepts: [] } });
      return ids(words).toSorted();
    };
    const allIds = async (parts: Partial<IndexQuery> = {}): Promise<readonly string[]> => {
      const { words, vectors, window } = await search({ vector: east, timeWindow: { from: 0, to: 2 ** 50 }, ...parts });
      return [...new Set([...ids(words), ...ids(vectors), ...ids(window)])].toSorted();
    };

    const east = Float32Array.of(1, 0, 0, 0);
    const north = Float32Array.of(0, 1, 0, 0);
    const northEast = Float32Array.of(Math.SQRT1_2, Math.SQRT1_2, 0, 0);

    describe('upsert', () => {
      it('makes a document visible to every arm once resolved, and gives it back whole', async () => {
        const { vector, vectorModelId, ...whole } = aDocument('a', {
          kind: 'preference',
          role: 'user',
          about: 'Mia',
          keys: ['tea', '茶'],
          source: 'said "so", and so\u0000 on',
          labels: {
            tags: ['x', 'ü'],
            info: { deep: { list: [1, null, 'a'] }, n: 1.5, yes: true },
            appId: 'app',
            agentId: 'agent',
            relatedIds: ['ana', 'ben'],
          },
          eventTime: { from: 5, to: 9 },
          vector: east,
        });
        await index.upsert([{ ...whole, vector, vectorModelId }]);
        const hits = await search({ vector: east, timeWindow: { from: whole.statedAt, to: whole.statedAt + 1 } });
        expect([hits.words, hits.vectors, hits.window].map((arm) => arm.map((hit) => hit.document))).toEqual([[whole], [whole], [whole]]);
      });

      it('replaces by id: the old words, vector and labels find nothing any more', async () => {
        await index.upsert([
          aDocument('a', {
            text: 'I live in Paris',
            vector: east,
            labels: { tags: ['old'], info: {}, appId: null, agentId: null, relatedIds: [] },
          }),
        ]);
        await index.upsert([
          aDocument('a', {
            text: 'I live in Lyon',
            vector: north,
            indexVersion: 2,
            labels: { tags: ['new'], info: {}, appId: null, agentId: null, relatedIds: [] },
          }),
        ]);
        const tag = (value: string): Filter => ({ op: 'equals', field: { name: 'tags' }, value });
        expect(await wordIds('Paris')).toEqual([]);
        expect(await wordIds('Lyon')).toEqual(['a']);
        expect((await search({ vector: east })).vectors.map((hit) => hit.score)).toEqual([0]);
        expect(await allIds({ filter: tag('old') })).toEqual([]);
        expect(await allIds({ filter: tag('new') })).toEqual(['a']);
        expect(await index.count(scope)).toBe(1);
      });

      it('ignores an older or equal version', async () => {
        await index.upsert([aDocument('a', { text: 'I live in Lyon', indexVersion: 5 })]);
        await index.upsert([aDocument('a', { text: 'I live in Paris', indexVersion: 4 })]);
        await index.upsert([aDocument('a', { text: 'I live in Rome', indexVersion: 5 })]);
        expect([await wordIds('Lyon'), await wordIds('Paris'), await wordIds('Rome')]).toEqual([['a'], [], []]);
      });

      it('keeps the newest of several versions in one call, in whichever order', async () => {
        await index.upsert([
          aDocument('a', { text: 'I live in Lyon', indexVersion: 3 }),
          aDocument('a', { text: 'I live in Paris', indexVersion: 2 }),
          aDocument('b', { text: 'I live in Paris', indexVersion: 2 }),
          aDocument('b', { text: 'I live in Lyon', indexVersion: 3 }),
        ]);
        expect([await wordIds('Lyon'), await wordIds('Paris')]).toEqual([['a', 'b'], []]);
      });

      it('finds a document by its vector as soon as it has arrived, and no more once it has gone', async () => {
        await index.upsert([aDocument('a')]);
        expect(ids((await search({ vector: east })).vectors)).toEqual([]);
        await index.upsert([aDocument('a', { vector: east, indexVersion: 2 })]);
        expect(ids((await search({ vector: east })).vectors)).toEqual(['a']);
        await index.upsert([aDocument('a', { indexVersion: 3 })]);
        expect(ids((await search({ vector: east })).vectors)).toEqual([]);
      });

      it('takes an empty call and a large one', async () => {
        await index.upsert([]);
        await index.upsert(
          Array.from({ length: 500 }, (_, place) => aDocument(`d${place}`, { text: `note number ${place}`, vector: east })),
        );
        expect(await index.count(scope)).toBe(500);
        expect(await wordIds('number 321')).toContain('d321');
      });
    });

    describe('search', () => {
      it('never returns another subject or another project, whatever their names', async () => {
        const others: readonly Scope[] = [
          { ...scope, subject: 'user:ana2' },
          { ...scope, subject: 'user:an' },
          { ...scope, subject: 'agent:ana' },
          { ...scope, subject: 'user:ANA' },
          { ...scope, subject: 'user: ' },
          { projectId: `${scope.projectId}0`, subject: scope.subject },
          { projectId: scope.projectId.slice(0, -1), subject: scope.subject },
        ];
        await index.upsert([
          aDocument('mine', { vector: east }),
          ...others.map((other, place) => aDocument(`other-${place}`, { scope: other, vector: east })),
        ]);
        expect(await allIds()).toEqual(['mine']);
        for (const [place, other] of others.entries()) expect(await allIds({ scope: other })).toEqual([`other-${place}`]);
      });

      it('finds nothing in a scope nobody has heard of', async () => {
        expect(await search({ vector: east, timeWindow: { from: 0, to: 2 ** 50 } })).toEqual({
          words: [],
          vectors: [],
          window: [],
          cosines: new Map(),
        });
      });

      it('finds the small subject beside a huge one that says the same', async () => {
        const huge: Scope = { ...scope, subject: 'user:huge' };
        await index.upsert(Array.from({ length: 2_000 }, (_, place) => aDocument(`h${place}`, { scope: huge, vector: east })));
        await index.upsert([aDocument('mine', { vector: northEast })]);
        const hits = await search({ vector: east, topK: 5 });
        expect([ids(hits.words), ids(hits.vectors)]).toEqual([['mine'], ['mine']]);
      });

      it('returns the asked kinds only, in every arm', async () => {
        await index.upsert((['fact', 'preference', 'turn'] as const).map((kind) => aDocument(kind, { kind, vector: east })));
        expect(await allIds({ kinds: ['fact'] })).toEqual(['fact']);
        expect(await allIds({ kinds: ['preference', 'turn'] })).toEqual(['preference', 'turn']);
        expect(await allIds({ kinds: [] })).toEqual([]);
      });

      it('gives at most topK hits per arm, the same ones first as with more', async () => {
        await index.upsert(
          Array.from({ length: 60 }, (_, place) =>
            aDocument(`d${place}`, {
              text: `green tea ${'again '.repeat(place)}`,
              statedAt: 1_000 + place,
              vector: Float32Array.of(60 - place, place, 0, 0),
            }),
          ),
        );
        const few = await search({ vector: east, timeWindow: { from: 0, to: 5_000 }, topK: 7 });
        const many = await search({ vector: east, timeWindow: { from: 0, to: 5_000 }, topK: 50 });
        for (const arm of ['words', 'vectors', 'window'] as const) {
          expect(few[arm].length).toBe(7);
          expect(many[arm].length).toBe(50);
          expect(few[arm].map((hit) => hit.score)).toEqual(many[arm].slice(0, 7).map((hit) => hit.score));
        }
      });

      it('ranks from 1 and scores downwards in every arm', async () => {
        await index.upsert(
          Array.from({ length: 30 }, (_, place) =>
            aDocument(`d${place}`, {
              text: `tea ${'milk '.repeat(place % 5)}`,
              statedAt: 1_000 + ((place * 7) % 30),
              vector: Float32Array.of(1, place, 0, 0),
            }),
          ),
        );
        const hits = await search({ text: 'tea', vector: east, timeWindow: { from: 0, to: 5_000 } });
        for (const arm of [hits.words, hits.vectors, hits.window]) {
          expect(arm.map((hit) => hit.rank)).toEqual(arm.map((_, place) => place + 1));
          expect(arm.map((hit) => hit.score)).toEqual(arm.map((hit) => hit.score).toSorted((a, b) => b - a));
          expect(arm.length).toBe(30);
        }
      });

      it('refuses a topK out of its range', async () => {
        for (const topK of [0, -1, 201, 1.5, Number.NaN]) await expect(search({ topK })).rejects.toThrow('topK');
      });
    });

    describe('the words arm', () => {
      it('finds by text, by keys and by source', async () => {
        await index.upsert([
          aDocument('text', { text: 'The harbour is quiet' }),
          aDocument('keys', { text: 'It is quiet there', keys: ['harbour'] }),
          aDocument('source', { text: 'It is calm there', source: 'the harbour, I mean' }),
          aDocument('none', { text: 'It is loud there' }),
        ]);
        expect(await wordIds('harbour')).toEqual(['keys', 'source', 'text']);
      });

      it('finds by topic across languages', async () => {
        const concepts = conceptsOf('I flew to Guangzhou for a trip last year');
        expect(concepts.length).toBeGreaterThan(0);
        await index.upsert([aDocument('trip', { text: 'I flew to Guangzhou for a trip last year' })]);
        const analysis = { ...anIndexQuery().analysis, terms: [], concepts };
        expect(ids((await search({ analysis })).words)).toEqual(['trip']);
      });

      it('puts a document with all of the words before those with one', async () => {
        await index.upsert([
          ...Array.from({ length: 40 }, (_, place) => aDocument(`other-${place}`, { text: `Something else entirely, entry ${place}` })),
          aDocument('one', { text: 'My bicycle stands in the hall' }),
          aDocument('both', { text: 'My red bicycle is in the hall' }),
          aDocument('other', { text: 'A red door opens to the hall' }),
        ]);
        expect(ids((await search({ text: 'red bicycle' })).words)[0]).toBe('both');
      });

      it('is empty for a query without terms', async () => {
        await index.upsert([aDocument('a')]);
        for (const text of ['', '!!!', '🎉', '\u0000']) expect((await search({ text })).words).toEqual([]);
      });

      const sayings: readonly (readonly [word: string, text: string])[] = [
        ["don't", "I don't eat meat"],
        ['3.14', 'My lucky number is 3.14 today'],
        ['e-mail', 'Send me an e-mail instead'],
        ['C++', 'I write C++ at work'],
        ['C#', 'She writes C# at work'],
        ['ana@example.com', 'Reach me at ana@example.com'],
        ['Zürich', 'We moved to Zurich'],
        ['running', 'He runs each morning'],
        ['"quoted"', 'He called it "quoted" speech'],
        ['广州', '我去年去过廣州'],
        ['東京', '東京タワーへ行きました'],
        ['サッカー', '弟はサッカーが好きです'],
        ['서울', '저는 서울에서 살아요'],
        ['Москве', 'Я живу в Москве'],
        ['naïve', 'A naive question'],
        ['party', 'The party🎉🎉was great'],
        ['nul', 'before nul\u0000after'],
        ['𠮷野家', '𠮷野家で食べた'],
        ['wörld\ud800', 'Hello wörld\ud800'],
        ['x'.repeat(3_000), `A word of ${'x'.repeat(3_000)} letters`],
      ];
      it.each(sayings.map(([word, text]) => ({ name: word.slice(0, 20), word, text })))(
        'finds $name as it is written',
        async ({ word, text }) => {
          await index.upsert([aDocument('said', { text }), aDocument('other', { text: 'Quite another thing' })]);
          expect(await wordIds(word)).toEqual(['said']);
        },
      );

      it('tells very long words apart', async () => {
        await index.upsert([aDocument('a', { text: `${'y'.repeat(2_000)}a` }), aDocument('b', { text: `${'y'.repeat(2_000)}b` })]);
        expect(await wordIds(`${'y'.repeat(2_000)}b`)).toEqual(['b']);
      });

      it('takes terms for words, never for syntax', async () => {
        await index.upsert([aDocument('a')]);
        const other: Scope = { ...scope, subject: 'user:other' };
        await index.upsert([aDocument('b', { scope: other })]);
        const hostile = [
          '" OR "green',
          'green*',
          'text:green',
          'NEAR(green tea)',
          '-green',
          '^green',
          '\u0000',
          '\ud800',
          'a" OR *',
          ') OR (',
          '{text keys}: green',
          'AND',
          'NOT',
          "' or 1=1 --",
          '%',
          '_',
        ];
        const hits = await search({ analysis: { ...anIndexQuery().analysis, terms: hostile, concepts: hostile } });
        expect(hits.words).toEqual([]);
      });

      it('finds the one document that has the last of very many terms', async () => {
        await index.upsert([aDocument('a', { text: 'zebra crossing' })]);
        const terms = [...Array.from({ length: 63 }, (_, place) => `word${place}`), ...analyse('zebra')];
        expect(ids((await search({ analysis: { ...anIndexQuery().analysis, terms, concepts: [] } })).words)).toEqual(['a']);
      });
    });

    describe('the vector arm', () => {
      it('orders by the cosine, exactly', async () => {
        await index.upsert([
          aDocument('opposite', { vector: Float32Array.of(-1, 0, 0, 0) }),
          aDocument('same', { vector: east }),
          aDocument('half', { vector: northEast }),
          aDocument('right-angled', { vector: north }),
          aDocument('without'),
        ]);
        const hits = await search({ vector: east });
        expect(ids(hits.vectors)).toEqual(['same', 'half', 'right-angled', 'opposite']);
        for (const [place, cosine] of [1, Math.SQRT1_2, 0, -1].entries()) expect(hits.vectors[place]?.score).toBeCloseTo(cosine, 5);
      });

      it('gives the cosine of every document that has a vector, whichever arm found it', async () => {
        await index.upsert([
          aDocument('by-words', { vector: northEast }),
          aDocument('by-words-without'),
          aDocument('by-vector', { text: 'nothing alike', vector: east }),
          aDocument('by-time', { text: 'something else', statedAt: 77, vector: north }),
        ]);
        const hits = await search({ vector: east, topK: 1, timeWindow: { from: 70, to: 80 } });
        const more = await search({ vector: east, topK: 2, timeWindow: { from: 70, to: 80 } });
        expect(ids(hits.vectors)).toEqual(['by-vector']);
        expect(ids(more.words).toSorted()).toEqual(['by-words', 'by-words-without']);
        expect([...more.cosines.keys()].toSorted()).toEqual(['by-time', 'by-vector', 'by-words']);
        expect(more.cosines.get('by-words')).toBeCloseTo(Math.SQRT1_2, 5);
        expect(more.cosines.get('by-time')).toBeCloseTo(0, 5);
      });

      it('is empty, and without cosines, for a query that is not embedded', async () => {
        await index.upsert([aDocument('a', { vector: east })]);
        const hits = await search();
        expect([hits.vectors, hits.cosines.size, ids(hits.words)]).toEqual([[], 0, ['a']]);
      });

      it('sees each change of a subject it has just searched', async () => {
        const found = async (): Promise<readonly string[]> => ids((await search({ vector: east })).vectors);
        await index.upsert([aDocument('a', { vector: east }), aDocument('b', { vector: northEast })]);
        expect(await found()).toEqual(['a', 'b']);
        await index.upsert([aDocument('c', { vector: Float32Array.of(0.9, 0.1, 0, 0) })]);
        expect(await found()).toEqual(['a', 'c', 'b']);
        await index.upsert([aDocument('a', { vector: north, indexVersion: 2 })]);
        expect(await found()).toEqual(['c', 'b', 'a']);
        await index.remove([{ id: 'c', scope, indexVersion: 2 }]);
        expect(await found()).toEqual(['b', 'a']);
        await index.removeScope(scope);
        await index.upsert([aDocument('d', { vector: east })]);
        expect(await found()).toEqual(['d']);
      });
    });

    describe('the window arm', () => {
      it('finds what was said or happens in the range, newest first, its end excluded', async () => {
        await index.upsert([
          aDocument('before', { statedAt: 99 }),
          aDocument('first', { statedAt: 100 }),
          aDocument('last', { statedAt: 199 }),
          aDocument('after', { statedAt: 200 }),
          aDocument('happens', { statedAt: 5, eventTime: { from: 150, to: 160 } }),
          aDocument('begins', { statedAt: 4, eventTime: { from: 199, to: 500 } }),
          aDocument('ends', { statedAt: 3, eventTime: { from: 50, to: 101 } }),
          aDocument('spans', { statedAt: 2, eventTime: { from: 1, to: 900 } }),
          aDocument('ended', { statedAt: 1, eventTime: { from: 50, to: 100 } }),
          aDocument('to-come', { statedAt: 1, eventTime: { from: 200, to: 300 } }),
        ]);
        const { window } = await search({ text: '', timeWindow: { from: 100, to: 200 } });
        expect(ids(window)).toEqual(['last', 'first', 'happens', 'begins', 'ends', 'spans']);
        expect(window[0]?.score).toBe(199);
      });

      it('is empty for a query without a range', async () => {
        await index.upsert([aDocument('a')]);
        expect((await search()).window).toEqual([]);
      });
    });

    describe('filters', () => {
      it('asks a document of 20,000 labels like any other', async () => {
        const many = <Item>(itemAt: (place: number) => Item): readonly Item[] =>
          Array.from({ length: 20_000 }, (_, place) => itemAt(place));
        await index.upsert([
          aDocument('many', {
            vector: east,
            labels: {
              tags: many((place) => `t${place}`),
              info: { list: many((place) => place) },
              appId: null,
              agentId: null,
              relatedIds: [],
            },
          }),
          aDocument('keys', {
            labels: {
              tags: [],
              info: Object.fromEntries(many((place) => [`key ${place}`, place])),
              appId: null,
              agentId: null,
              relatedIds: [],
            },
          }),
          aDocument('none', { vector: east }),
        ]);
        const wanted = many((place) => 19_999 + place);
        expect(await allIds({ filter: { op: 'equals', field: { name: 'tags' }, value: 't19999' } })).toEqual(['many']);
        expect(await allIds({ filter: { op: 'in', field: { name: 'info', key: 'list' }, values: wanted } })).toEqual(['many']);
        expect(await allIds({ filter: { op: 'gte', field: { name: 'info', key: 'key 19999' }, value: 19_999 } })).toEqual(['keys']);
      });

      it('finds the one document in five hundred that fits, in every arm and with the smallest topK', async () => {
        await index.upsert(
          Array.from({ length: 500 }, (_, place) =>
            aDocument(`d${place}`, {
              text: `green tea ${place === 499 ? 'somewhere in a very long sentence indeed' : ''}`,
              statedAt: 10_000 - place,
              vector: Float32Array.of(1, place / 100, 0, 0),
              labels: { tags: place === 499 ? ['rare'] : ['common'], info: {}, appId: null, agentId: null, relatedIds: [] },
            }),
          ),
        );
        const hits = await search({
          vector: east,
          timeWindow: { from: 0, to: 20_000 },
          topK: 1,
          filter: { op: 'equals', field: { name: 'tags' }, value: 'rare' },
        });
        expect([ids(hits.words), ids(hits.vectors), ids(hits.window)]).toEqual([['d499'], ['d499'], ['d499']]);
      });
    });

    describe('remove', () => {
      it('takes a document out of every arm and out of the count', async () => {
        await index.upsert([aDocument('a', { vector: east }), aDocument('b', { vector: east })]);
        await index.remove([{ id: 'a', scope, indexVersion: 2 }]);
        expect(await allIds()).toEqual(['b']);
        expect(await index.count(scope)).toBe(1);
      });

      it('leaves a tombstone that an older or equal version does not lift, and a newer one does', async () => {
        await index.upsert([aDocument('a')]);
        await index.remove([{ id: 'a', scope, indexVersion: 3 }]);
        await index.upsert([aDocument('a', { indexVersion: 2 })]);
        await index.upsert([aDocument('a', { indexVersion: 3 })]);
        expect(await allIds()).toEqual([]);
        await index.upsert([aDocument('a', { indexVersion: 4 })]);
        expect(await allIds()).toEqual(['a']);
      });

      it('wins over a document of the same version, whichever comes first', async () => {
        await index.upsert([aDocument('a', { indexVersion: 3 })]);
        await index.remove([
          { id: 'a', scope, indexVersion: 3 },
          { id: 'b', scope, indexVersion: 3 },
        ]);
        await index.upsert([aDocument('b', { indexVersion: 3 })]);
        expect([await allIds(), await index.count(scope)]).toEqual([[], 0]);
      });

      it('leaves a tombstone for an id that is not there', async () => {
        await index.remove([{ id: 'late', scope, indexVersion: 3 }]);
        await index.upsert([aDocument('late', { indexVersion: 2, vector: east })]);
        expect(await allIds()).toEqual([]);
        expect(await index.count(scope)).toBe(0);
      });

      it('ignores a removal that is older than the document, and a tombstone never loses its version', async () => {
        await index.upsert([aDocument('a', { indexVersion: 5 })]);
        await index.remove([{ id: 'a', scope, indexVersion: 4 }]);
        expect(await allIds()).toEqual(['a']);
        await index.remove([{ id: 'a', scope, indexVersion: 9 }]);
        await index.remove([{ id: 'a', scope, indexVersion: 6 }]);
        await index.upsert([aDocument('a', { indexVersion: 7 })]);
        expect(await allIds()).toEqual([]);
      });

      it('can be repeated, and takes an empty call', async () => {
        await index.upsert([aDocument('a')]);
        await index.remove([]);
        await index.remove([{ id: 'a', scope, indexVersion: 2 }]);
        await index.remove([{ id: 'a', scope, indexVersion: 2 }]);
        expect(await index.count(scope)).toBe(0);
      });

      it('does not touch the document of another scope', async () => {
        await index.upsert([aDocument('a')]);
        await index.remove([{ id: 'a', scope: { ...scope, subject: 'user:other' }, indexVersion: 9 }]);
        expect(await allIds()).toEqual(['a']);
      });

      it('forgets tombstones of before the given time, and no others', async () => {
        await index.remove([{ id: 'a', scope, indexVersion: 3 }]);
        await index.sweepTombstones(Date.now() - 60_000);
        await index.upsert([aDocument('a', { indexVersion: 2 })]);
        expect(await allIds()).toEqual([]);
        await index.sweepTombstones(Date.now() + 60_000);
        await index.upsert([aDocument('a', { indexVersion: 2 })]);
        expect(await allIds()).toEqual(['a']);
      });
    });

    describe('removeScope', () => {
      it('removes every document of one scope, says how many, and lets them come again', async () => {
        const other: Scope = { ...scope, subject: 'user:other' };
        await index.upsert([
          aDocument('a', { vector: east }),
          aDocument('b', { vector: east }),
          aDocument('gone'),
          aDocument('c', { scope: other, vector: east }),
        ]);
        await index.remove([{ id: 'gone', scope, indexVersion: 2 }]);
        expect(await index.removeScope(scope)).toBe(2);
        expect([await allIds(), await allIds({ scope: other })]).toEqual([[], ['c']]);
        expect(await index.removeScope(scope)).toBe(0);
        await index.upsert([aDocument('a', { vector: east })]);
        expect(await allIds()).toEqual(['a']);
      });
    });

    describe('count', () => {
      it('counts what can be found in one scope and in all', async () => {
        const before = await index.count(null);
        await index.upsert([aDocument('a'), aDocument('b'), aDocument('c', { scope: { ...scope, subject: 'user:other' } })]);
        await index.remove([{ id: 'b', scope, indexVersion: 2 }]);
        expect([await index.count(scope), (await index.count(null)) - before]).toEqual([1, 2]);
        expect(await index.count({ ...scope, subject: 'user:nobody' })).toBe(0);
      });
    });

    describe('entries', () => {
      const pages = async (limit: number): Promise<readonly (readonly string[])[]> => {
        const found: (readonly string[])[] = [];
        for (let afterId: string | null = `${scope.projectId}/`; ;) {
          const page = await index.entries(afterId, limit);
          const mine = page.filter((entry) => entry.scope.projectId === scope.projectId);
          found.push(mine.map(({ id }) => id));
          if (mine.length < limit) return found;
          afterId = mine.at(-1)?.id ?? null;
        }
      };

      it('gives what can be found, with scope and version, in the order of ids and page by page', async () => {
        const other: Scope = { ...scope, subject: 'agent:a,b/~ ü' };
        const id = (name: string): string => `${scope.projectId}/${name}`;
        await index.upsert([
          aDocument(id('c'), { indexVersion: 7, vector: east }),
          aDocument(id('a'), { scope: other }),
          aDocument(id('B')),
          aDocument(id('b')),
          aDocument(id('gone')),
        ]);
        await index.remove([{ id: id('gone'), scope, indexVersion: 2 }]);
        expect(await pages(2)).toEqual([[id('B'), id('a')], [id('b'), id('c')], []]);
        expect(await pages(3)).toEqual([[id('B'), id('a'), id('b')], [id('c')]]);
        expect(await index.entries(id('B'), 1)).toEqual([{ id: id('a'), scope: other, indexVersion: 1 }]);
        expect(await index.entries(id('b'), 1)).toEqual([{ id: id('c'), scope, indexVersion: 7 }]);
      });

      it('begins at the start, and ends with an empty page', async () => {
        await index.upsert([aDocument(' first')]);
        expect((await index.entries(null, 1)).map((entry) => entry.id)).toEqual([' first']);
        expect(await index.entries('\u{10ffff}', 1_000)).toEqual([]);
      });
    });

    describe('refilling', () => {
      it('is asked for until it is confirmed, and not again when documents come or go', async () => {
        const name = await index.needsRefill();
        expect([name, await index.needsRefill()]).toEqual([expect.any(String), name]);
        await index.confirmRefill(name ?? '');
        expect(await index.needsRefill()).toBeNull();
        await index.upsert([aDocument('a')]);
        await index.removeScope(scope);
        await index.confirmRefill(name ?? '');
        expect(await index.needsRefill()).toBeNull();
      });

      it('is not ended by confirming another index', async () => {
        const before = await index.needsRefill();
        await index.confirmRefill('another');
        expect(await index.needsRefill()).toBe(before);
      });
    });

    describe('deadline and signal', () => {
      it('rejects with the reason of a signal that was aborted before', async () => {
        const reason = new Error('nobody asks any more');
        await expect(index.search(anIndexQuery({ scope }), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      });

      it('rejects with the reason of a signal that is aborted while it searches', async () => {
        const reason = new Error('gone');
        const abort = new AbortController();
        const searched = index.search(anIndexQuery({ scope }), { signal: abort.signal });
        abort.abort(reason);
        await expect(searched).rejects.toBe(reason);
      });

      it('rejects with deadline_exceeded when the deadline has passed, and serves the next search', async () => {
        await index.upsert([aDocument('a')]);
        const error = await index.search(anIndexQuery({ scope }), { deadlineAt: Date.now() - 1 }).catch((failure: unknown) => failure);
        expect(AppError.is(error, 'deadline_exceeded')).toBe(true);
        expect(await wordIds('tea')).toEqual(['a']);
      });

      it('answers in time when there is time', async () => {
        await index.upsert([aDocument('a')]);
        const hits = await index.search(anIndexQuery({ scope }), { deadlineAt: Date.now() + 60_000, signal: new AbortController().signal });
        expect(ids(hits.words)).toEqual(['a']);
      });
    });

    describeMemoryIndexFilters(() => index);
    describeMemoryIndexProperties(() => index);
  });
}
