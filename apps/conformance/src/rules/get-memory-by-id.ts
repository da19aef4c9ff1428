import { dataOf, listAt, must, mustRefuse, objectOf, textAt } from '../engine/expectations.ts';
import { isObject, type JsonObject, shown } from '../engine/json.ts';
import { NotRun } from '../engine/breach.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { boolean, matching, object, objects, oneOf, optional, text, texts, textOrNull, timeText, uuid, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { fields } from '../engine/tables.ts';
import { known, listed, UNKNOWN_UUID, VIEWS } from './fixtures.ts';
import { withEvents } from './search-items.ts';

const ENDPOINT = 'GET /get/memory/{memory_id}';

const listedFact = async (suite: Suite): Promise<JsonObject> => {
  const fact = listAt(await listed(suite), 'memory_detail_list').find((item) => String(item['memory_value']).includes('Lisbon'));
  must(fact !== undefined, 'no memory says Lisbon');
  return fact;
};
const byId = async (suite: Suite, item: JsonObject): Promise<JsonObject> =>
  objectOf(await suite.get(`/get/memory/${encodeURIComponent(textAt(item, 'id'))}`));
const fact = (suite: Suite): Promise<JsonObject> => suite.once('fact by id', async () => byId(suite, await listedFact(suite)));

export const getMemoryById: RuleGroup = {
  endpoint: ENDPOINT,
  rules: [
    ...fields('get.memory.id', async (suite) => [await fact(suite)], {
      id: uuid,
      memory_view: oneOf(...VIEWS),
      title: text,
      content: words,
      conversation_id: text,
      message_ids: texts,
      status: oneOf('activated', 'resolving', 'archived', 'deleted'),
      algorithm_updatable: boolean,
      created_at: timeText,
      updated_at: timeText,
      user_id: words,
      agent_id: textOrNull,
      tags: texts,
      info: object,
      memory: words,
      messages: objects,
    }),
    ...fields('get.memory.id.messages', async (suite) => listAt(await fact(suite), 'messages'), {
      role: words,
      content: words,
      chat_time: optional(
        matching('a string, a number or null', (value) => value === null || typeof value === 'string' || typeof value === 'number'),
      ),
    }),
    rule('get.memory.id.same', 'it tells the same as the list', async (suite) => {
      const [item, data] = [await listedFact(suite), await fact(suite)];
      must(data['id'] === item['id'] && data['content'] === item['memory_value'], `it is ${shown(data)}`);
    }),
    rule('get.memory.id.view.fact', 'memory_view of a fact is detail_factual', async (suite) => {
      const view = (await fact(suite))['memory_view'];
      must(view === 'detail_factual', `memory_view is ${shown(view)}`);
    }),
    rule('get.memory.id.view.preference', 'memory_view of a preference is preference', async (suite) => {
      const [item] = listAt(await listed(suite), 'preference_detail_list');
      must(item !== undefined, 'there is no preference');
      const view = (await byId(suite, item))['memory_view'];
      must(view === 'preference', `memory_view is ${shown(view)}`);
    }),
    rule('get.memory.id.event', 'an event can be fetched by its id, too', async (suite) => {
      const [item] = listAt(await withEvents(suite), 'event_detail_list');
      if (item === undefined) throw new NotRun('there is no event');
      const data = await byId(suite, item);
      must(data['content'] === item['event_value'], `content is ${shown(data['content'])} instead of ${shown(item['event_value'])}`);
    }),
    rule('get.memory.id.user', 'user_id and conversation_id are those of the write', async (suite) => {
      const [data, { user, first }] = [await fact(suite), await known(suite)];
      must(data['user_id'] === user && data['conversation_id'] === first, `they are ${shown([data['user_id'], data['conversation_id']])}`);
    }),
    rule('get.memory.id.info.same', 'info is that of the write', async (suite) => {
      const { info } = await fact(suite);
      must(isObject(info) && info['scene'] === 'booking', `info is ${shown(info)}`);
    }),
    rule('get.memory.id.agent', 'agent_id is the label of the write', async (suite) => {
      const { agent_id: agent } = await fact(suite);
      must(agent === 'planner', `agent_id is ${shown(agent)}`);
    }),
    rule('get.memory.id.unknown', 'an unknown id is refused with 40001', async (suite) =>
      mustRefuse(await suite.get(`/get/memory/${UNKNOWN_UUID}`), 40001, suite.isStrict),
    ),
    rule('get.memory.id.malformed', 'an id that is no UUID is refused with 40001 or 40000', async (suite) =>
      mustRefuse(await suite.get('/get/memory/no%20id%2Fat%25all'), [40000, 40001], suite.isStrict),
    ),
    rule('get.memory.id.trailingSlash', 'a slash at the end is ignored', async (suite) => {
      dataOf(await suite.get(`/get/memory/${textAt(await listedFact(suite), 'id')}/`));
    }),
  ],
};
