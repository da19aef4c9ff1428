import { eventually, type System } from '../system.ts';
import { CONVERSATIONS, inBatches, type Person, QUESTIONS } from './move-people.ts';

const PAGE_SIZE = 50;
const WHOLE_WITHIN_MS = 30_000;

/** One thing somebody sees: what it is about, and the body as text. */
export type Sight = readonly [about: string, body: string];

/** All that can be seen of an installation over HTTP. */
export interface Look {
  readonly memories: readonly Sight[];
  /** What was superseded, got by its id. */
  readonly history: readonly Sight[];
  readonly transcripts: readonly Sight[];
  readonly searches: readonly Sight[];
}

/** @param archivedIds of what was superseded or deleted */
export async function lookAt(
  system: System,
  people: readonly Person[],
  { archivedIds, searches }: { readonly archivedIds: readonly string[]; readonly searches: number },
): Promise<Look> {
  return {
    memories: await memoriesOf(system, people),
    history: await inBatches(archivedIds, async (id) => {
      const { status, body } = await system.get(`/get/memory/${id}`);
      return [id, JSON.stringify([status, body.code, body.data])] as const;
    }),
    transcripts: await inBatches(
      people.flatMap(({ user }) => CONVERSATIONS.map((conversation) => ({ user, conversation }))),
      async ({ user, conversation }) => {
        const body = { user_id: user, conversation_id: conversation, message_limit_number: PAGE_SIZE };
        return [`${user} ${conversation}`, JSON.stringify((await system.post('/get/message', body)).body.data)] as const;
      },
    ),
    searches: await inBatches(
      asked(people, searches),
      async ({ user, query }) => [`${user}: ${query}`, await found(system, user, query)] as const,
    ),
  };
}

export const memoriesOf = (system: System, people: readonly Person[]): Promise<readonly Sight[]> =>
  inBatches(people, async ({ user }) => [
    user,
    JSON.stringify((await system.post('/get/memory', { user_id: user, size: PAGE_SIZE })).body.data),
  ]);

/** Ids in the order in which they were found: facts, then preferences. Of a recall with all of its parts: a busy machine may be too slow for one. */
async function found(system: System, user: string, query: string): Promise<string> {
  let ids = '';
  await eventually(async () => {
    const body = { user_id: user, query, relativity: 0 };
    const { data } = (await system.post('/search/memory', body, { 'X-Continuo-Debug': 'explain' })).body;
    if (data.debug.missing_arms.length > 0) throw new Error(`of "${query}" ${data.debug.missing_arms.join()} stay away`);
    ids = JSON.stringify([idsIn(data.memory_detail_list), idsIn(data.preference_detail_list)]);
  }, WHOLE_WITHIN_MS);
  return ids;
}

const idsIn = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);

function asked(people: readonly Person[], searches: number): readonly { readonly user: string; readonly query: string }[] {
  return Array.from({ length: searches }, (_, number) => ({
    user: people[number % people.length]?.user ?? '',
    // Another question each time round.
    query: QUESTIONS[(number + Math.floor(number / people.length)) % QUESTIONS.length] ?? '',
  }));
}

/** What two looks differ in, for people. */
export const differences = (one: readonly Sight[], other: readonly Sight[]): readonly string[] =>
  one.flatMap(([about, body], position) => {
    const [, there] = other[position] ?? [];
    return there === body ? [] : [`${about}: ${body} became ${there ?? 'nothing'}`];
  });
