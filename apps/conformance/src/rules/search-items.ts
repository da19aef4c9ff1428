import { dataOf, listAt, must } from '../engine/expectations.ts';
import { type JsonObject, parseJson, shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import {
  absent,
  boolean,
  epochMs,
  fraction,
  matching,
  number,
  objects,
  oneOf,
  optional,
  text,
  texts,
  uuid,
  words,
} from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { fields } from '../engine/tables.ts';
import { foundProfile } from './profile-fixtures.ts';
import { says, searched } from './fixtures.ts';

const PATH = '/search/memory';
const itemsOf = (list: string, make: (suite: Suite) => Promise<JsonObject>) => async (suite: Suite) => listAt(await make(suite), list);

const EVENTS = [says('Last week I visited my aunt in Lisbon.'), says('I am flying to Tokyo on March 3rd.')];

export const withEvents = (suite: Suite): Promise<JsonObject> =>
  suite.once('events', async () => {
    const user = suite.fresh('events');
    await suite.remember({ user_id: user, conversation_id: suite.fresh('conversation'), messages: EVENTS });
    return suite.ask(PATH, {
      user_id: user,
      query: 'When did I visit my aunt in Lisbon, when am I flying to Tokyo?',
      include_memory_view: ['event'],
      relativity: 0,
    });
  });

const SCHEMA = {
  name: 'find_hotels',
  description: 'Finds hotels of a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};
const call = (id: string): JsonObject => ({ id, type: 'function', function: { name: 'find_hotels', arguments: '{"city":"Lisbon"}' } });

/** A tool that was described and then called with an outcome. */
const withTools = (suite: Suite): Promise<JsonObject> =>
  suite.once('tools', async () => {
    const user = suite.fresh('tools');
    await suite.remember({
      user_id: user,
      conversation_id: suite.fresh('conversation'),
      messages: [
        { role: 'system', content: `You may use tools.\n<tool_schema>${JSON.stringify([SCHEMA])}</tool_schema>` },
        says('Please find hotels in Lisbon for me.'),
        { role: 'assistant', tool_calls: [call('call_1')] },
        { role: 'tool', tool_call_id: 'call_1', content: '{"hotels":["Alfama Inn","Chiado House"]}' },
        { role: 'assistant', content: 'There are the Alfama Inn and the Chiado House.' },
      ],
    });
    return suite.ask(PATH, {
      user_id: user,
      query: 'find_hotels: find hotels in Lisbon',
      include_memory_view: ['tool_memory'],
      relativity: 0,
      memory_limit_number: 25,
    });
  });

const toolsOf =
  (...types: readonly string[]) =>
  async (suite: Suite) =>
    listAt(await withTools(suite), 'tool_memory_detail_list').filter((item) => types.includes(String(item['tool_type'])));
const trajectories = toolsOf('ToolTrajectoryMemory');
const schemas = toolsOf('ToolSchemaMemory', 'ToolSchema');

const withProfile = (suite: Suite): Promise<JsonObject> => suite.once('profile search', async () => (await foundProfile(suite)).data);

const DATED = { create_time: epochMs, update_time: epochMs, conversation_id: text, status: oneOf('activated'), relativity: fraction };

const facts = fields('search.memory_detail_list', itemsOf('memory_detail_list', searched), {
  id: uuid,
  memory_key: words,
  memory_value: words,
  memory_type: oneOf('WorkingMemory', 'LongTermMemory', 'UserMemory'),
  ...DATED,
  confidence: fraction,
  tags: texts,
  memory_time: matching('absent or null', (value) => value === undefined || value === null),
});
const preferences = fields('search.preference_detail_list', itemsOf('preference_detail_list', searched), {
  id: uuid,
  preference_type: oneOf('explicit_preference', 'implicit_preference'),
  preference: words,
  reasoning: text,
  ...DATED,
});
const events = fields('search.event_detail_list', itemsOf('event_detail_list', withEvents), {
  id: uuid,
  event_key: words,
  event_value: words,
  event_type: oneOf('EventMemory'),
  ...DATED,
  event_time: texts,
  event_location: texts,
  event_roles: texts,
});
const trajectoryFields = fields('search.tool_memory_detail_list.trajectory', trajectories, {
  id: uuid,
  tool_value: words,
  experience: text,
  ...DATED,
  tool_used_status: objects,
});
const usedFields = fields(
  'search.tool_memory_detail_list.tool_used_status',
  async (suite) => (await trajectories(suite)).flatMap((item) => listAt(item, 'tool_used_status')),
  { used_tool: words, error_type: text, success_rate: number, tool_experience: text },
);
const schemaFields = fields('search.tool_memory_detail_list.schema', schemas, {
  id: uuid,
  tool_type: oneOf('ToolSchemaMemory'),
  tool_value: matching('JSON text', (value) => typeof value === 'string' && parseJson(value) !== undefined),
  tool_used_status: absent,
  experience: absent,
  ...DATED,
});
const profileFields = fields('search.profile_detail_list', itemsOf('profile_detail_list', withProfile), {
  id: words,
  memory: matching('"Category.Field: value"', (value) => typeof value === 'string' && /\S: \S/u.test(value)),
  memory_type: oneOf('ProfileMemory'),
  template_id: words,
  profile_category: text,
  profile_field: words,
  profile_path: words,
  status: oneOf('activated'),
  created_at: words,
  updated_at: words,
  confidence: optional(fraction),
  relativity: fraction,
  algorithm_updatable: boolean,
});

const found = (id: string, checks: string, items: (suite: Suite) => Promise<readonly JsonObject[]>) =>
  rule(`search.${id}.found`, checks, async (suite) => {
    const { length } = await items(suite);
    must(length > 0, 'none is found');
  });

export const searchItems: RuleGroup = {
  endpoint: `items of POST ${PATH}`,
  rules: [
    found('memory_detail_list', 'facts that were told are found', itemsOf('memory_detail_list', searched)),
    ...facts,
    found('preference_detail_list', 'preferences that were told are found', itemsOf('preference_detail_list', searched)),
    ...preferences,
    found('event_detail_list', 'an event that was told with day and place is found', itemsOf('event_detail_list', withEvents)),
    ...events,
    rule('search.event_detail_list.byDefault', 'events are found only when they are asked for', async (suite) => {
      await withEvents(suite);
      const user = suite.fresh();
      await suite.remember({ user_id: user, messages: EVENTS });
      const data = await suite.ask(PATH, {
        user_id: user,
        query: 'When did I visit my aunt in Lisbon, when am I flying to Tokyo?',
        relativity: 0,
      });
      must(listAt(data, 'event_detail_list').length === 0, `found ${shown(data['event_detail_list'])}`);
    }),
    found('tool_memory_detail_list.trajectory', 'a tool call with its result is found', trajectories),
    ...trajectoryFields,
    ...usedFields,
    found('tool_memory_detail_list.schema', 'a tool described in a <tool_schema> block is found', schemas),
    ...schemaFields,
    found('profile_detail_list', 'a value set in a profile is found', itemsOf('profile_detail_list', withProfile)),
    ...profileFields,
    rule('search.include_tool_memory', 'include_tool_memory finds tools beside facts', async (suite) => {
      const user = suite.fresh();
      await suite.remember({
        user_id: user,
        messages: [
          says('Find hotels in Lisbon.'),
          { role: 'assistant', tool_calls: [call('c')] },
          { role: 'tool', tool_call_id: 'c', content: 'Two hotels.' },
        ],
      });
      const query = { user_id: user, query: 'find_hotels Lisbon', relativity: 0 };
      const [without, within] = [await suite.ask(PATH, query), await suite.ask(PATH, { ...query, include_tool_memory: true })];
      must(listAt(without, 'tool_memory_detail_list').length === 0, 'tools come unasked');
      must(listAt(within, 'tool_memory_detail_list').length > 0, 'no tool comes');
    }),
    rule('search.include_skill', 'include_skill is answered with a list', async (suite) => {
      const data = dataOf(await suite.post(PATH, { user_id: suite.fresh(), query: 'How do I do it?', include_skill: true }));
      listAt(data, 'skill_detail_list');
    }),
  ],
};
