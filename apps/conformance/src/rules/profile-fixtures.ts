import { listAt, textAt } from '../engine/expectations.ts';
import type { JsonObject } from '../engine/json.ts';
import type { Suite } from '../engine/suite.ts';

export const ADD = '/add/profile_template';
export const LIST = '/list/profile_template';
export const GET = '/get/profile_template';
export const UPDATE = '/update/profile_template';
export const DELETE = '/delete/profile_template';
export const BIND = '/bind/profile_template';
export const EDIT = '/edit/profile';
export const DELETE_PROFILE = '/delete/profile';

export const leaf = (value: string, updatable = true): JsonObject => ({ value, algorithm_updatable: updatable });
export const METADATA = { Basic: { Plan: leaf('gold', false), City: leaf('') }, Contact: { Channel: leaf('email') } };

/** A template of its own. Returns its id. */
export const addTemplate = async (suite: Suite, metadata: JsonObject = METADATA, key?: string): Promise<string> =>
  textAt(await suite.ask(ADD, { name: suite.fresh('template'), metadata }, key === undefined ? {} : { key }), 'profile_template_id');

export interface Bound {
  readonly user: string;
  readonly template: string;
}

/** A user of its own, bound to a template of its own. */
export async function bind(suite: Suite, metadata: JsonObject = METADATA): Promise<Bound> {
  const [user, template] = [suite.fresh('bound'), await addTemplate(suite, metadata)];
  await suite.ask(BIND, { bind_list: [{ user_id: user, profile_template_id: template }] });
  return { user, template };
}

/** One that several rules only look at. */
export const boundProfile = (suite: Suite): Promise<Bound> => suite.once('bound profile', () => bind(suite));

/** A user of its own whose profile has a value that a search finds. */
export async function foundProfile(suite: Suite): Promise<{ readonly user: string; readonly data: JsonObject; readonly item: JsonObject }> {
  const { user, template } = await bind(suite);
  await suite.ask(EDIT, { user_id: user, profile_template_id: template, metadata: { Basic: { City: leaf('Porto') } } });
  const body = {
    user_id: user,
    query: 'Which city? Basic.City: Porto',
    include_memory_view: ['profile'],
    relativity: 0,
    memory_limit_number: 25,
  };
  const cities = (data: JsonObject) => listAt(data, 'profile_detail_list').filter((item) => JSON.stringify(item).includes('Porto'));
  const data = await suite.eventually(
    () => suite.ask('/search/memory', body),
    (seen) => cities(seen).length > 0,
    'the value of the profile is found',
  );
  return { user, data, item: cities(data)[0] ?? {} };
}
