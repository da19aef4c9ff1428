import { jest } from '@jest/globals';
import { aMemory, append, aRequest, aScope, contents, emptyOutbox, noChanges, NOW, readBatch, remember } from '@continuo/testing';
import { type TemporaryDatabase, temporaryDatabase } from '../../test/postgres-database.ts';
import { openRecords } from '../open-records.ts';
import type { Records } from '../records.ts';

jest.setTimeout(60_000);

/** Two processes' worth of records on one database. */
let database: TemporaryDatabase;
let one: Records;
let two: Records;
const both = (index: number): Records => (index % 2 === 0 ? one : two);

beforeAll(async () => {
  database = await temporaryDatabase();
  const place = { engine: 'postgres', url: database.serviceUrl } as const;
  [one, two] = [await openRecords(place), await openRecords(place)];
});

beforeEach(() => database.empty());

afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
  await database.drop();
});

const times = <Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** Until this many wait for somebody else's lock. */
async function waiting(count: number): Promise<void> {
  for (;;) {
    // Inside a transaction the server would show what it showed before.
    await database.ask('select pg_stat_clear_snapshot()');
    const found = await counted(`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    if (found >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const counted = async (sql: string): Promise<number> => Number((await database.ask<{ count: string }>(sql))[0]?.count);

describe('many appends at once', () => {
  it('to one new conversation keep all and give each its own place', async () => {
    const results = await times(50, (index) => append(both(index), { mode: 'turn', messages: [`${index}a`, `${index}b`] }));
    const kept = await one.messages.latest(aScope(), 'monday', { roles: ['user'], limit: 200, erased: 'left_out' });
    expect(kept).toHaveLength(100);
    const order = contents(kept);
    for (let index = 0; index < 50; index += 1) expect(order.indexOf(`${index}b`)).toBe(order.indexOf(`${index}a`) + 1);
    expect(results.every(({ appended }) => appended === 2)).toBe(true);
    const places = await database.ask<{ place: number }>('select place from messages order by sequence');
    expect(places.map(({ place }) => place)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(await one.outbox.depth()).toBe(100);
  });

  it('of one growing history store each message once', async () => {
    const history = Array.from(
      { length: 20 },
      (_, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: `m${index}` }) as const,
    );
    await times(40, (index) => append(both(index), { messages: history.slice(0, 2 + 2 * (index % 10)) }));
    const kept = await one.messages.latest(aScope(), 'monday', { roles: ['user', 'assistant'], limit: 100, erased: 'left_out' });
    expect(new Set(contents(kept)).size).toBe(kept.length);
    expect(contents(kept).toSorted()).toEqual(history.map(({ content }) => content).toSorted());
  });

  it('to many conversations and subjects all succeed', async () => {
    await times(60, (index) =>
      append(both(index), {
        scope: aScope({ subject: `user:${index % 7}` }),
        conversationId: `c${index % 5}`,
        mode: 'turn',
        messages: ['x'],
      }),
    );
    expect(await counted('select count(*) from messages')).toBe(60);
    expect(await counted('select count(*) from tasks')).toBe(60);
  });
});

describe('group chats at once', () => {
  it('in any order of their participants all go into every space, beside mining and an erasure', async () => {
    const scopes = ['user:ana', 'user:ben', 'user:cem', 'public:all', 'base:x'].map((subject) =>
      aScope({ subject: subject as 'user:ana' }),
    );
    const turned = (index: number) => [...scopes.slice(index % 5), ...scopes.slice(0, index % 5)];
    const appends = times(40, async (index) => {
      const [scope = aScope(), ...copies] = index % 2 === 0 ? turned(index) : turned(index).toReversed();
      await append(both(index), { scope, copies, conversationId: `c${index % 3}`, mode: 'turn', messages: [`m${index}`] });
    });
    const mining = times(10, async (index) => {
      const scope = scopes[index % 5] ?? aScope();
      const batch = await both(index).inbox.readBatch(scope, { maxMessages: 5, maxCharacters: 999, now: NOW });
      if (batch !== null) await both(index + 1).inbox.commit(batch, noChanges({ insert: [aMemory({ id: `i${index}`, scope })] }), NOW);
    });
    await Promise.all([appends, mining]);
    for (const { subject } of scopes) expect(await counted(`select count(*) from messages where subject = '${subject}'`)).toBe(40);
    await Promise.all([
      one.memories.eraseSubject(aScope(), { keepMessages: false, now: NOW }),
      times(10, async (index) => {
        const [scope = aScope(), ...copies] = turned(index);
        return append(both(index), { scope, copies, conversationId: 'after', mode: 'turn', messages: [`n${index}`] });
      }),
    ]);
    for (const { subject } of scopes.slice(1)) expect(await counted(`select count(*) from messages where subject = '${subject}'`)).toBe(50);
    expect(await counted(`select count(*) from tasks where parent_id is null`)).toBe(50);
  });
});

describe('changing a memory', () => {
  const edit = (text: string) => ({ text, title: null, status: null, details: null });

  it('many times at once keeps every wording and loses none', async () => {
    const { memory } = await remember(one, { text: 'wording 0' });
    await times(12, (index) => both(index).memories.update('default', memory.id, edit(`wording ${index + 1}`), 'edit', NOW + index));
    const [kept] = await one.memories.byIds('default', [memory.id]);
    const wordings = [kept?.text, ...(await two.memories.versions('default', memory.id)).map(({ text }) => text)];
    expect(new Set(wordings)).toEqual(new Set(Array.from({ length: 13 }, (_, index) => `wording ${index}`)));
    expect(wordings).toHaveLength(13);
  });

  it('beside a batch, a deletion and its vector ends in one of their orders', async () => {
    for (let round = 0; round < 12; round += 1) {
      const scope = aScope({ subject: `user:${round}` });
      const { memory } = await remember(one, { id: `memory-${round}`, scope, text: 'old' });
      await append(one, { scope, mode: 'turn', messages: ['again'] });
      const batch = await readBatch(one, scope);
      const evidence = [{ id: memory.id, sourceMessageIds: ['m'], quotes: ['q'], sourceSequence: memory.sourceSequence }];
      const [edited, , outcome] = await Promise.allSettled([
        one.memories.update('default', memory.id, edit('new'), 'edit', NOW + 1),
        two.memories.deleteByIds('default', [memory.id], null, NOW + 2),
        two.inbox.commit(batch, noChanges({ evidence }), NOW),
        one.vectors.store('m', [{ id: memory.id, vector: new Float32Array([1]) }]),
      ]);
      const [kept] = await one.memories.byIds('default', [memory.id]);
      expect(kept?.status).toBe('deleted');
      expect(kept?.text).toBe(edited.status === 'fulfilled' ? 'new' : 'old');
      expect(['committed', 'moved']).toContain(outcome.status === 'fulfilled' ? outcome.value : outcome.reason);
      expect(await counted(`select count(*) from vectors where item_id = '${memory.id}'`)).toBe(0);
    }
  });
});

describe('one batch in two processes', () => {
  it('is committed once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { taskId } = await append(one, { conversationId: `c${round}`, mode: 'turn', messages: ['tea'] });
      const batch = await readBatch(one);
      const memory = aMemory({ id: `memory-${round}`, sourceMessageIds: batch.messages.map(({ id }) => id) });
      const outcomes = await times(6, (index) => both(index).inbox.commit(batch, noChanges({ insert: [memory] }), NOW));
      expect(outcomes.toSorted()).toEqual(['committed', ...Array.from({ length: 5 }, () => 'erased')]);
      expect(await two.tasks.find('default', taskId)).toMatchObject({ status: 'completed', added: 1 });
    }
  });

  it('is committed or given up, never both', async () => {
    for (let round = 0; round < 15; round += 1) {
      const { taskId } = await append(one, { conversationId: `c${round}`, mode: 'turn', messages: ['tea'] });
      const batch = await readBatch(one);
      const changes = noChanges({ insert: [aMemory({ id: `memory-${round}`, sourceMessageIds: [] })] });
      const [outcome] = await Promise.all([
        one.inbox.commit(batch, changes, NOW),
        two.inbox.fail(batch, 'parse_failed', NOW),
        two.inbox.writeJournal(batch, 'late', NOW),
        one.inbox.postpone(batch, { retryAt: NOW, countsAsAttempt: true, reason: 'parse_failed' }),
      ]);
      const task = await one.tasks.find('default', taskId);
      expect([outcome, task?.status, task?.added]).toEqual(
        outcome === 'committed' ? ['committed', 'completed', 1] : ['erased', 'failed', 0],
      );
    }
    expect(await counted('select count(*) from extractions')).toBe(0);
  });

  it('and another of the same subject: the second sees that the memories moved', async () => {
    for (let round = 0; round < 10; round += 1) {
      const scope = aScope({ subject: `user:${round}` });
      await append(one, { scope, conversationId: 'a', messages: ['a'] });
      await append(one, { scope, conversationId: 'b', messages: ['b'] });
      const first = await readBatch(one, scope);
      await one.inbox.postpone(first, { retryAt: NOW + 1, countsAsAttempt: false, reason: 'parse_failed' });
      const second = await readBatch(one, scope);
      const outcomes = await Promise.all(
        [first, second].map((batch, index) =>
          both(index).inbox.commit(batch, noChanges({ insert: [aMemory({ id: `${round}-${index}`, scope, sourceMessageIds: [] })] }), NOW),
        ),
      );
      expect(outcomes.toSorted()).toEqual(['committed', 'moved']);
    }
  });

  it('finishes a task whose messages end in two places at once', async () => {
    for (let round = 0; round < 15; round += 1) {
      const cut = await append(one, { conversationId: `c${round}`, mode: 'turn', messages: ['first', 'second'] });
      const batch = await readBatch(one, aScope(), { maxMessages: 1 });
      await Promise.all([
        one.inbox.commit(batch, noChanges(), NOW),
        append(two, { conversationId: `c${round}`, mode: 'turn', mine: false, messages: ['x'], replaces: [cut.messages[1]?.id ?? ''] }),
      ]);
      expect(await one.tasks.find('default', cut.taskId)).toMatchObject({ status: 'completed' });
    }
  });
});

describe('deleting a memory', () => {
  it('twice at once denies it once, as of the first time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const scope = aScope({ subject: `user:${round}` });
      const { memory } = await remember(one, { id: `memory-${round}`, scope });
      await times(6, (index) => both(index).memories.deleteByIds('default', [memory.id], null, NOW));
      expect((await one.memories.neighbours(scope, { topicKeys: [], statementKeys: [], ids: [] })).denials).toHaveLength(1);
    }
  });

  it('while a batch adds evidence to it: the batch has to look again', async () => {
    for (let round = 0; round < 10; round += 1) {
      const scope = aScope({ subject: `user:${round}` });
      const { memory } = await remember(one, { id: `memory-${round}`, scope });
      await append(one, { scope, mode: 'turn', messages: ['again'] });
      const batch = await readBatch(one, scope);
      const evidence = [{ id: memory.id, sourceMessageIds: ['m'], quotes: ['q'], sourceSequence: 9 }];
      const [outcome] = await Promise.all([
        one.inbox.commit(batch, noChanges({ evidence }), NOW),
        two.memories.deleteByIds('default', [memory.id], null, NOW),
      ]);
      const [kept] = await one.memories.byIds('default', [memory.id]);
      expect(kept).toMatchObject({
        status: 'deleted',
        evidence: outcome === 'committed' ? 2 : 1,
        indexVersion: outcome === 'committed' ? 3 : 2,
      });
      expect(['committed', 'moved']).toContain(outcome);
    }
  });

  it('of several subjects at once, in any order, waits for nobody in a circle', async () => {
    const scopes = Array.from({ length: 6 }, (_, index) => aScope({ subject: `user:${index}` }));
    const ids: string[] = [];
    for (const scope of scopes) ids.push((await remember(one, { id: `of ${scope.subject}`, scope })).memory.id);
    await times(8, (index) => both(index).memories.deleteByIds('default', index % 2 === 0 ? ids : ids.toReversed(), null, NOW));
    expect((await one.memories.byIds('default', ids)).map(({ status }) => status)).toEqual(ids.map(() => 'deleted'));
    expect(await counted('select count(*) from denials')).toBe(6);
  });
});

describe('erasing a subject', () => {
  it('while turns are appended and batches committed leaves no word of before', async () => {
    for (let round = 0; round < 12; round += 1) {
      const scope = aScope({ subject: `user:${round}` });
      await append(one, { scope, messages: ['before'] });
      const batch = await readBatch(one, scope);
      const begun = await one.requests.begin(aRequest({ scope }));
      const results = await Promise.allSettled([
        ...Array.from({ length: 6 }, (_, index) =>
          append(both(index), { scope, mode: 'turn', conversationId: `c${index % 2}`, messages: [`during ${index}`] }),
        ),
        append(two, { scope, mode: 'turn', messages: ['an answer'], answered: { requestId: begun.requestId, answer: 'secret' } }),
        two.inbox.commit(batch, noChanges({ insert: [aMemory({ id: `memory-${round}`, scope, sourceMessageIds: [] })] }), NOW),
        one.vectors.store(
          'm',
          batch.messages.map(({ id }) => ({ id, vector: new Float32Array([1]) })),
        ),
        one.memories.eraseSubject(scope, { keepMessages: false, now: NOW }),
        two.inbox.writeJournal(batch, 'journal', NOW),
      ]);
      expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
      const of = `project_id = 'default' and subject = '${scope.subject}'`;
      expect(await counted(`select count(*) from messages where ${of} and epoch <> 1`)).toBe(0);
      expect(await counted(`select count(*) from memories where ${of}`)).toBe(0);
      expect(await counted(`select count(*) from extractions where ${of}`)).toBe(0);
      expect(await counted(`select count(*) from requests where ${of}`)).toBe(0);
      expect(await counted(`select count(*) from outbox where ${of} and item_id not in (select id from messages)`)).toBe(0);
      expect(await counted(`select count(*) from vectors where item_id not in (select id from messages)`)).toBe(0);
      expect(
        await counted(`select count(*) from tasks where ${of} and status = 'running' and id not in (select task_id from messages)`),
      ).toBe(0);
      const places = await database.ask<{ place: number }>(`select place from messages where ${of} order by conversation_id, place`);
      expect(new Set(places.map(({ place }) => place)).size).toBeLessThanOrEqual(places.length);
    }
  });
});

describe('requests', () => {
  it('begun at once have one owner', async () => {
    for (let round = 0; round < 15; round += 1) {
      const beginnings = await times(12, (index) => both(index).requests.begin(aRequest({ fingerprint: `f${round}`, owner: `p${index}` })));
      expect(beginnings.filter(({ status }) => status === 'started')).toHaveLength(1);
      expect(new Set(beginnings.map(({ requestId }) => requestId)).size).toBe(1);
    }
  });

  it('whose answer is no repeat any more are begun anew by one', async () => {
    for (let round = 0; round < 15; round += 1) {
      const asked = { fingerprint: `f${round}` };
      const first = await one.requests.begin(aRequest(asked));
      await one.requests.answer(first.requestId, 'hello', NOW);
      await one.requests.delivered(first.requestId);
      const beginnings = await times(12, (index) => both(index).requests.begin(aRequest(asked)));
      expect(beginnings.map(({ status }) => status).toSorted()).toEqual([...Array.from({ length: 11 }, () => 'running'), 'started']);
    }
  });

  it('taken over at once have one new owner, and one that is answered is not abandoned', async () => {
    for (let round = 0; round < 10; round += 1) {
      const asked = { fingerprint: `f${round}`, leaseMs: 1 };
      const { requestId } = await one.requests.begin(aRequest(asked));
      const taken = await times(8, (index) =>
        both(index).requests.begin(aRequest({ ...asked, leaseMs: 9_000, owner: `t${index}`, now: NOW + 5 })),
      );
      expect(taken.filter(({ status }) => status === 'started')).toHaveLength(1);
      await Promise.all([
        append(one, { mode: 'turn', messages: ['x'], answered: { requestId, answer: 'hello' } }),
        two.requests.abandon(requestId),
      ]);
      const state = await one.requests.state(requestId, NOW);
      // Abandoned first: then the turn finds no request and is not kept.
      expect(state === null || state.status === 'answered').toBe(true);
      const kept = await counted(`select count(*) from messages where content = 'x'`);
      expect(kept).toBe(state === null ? 0 : 1);
      await database.ask(`delete from messages`);
    }
  });
});

describe('the outbox', () => {
  it('forgets nothing that was raised while it was acknowledged', async () => {
    for (let round = 0; round < 15; round += 1) {
      const { memory } = await remember(one, { id: `memory-${round}`, text: `I said ${round}` });
      const items = await two.outbox.next(100);
      await Promise.all([
        two.outbox.acknowledge(items),
        one.memories.deleteByIds('default', [memory.id], null, NOW),
        one.outbox.acknowledge(items),
      ]);
      const left = await one.outbox.next(100);
      expect(left.find(({ id }) => id === memory.id)).toMatchObject({ indexVersion: 2, document: null });
      await emptyOutbox(one);
    }
  });

  it('gives every item of many writers once, whatever the order of their ends', async () => {
    const seen = new Map<string, number>();
    let writing = true;
    const reading = (async () => {
      while (writing || (await two.outbox.depth()) > 0) {
        const items = await two.outbox.next(7);
        for (const { id } of items) seen.set(id, (seen.get(id) ?? 0) + 1);
        await two.outbox.acknowledge(items);
      }
    })();
    const written = await times(40, (index) =>
      append(both(index), { scope: aScope({ subject: `user:${index}` }), mode: 'turn', messages: ['a', 'b', 'c'] }),
    );
    writing = false;
    await reading;
    expect([...seen.keys()].toSorted()).toEqual(written.flatMap(({ messages }) => messages.map(({ id }) => id)).toSorted());
    expect(new Set(seen.values())).toEqual(new Set([1]));
  });

  it('never lowers a version when it is filled again', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { memory, message } = await remember(one, { id: `memory-${round}`, text: `I said ${round}` });
      await Promise.all([one.outbox.refill(), two.memories.deleteByIds('default', [memory.id], null, NOW), one.outbox.refill()]);
      const items = await one.outbox.next(1_000);
      for (const id of [memory.id, message.id])
        expect(items.find((item) => item.id === id)).toMatchObject({ indexVersion: 2, document: null });
      await emptyOutbox(one);
    }
  });
});

describe('vectors', () => {
  it('stored while their model becomes the current one reach the index', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { messages } = await append(one, { conversationId: `c${round}`, messages: [`m${round}`] });
      const id = messages[0]?.id ?? '';
      const model = { id: `model-${round}`, dimension: 1 };
      const indexed = new Map<string, Float32Array | null>();
      const drain = async (records: Records) => {
        const items = await records.outbox.next(1_000);
        for (const item of items) indexed.set(item.id, item.document?.vector ?? null);
        await records.outbox.acknowledge(items);
      };
      await Promise.all([
        one.vectors.store(model.id, [{ id, vector: new Float32Array([round]) }]),
        two.vectors.setCurrent(model),
        drain(one),
        drain(two),
      ]);
      await drain(one);
      expect(indexed.get(id)).toEqual(new Float32Array([round]));
    }
  });

  it('of two models stored at once are both known', async () => {
    const { messages } = await append(one, { messages: ['a', 'b', 'c', 'd', 'e', 'f'] });
    await times(6, (index) => both(index).vectors.store(`m${index}`, [{ id: messages[index]?.id ?? '', vector: new Float32Array([1]) }]));
    expect((await one.vectors.missing('m9', 100)).length).toBe(6);
  });

  it('and a batch that raises the same memory never share a version', async () => {
    for (let round = 0; round < 10; round += 1) {
      const scope = aScope({ subject: `user:${round}` });
      await one.vectors.setCurrent({ id: 'm', dimension: 1 });
      const { memory } = await remember(one, { id: `memory-${round}`, scope });
      await append(one, { scope, mode: 'turn', messages: ['again'] });
      const batch = await readBatch(one, scope);
      const evidence = [{ id: memory.id, sourceMessageIds: ['m'], quotes: ['q'], sourceSequence: 9 }];
      await Promise.all([
        one.inbox.commit(batch, noChanges({ evidence }), NOW),
        two.vectors.store(
          'm',
          [memory.id, ...batch.messages.map(({ id }) => id)].map((id) => ({ id, vector: new Float32Array([1]) })),
        ),
      ]);
      expect((await one.memories.byIds('default', [memory.id]))[0]?.indexVersion).toBe(3);
    }
  });
});

describe('who comes second', () => {
  it('adds evidence to a memory as the first has left it', async () => {
    const { memory } = await remember(one);
    await append(one, { mode: 'turn', messages: ['again'] });
    const batch = await readBatch(one);
    const evidence = [{ id: memory.id, sourceMessageIds: ['m'], quotes: ['q'], sourceSequence: 9 }];
    await database.ask('begin');
    await database.ask('update memories set index_version = index_version + 1');
    const outcome = one.inbox.commit(batch, noChanges({ evidence }), NOW);
    await waiting(1);
    await database.ask('commit');
    expect(await outcome).toBe('committed');
    expect((await one.memories.byIds('default', [memory.id]))[0]).toMatchObject({ indexVersion: 3, evidence: 2 });
  });

  it('writes no journal of a message that the first has erased', async () => {
    await append(one, { mode: 'turn', messages: ['one', 'two'] });
    const batch = await readBatch(one);
    await database.ask('begin');
    await database.ask(`delete from messages where content = 'two'`);
    const written = one.inbox.writeJournal(batch, 'two', NOW);
    await waiting(1);
    await database.ask('commit');
    await written;
    expect(await counted('select count(*) from extractions')).toBe(0);
    expect(await counted('select count(*) from messages where batch_id is not null')).toBe(0);
  });

  it('makes a model the current one with all vectors that the first has stored', async () => {
    const { messages } = await append(one, { messages: ['one', 'two'] });
    const [held, stored] = messages.map(({ id }) => id).toSorted();
    await database.ask(`update messages set recallable = 0 where id = '${held}'`);
    await emptyOutbox(one);
    await database.ask('begin');
    await database.ask(`select 1 from messages where id = '${held}' for update`);
    // Has seen that the model is not the current one, and waits for a message that nobody recalls.
    const storing = one.vectors.store(
      'm',
      [held, stored].map((id) => ({ id: id ?? '', vector: new Float32Array([1]) })),
    );
    await waiting(1);
    const setting = two.vectors.setCurrent({ id: 'm', dimension: 1 });
    await Promise.race([setting, waiting(2)]);
    await emptyOutbox(two);
    await database.ask('commit');
    await Promise.all([storing, setting]);
    const [item] = await one.outbox.next(10);
    expect(item).toMatchObject({ id: stored, document: { vector: new Float32Array([1]) } });
  });
});

describe('a template that is changed while somebody is bound to it', () => {
  const bindBen = async (templateId: string): Promise<void> => {
    await database.ask('begin');
    await database.ask(`insert into subjects (project_id, subject, epoch, revision, created_at) values ('default', 'user:ben', 0, 0, 1)`);
    await database.ask(`select 1 from profile_templates where id = '${templateId}' for no key update`);
    await database.ask(
      `insert into profiles (id, project_id, subject, epoch, template_id, properties_json, created_at, updated_at)
       select 'of-ben', 'default', 'user:ben', 0, id, metadata_json, 1, 1 from profile_templates`,
    );
  };
  const begin = async (): Promise<string> => {
    await one.projects.create('default', NOW);
    const metadata = { City: { value: '', algorithmUpdatable: true } };
    const templateId = await one.profiles.addTemplate('default', { name: 'People', metadata }, NOW);
    await one.profiles.bind('default', [{ subject: 'user:ana', templateId }], NOW);
    await bindBen(templateId);
    return templateId;
  };

  it('reaches them, too, and holds them first', async () => {
    const templateId = await begin();
    const metadata = { City: { value: '', algorithmUpdatable: true }, Name: { value: '', algorithmUpdatable: true } };
    const updating = one.profiles.updateTemplate('default', templateId, { name: 'People', metadata }, NOW + 1);
    await waiting(1);
    await database.ask('commit');
    expect(await updating).toBe(2);
    const [ben] = await one.profiles.instances(aScope({ subject: 'user:ben' }));
    expect(Object.keys(ben?.properties ?? {})).toContain('Name');
  });

  it('takes them along when it is deleted', async () => {
    const templateId = await begin();
    const deleting = one.profiles.deleteTemplate('default', templateId, NOW + 1);
    await waiting(1);
    await database.ask('commit');
    expect(await deleting).toBe(2);
    expect(await counted('select count(*) from profiles')).toBe(0);
  });
});

it('none of that ran into a deadlock', async () => {
  expect(await counted('select deadlocks as count from pg_stat_database where datname = current_database()')).toBe(0);
});

describe('everything at once', () => {
  it('ends: deadlocks are begun again', async () => {
    await one.projects.create('default', NOW);
    const scopes = Array.from({ length: 3 }, (_, index) => aScope({ subject: `user:${index}` }));
    await one.vectors.setCurrent({ id: 'm', dimension: 1 });
    const results = await Promise.allSettled([
      ...Array.from({ length: 60 }, async (_, index) => {
        const records = both(index);
        const scope = scopes[index % 3] ?? aScope();
        await append(records, { scope, conversationId: `c${index % 4}`, mode: 'turn', messages: [`a${index}`, `b${index}`] });
        const batch = await records.inbox.readBatch(scope, { maxMessages: 5, maxCharacters: 999, now: NOW });
        if (batch === null) return;
        const ids = batch.messages.map(({ id }) => id);
        await Promise.all([
          records.inbox.commit(
            batch,
            noChanges({ insert: [aMemory({ id: `memory-${index}`, scope, sourceMessageIds: ids })], hide: ids.slice(0, 1) }),
            NOW,
          ),
          both(index + 1).vectors.store(
            'm',
            ids.toReversed().map((id) => ({ id, vector: new Float32Array([1]) })),
          ),
        ]);
        await records.outbox.acknowledge(await records.outbox.next(20));
      }),
      one.outbox.refill(),
      two.inbox.requeue({ projectId: null, since: null }),
      one.vectors.setCurrent({ id: 'other', dimension: 1 }),
      two.requests.sweep(NOW),
      one.tasks.sweep(NOW - 1),
    ]);
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await counted('select count(*) from messages')).toBe(120);
  }, 60_000);
});

describe('work for one process', () => {
  it('is done by one of two', async () => {
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    };
    const done = await times(20, (index) => both(index).exclusive.attempt('sweep', work));
    expect(most).toBe(1);
    expect(done.filter(Boolean).length).toBeGreaterThan(0);
    expect(done.filter(Boolean).length).toBeLessThan(20);
  });

  it('is free again when the connection of whoever does it is lost', async () => {
    let finish = (): void => undefined;
    const begun = Promise.withResolvers<void>();
    const first = one.exclusive.attempt('sweep', () => {
      begun.resolve();
      return new Promise<void>((resolve) => (finish = resolve));
    });
    await begun.promise;
    expect(await two.exclusive.attempt('sweep', () => Promise.resolve())).toBe(false);
    await database.ask(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'continuo-work' and datname = current_database()`,
    );
    while (!(await two.exclusive.attempt('sweep', () => Promise.resolve()).catch(() => false)))
      await new Promise((resolve) => setTimeout(resolve, 5));
    finish();
    expect(await first).toBe(true);
    expect(await one.exclusive.attempt('sweep', () => Promise.resolve())).toBe(true);
  });
});
