import { randomUUID } from 'node:crypto';
import type { Scope } from '@continuo/domain';
import type { Records } from '@continuo/records';
import { aMemory, append, noChanges, NOW, readBatch, remember, someLabels } from '@continuo/testing';

export const MODEL = { id: 'spec-model', dimension: 8 };

/** Everything records may hold: histories, denials, labels, vectors, tasks of every kind, erased users, pending messages. */
export async function populate(records: Records, users: number, projectId = 'default'): Promise<void> {
  await records.projects.create(projectId, NOW - 1_000);
  await records.vectors.setCurrent(MODEL);
  await records.usage.add(projectId, '2026-05-01', 4_200);
  for (let user = 0; user < users; user += 1) await oneUser(records, { projectId, subject: `user:ana-${user}` }, user);
  await fillVectors(records);
}

async function oneUser(records: Records, scope: Scope, user: number): Promise<void> {
  const at = NOW + user * 1_000;
  const labels = someLabels({ tags: ['work', `team ${user}`], info: { level: user, city: 'Zürich', open: user % 2 === 0 }, appId: 'app' });
  const home = await remember(
    records,
    {
      id: randomUUID(),
      scope,
      text: `I live in Lyon ${user}`,
      topicKey: 'home.city',
      topicValue: 'lyon',
      eventTime: { from: at, to: at + 5 },
    },
    { labels, now: at, conversationId: `c-${user}` },
  );
  const next = aMemory({ ...home.memory, id: randomUUID(), text: `I live in Paris ${user}`, topicValue: 'paris', statedAt: at + 1 });
  await append(records, { scope, mode: 'turn', messages: [`I live in Paris ${user}`], now: at + 1, conversationId: `c-${user}`, labels });
  const batch = await readBatch(records, scope, { now: at + 1 });
  const source = batch.messages.at(-1);
  await records.inbox.commit(
    batch,
    noChanges({
      insert: [{ ...next, sourceMessageIds: [source?.id ?? ''], sourceSequence: source?.sequence ?? 0 }],
      supersede: [{ id: home.memory.id, by: next.id, validTo: at + 1 }],
      hide: home.memory.sourceMessageIds,
    }),
    at + 1,
  );
  const taste = { id: randomUUID(), scope, text: `No 🦐, please ${user}`, preferenceType: 'implicit', reasoning: 'said so' } as const;
  const preference = await remember(records, { ...taste, kind: 'preference', entities: ['Mia', '你好'] }, { labels, now: at + 2 });
  if (user % 3 === 0) await records.memories.deleteByIds(scope.projectId, [preference.memory.id], null, at + 3);
  await append(records, {
    scope,
    mode: 'turn',
    messages: [
      { content: `I keep bees.\nTwo hives "${user}" \\ \u2028 \u{1F41D}`, chatTime: at - 5, roleName: 'Ana' },
      { role: 'assistant', content: 'Well.', recallable: false },
    ],
    now: at + 4,
    conversationId: 'later',
  });
  const pending = await readBatch(records, scope, { now: at + 4 });
  if (user % 4 === 1) await records.inbox.writeJournal(pending, { candidates: [{ text: 'I keep bees' }] }, at + 4);
  if (user % 4 === 2) await records.inbox.fail(pending, 'parse_failed', at + 4);
  if (user % 4 === 3)
    await records.inbox.postpone(pending, { retryAt: at + 60_000, countsAsAttempt: true, reason: 'provider_unavailable' });
  if (user % 10 === 9) await records.memories.eraseSubject(scope, { keepMessages: user % 20 === 19, now: at + 5 });
}

async function fillVectors(records: Records): Promise<void> {
  for (;;) {
    const missing = await records.vectors.missing(MODEL.id, 200);
    if (missing.length === 0) return;
    await records.vectors.store(
      MODEL.id,
      missing.map(({ id, passage }) => ({
        id,
        vector: Float32Array.from({ length: MODEL.dimension }, (_, place) => Math.sin(passage.length * (place + 1))),
      })),
    );
  }
}
