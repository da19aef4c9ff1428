import { dataOf, listAt, must } from '../engine/expectations.ts';
import { at, isObject, shown } from '../engine/json.ts';
import { NotRun } from '../engine/breach.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { count, mustBe, oneOf, texts, uuid } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { type Base, fields, type Refusal, refusals } from '../engine/tables.ts';
import { known, memoriesOf, says, UNKNOWN_UUID, VIEWS } from './fixtures.ts';

const PATH = '/get/status';
const base: Base = { prefix: 'status', path: PATH, body: () => ({ task_id: UNKNOWN_UUID }) };

const REFUSALS: readonly Refusal[] = [
  ['task_id.missing', 'a request without task', { task_id: undefined }, 40002],
  ['task_id.empty', 'an empty task_id', { task_id: '' }, 40002],
  ['task_id.null', 'null as task_id', { task_id: null }, 40002],
  ['task_id.type', 'an object as task_id', { task_id: {} }, 40000],
  ['task_id.unknown', 'an unknown task', {}, 50131],
  ['task_id.malformed', 'a task_id that is no UUID', { task_id: 'no task' }, [40000, 50131]],
];

async function viewsOf(suite: Suite) {
  const views = (await known(suite)).status['memory_views'];
  must(isObject(views), `memory_views is ${shown(views)}`);
  return views;
}

export const getStatus: RuleGroup = {
  endpoint: `POST ${PATH}`,
  rules: [
    rule('status.data', 'data is an object; a list of one where the server serves clients before 2.0.24', async (suite) => {
      const { status } = await known(suite);
      const data = dataOf(await suite.post(PATH, { task_id: status['task_id'] }));
      must(isObject(data) || (Array.isArray(data) && data.length === 1), `data is ${shown(data)}`);
    }),
    ...fields('status', async (suite) => [(await known(suite)).status], { task_id: uuid, status: oneOf('running', 'completed', 'failed') }),
    rule('status.running.memory_views', 'memory_views is told only once the task is completed', async (suite) => {
      const added = await suite.ask('/add/message', { user_id: suite.fresh(), messages: [says('I live in Oslo.')] });
      const data = dataOf(await suite.post(PATH, { task_id: added['task_id'] }));
      mustBe('status', at(data, 'status') ?? at(data, '0.status'), oneOf('running', 'completed'));
      must(at(data, 'status') !== 'running' || at(data, 'memory_views') === undefined, 'memory_views of a running task');
    }),
    rule('status.completed', 'a task is completed in the end', async (suite) => {
      const added = await suite.ask('/add/message', { user_id: suite.fresh(), messages: [says('I live in Oslo.')] });
      await suite.finished(String(added['task_id']));
    }),
    ...fields('status.memory_views', async (suite) => [await viewsOf(suite)], { added: count, updated: count, deleted: count }),
    rule('status.memory_views.views', 'each view that was touched has its memory_ids, and no other is there', async (suite) => {
      const { added: _added, updated: _updated, deleted: _deleted, ...views } = await viewsOf(suite);
      must(Object.keys(views).length > 0, 'no view is there');
      for (const [view, value] of Object.entries(views)) {
        must((VIEWS as readonly string[]).includes(view), `there is a view ${view}`);
        mustBe(`${view}.memory_ids`, at(value, 'memory_ids'), texts);
        must((at(value, 'memory_ids') as unknown[]).length > 0, `${view} has no memory_ids`);
      }
    }),
    rule('status.memory_views.memory_ids', 'memory_ids are those of the memories', async (suite) => {
      const { user, second } = await known(suite);
      const data = await memoriesOf(suite, user);
      const views = await viewsOf(suite);
      for (const [view, list] of [
        ['detail_factual', 'memory_detail_list'],
        ['preference', 'preference_detail_list'],
      ] as const) {
        const expected = listAt(data, list)
          .filter((item) => item['conversation_id'] === second)
          .map(({ id }) => String(id));
        const seen = (at(views, `${view}.memory_ids`) ?? []) as unknown[];
        must(
          expected.every((id) => seen.includes(id)),
          `${view} is ${shown(seen)} instead of ${shown(expected)}`,
        );
      }
    }),
    rule('status.memory_views.added.new', 'added counts the new memories', async (suite) => {
      const { added } = await viewsOf(suite);
      must(typeof added === 'number' && added >= 2, `added is ${shown(added)} after a fact and two preferences`);
    }),
    rule('status.memory_views.nothing', 'memory_views is absent when nothing was changed', async (suite) => {
      const status = await suite.remember({ user_id: suite.fresh(), messages: [says('Hello!')] });
      const views = status['memory_views'];
      if (isObject(views) && Number(views['added']) > 0) throw new NotRun('the server makes a memory of a greeting');
      must(views === undefined || views === null, `memory_views is ${shown(views)}`);
    }),
    ...refusals(base, REFUSALS),
  ],
};
