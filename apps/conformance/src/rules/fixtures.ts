import { setTimeout as sleep } from 'node:timers/promises';
import { listAt, objectOf } from '../engine/expectations.ts';
import { at, isObject, type JsonObject } from '../engine/json.ts';
import type { Suite } from '../engine/suite.ts';

export const VIEWS = ['detail_factual', 'preference', 'profile', 'event', 'tool_memory', 'skill'] as const;
export const LISTS = [
  'memory_detail_list',
  'preference_detail_list',
  'profile_detail_list',
  'event_detail_list',
  'tool_memory_detail_list',
  'skill_detail_list',
] as const;

/** An id that belongs to nothing. */
export const UNKNOWN_UUID = 'b1c0a6a2-9e0f-4b57-8f2a-94a5d6a9f001';
/** More than the contract's 100 characters. */
export const LONG_ID = 'x'.repeat(101);
export const LONGEST_ID = 'x'.repeat(100);
/** Words of about so many tokens; a quarter more, because tokenizers differ. */
export const tokens = (count: number): string => 'memory '.repeat(Math.ceil(count * 1.25));

export const says = (content: unknown, more: JsonObject = {}): JsonObject => ({ role: 'user', content, ...more });

export interface Known {
  readonly user: string;
  /** About Lisbon and the hospital: tags travel, scene booking, app shop-ios, agent planner. */
  readonly first: string;
  /** About peanuts and what is preferred: tags health, scene profile, app shop-web, agent coach. */
  readonly second: string;
  /** Data of the second task's status. */
  readonly status: JsonObject;
}

/** Asks for all that is known of that user. */
export const ABOUT_ALL = 'I live in Lisbon and work as a nurse; I am allergic to peanuts and prefer window seats and tea';

/** A user with three facts and two preferences out of two conversations, mined. */
export const known = (suite: Suite): Promise<Known> =>
  suite.once('known', async () => {
    const user = suite.fresh('known');
    const first = suite.fresh('conversation');
    const second = suite.fresh('conversation');
    await suite.remember({
      user_id: user,
      conversation_id: first,
      app_id: 'shop-ios',
      agent_id: 'planner',
      tags: ['travel'],
      info: {
        scene: 'booking',
        business_type: 'flights',
        rooms: 3,
        is_paid: true,
        colours: ['red', 'blue'],
        nested: { deep: { leaf: [1] } },
      },
      messages: [says('I live in Lisbon.'), says('I work as a nurse at the harbour hospital.')],
    });
    const status = await suite.remember({
      user_id: user,
      conversation_id: second,
      app_id: 'shop-web',
      agent_id: 'coach',
      tags: ['health'],
      info: { scene: 'profile', business_type: 'care' },
      messages: [says('I am allergic to peanuts.'), says('I prefer window seats on every flight.'), says('I prefer tea over coffee.')],
    });
    await settled(suite, user);
    return { user, first, second, status };
  });

const SETTLED_AFTER_MS = 400;

/** Waits until a search answers twice the same: scores may move while fresh memories are being indexed. */
async function settled(suite: Suite, user: string): Promise<void> {
  const look = async (): Promise<string> =>
    JSON.stringify(await suite.ask('/search/memory', { user_id: user, query: ABOUT_ALL, relativity: 0, memory_limit_number: 25 }));
  await suite.eventually(
    async () => {
      const before = await look();
      await sleep(SETTLED_AFTER_MS);
      return before === (await look());
    },
    (isSame) => isSame,
    'a search answers twice the same',
  );
}

/** A search of that user that leaves nothing out. */
export const searchKnown = async (suite: Suite, more: JsonObject = {}): Promise<JsonObject> =>
  suite.ask('/search/memory', { user_id: (await known(suite)).user, query: ABOUT_ALL, relativity: 0, memory_limit_number: 25, ...more });

/** The same with everything left at its default but the threshold; made once. */
export const searched = (suite: Suite): Promise<JsonObject> => suite.once('searched', () => searchKnown(suite));

/** Everything listed of that user; made once. */
export const listed = (suite: Suite): Promise<JsonObject> =>
  suite.once('listed', async () => suite.ask('/get/memory', { user_id: (await known(suite)).user, size: 50 }));

/** Everything listed of a user. */
export const memoriesOf = (suite: Suite, user: string, more: JsonObject = {}): Promise<JsonObject> =>
  suite.ask('/get/memory', { user_id: user, size: 50, ...more });

/** All words of an answer's items, to look for a name in. */
export const wordsOf = (data: JsonObject, lists: readonly string[] = LISTS): string =>
  JSON.stringify(
    lists.flatMap((list) => listAt(data, list).map((item) => ({ ...item, sources: undefined, source: undefined, messages: undefined }))),
  );

/** A user of their own with one fact, for rules that change it. */
export async function withFact(
  suite: Suite,
  content: string,
): Promise<{ readonly user: string; readonly conversation: string; readonly fact: JsonObject }> {
  const user = suite.fresh();
  const conversation = suite.fresh('conversation');
  await suite.remember({ user_id: user, conversation_id: conversation, messages: [says(content)] });
  const facts = listAt(await memoriesOf(suite, user), 'memory_detail_list');
  return { user, conversation, fact: isObject(facts[0]) ? facts[0] : {} };
}

export const messagesOf = async (suite: Suite, user: string, conversation: string, more: JsonObject = {}): Promise<readonly JsonObject[]> =>
  listAt(
    objectOf(await suite.post('/get/message', { user_id: user, conversation_id: conversation, message_limit_number: 50, ...more })),
    'message_detail_list',
  );

/** A name of the contract, for servers that list none. */
export const MODEL = 'qwen2.5-72b-instruct';

/** The names a server lists; none where it lists none. */
export const modelNames = (suite: Suite): Promise<readonly string[]> =>
  suite.once('model names', async () => {
    const models = at((await suite.get('/models')).body, 'data');
    return Array.isArray(models) ? models.map((model) => String(at(model, 'id'))) : [];
  });

/** One that has to answer. */
export async function someModel(suite: Suite): Promise<string> {
  const names = await modelNames(suite);
  return names.includes(MODEL) ? MODEL : (names[0] ?? MODEL);
}
