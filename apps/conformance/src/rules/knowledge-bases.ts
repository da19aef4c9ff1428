import { dataOf, listAt, must, mustRefuse } from '../engine/expectations.ts';
import { shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import { epochMs, fraction, matching, mustBe, oneOf, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { type Base, fields, nulls, type Refusal, refusals } from '../engine/tables.ts';
import {
  ADD_FILE,
  base64,
  CREATE,
  create,
  DELETE,
  done,
  filesOf,
  foundIn,
  GET_FILE,
  knowledgeBase,
  thing,
} from './knowledge-base-fixtures.ts';
import { says } from './fixtures.ts';

const creating: Base = { prefix: 'create.knowledgebase', path: CREATE, body: (suite) => ({ knowledgebase_name: suite.fresh('base') }) };
const CREATE_REFUSALS: readonly Refusal[] = [
  ['knowledgebase_name.missing', 'a knowledge base without name', { knowledgebase_name: undefined }, 40002],
  ['knowledgebase_name.empty', 'an empty name', { knowledgebase_name: '' }, 40002],
  ['knowledgebase_name.type', 'an object as name', { knowledgebase_name: {} }, 40000],
  ['knowledgebase_description.type', 'an object as description', { knowledgebase_description: {} }, 40000],
];

export const createKnowledgeBase: RuleGroup = {
  endpoint: `POST ${CREATE}`,
  rules: [
    ...fields('create.knowledgebase', async (suite) => [{ id: await create(suite) }], { id: words }),
    rule('create.knowledgebase.new', 'the same name again makes another one', async (suite) => {
      const body = { knowledgebase_name: suite.fresh('base') };
      const [one, other] = [await suite.ask(CREATE, body), await suite.ask(CREATE, { ...body, knowledgebase_description: 'Another.' })];
      must(one['id'] !== other['id'], `both are ${shown(one['id'])}`);
    }),
    rule('create.knowledgebase.linked', 'it is linked to the project of the key', async (suite) => {
      mustBe(
        'found',
        await foundIn(suite, [await create(suite)]),
        matching('an empty list', (value) => Array.isArray(value) && value.length === 0),
      );
    }),
    ...nulls(creating, ['knowledgebase_description']),
    ...refusals(creating, CREATE_REFUSALS),
  ],
};

const deleting: Base = {
  prefix: 'delete.knowledgebase',
  path: DELETE,
  body: async (suite) => ({ knowledgebase_id: await suite.once('base to keep', () => create(suite)) }),
};
const DELETE_REFUSALS: readonly Refusal[] = [
  ['knowledgebase_id.missing', 'a request without knowledge base', { knowledgebase_id: undefined }, 40002],
  ['knowledgebase_id.empty', 'an empty knowledgebase_id', { knowledgebase_id: '' }, 40002],
  ['knowledgebase_id.type', 'an object as knowledgebase_id', { knowledgebase_id: {} }, 40000],
  ['knowledgebase_id.unknown', 'an unknown knowledge base', { knowledgebase_id: 'base-no-such' }, [50120, 50123]],
  ['delete_all.type', 'a word as delete_all', { delete_all: 'perhaps' }, 40000],
];

/** A base with a file that speaks of one word, done. */
async function baseAbout(suite: Suite, like: string): Promise<{ readonly id: string; readonly fileId: unknown; readonly word: string }> {
  const word = suite.word(like);
  const id = await create(suite);
  const [file] = filesOf(
    await suite.post(ADD_FILE, { knowledgebase_id: id, file: [{ content: base64(`The ${word} opens at nine.\n`), name: 'hours.txt' }] }),
  );
  await done(suite, file?.['id']);
  return { id, fileId: file?.['id'], word };
}

export const deleteKnowledgeBase: RuleGroup = {
  endpoint: `POST ${DELETE}`,
  rules: [
    rule('delete.knowledgebase.success', 'success is true', async (suite) =>
      mustBe('success', (await suite.ask(DELETE, { knowledgebase_id: await create(suite), delete_all: true }))['success'], oneOf(true)),
    ),
    rule('delete.knowledgebase.unlink', 'by default it is unlinked: a search of it is refused with 50123', async (suite) => {
      const { id, word } = await baseAbout(suite, 'vorpalhall');
      must((await foundIn(suite, [id], word)).length > 0, 'nothing is found before');
      await suite.ask(DELETE, { knowledgebase_id: id });
      mustRefuse(
        await suite.post('/search/memory', { user_id: suite.fresh(), query: word, knowledgebase_ids: [id] }),
        50123,
        suite.isStrict,
      );
    }),
    rule('delete.knowledgebase.all', 'with delete_all a search of it is refused with 50120 or 50123', async (suite) => {
      const { id } = await baseAbout(suite, 'tulgeyhall');
      await suite.ask(DELETE, { knowledgebase_id: id, delete_all: true });
      mustRefuse(
        await suite.post('/search/memory', { user_id: suite.fresh(), query: 'When does it open?', knowledgebase_ids: [id] }),
        [50120, 50123],
        suite.isStrict,
      );
    }),
    rule('delete.knowledgebase.files', 'with delete_all its files are gone', async (suite) => {
      const { id, fileId } = await baseAbout(suite, 'mimsyhall');
      await suite.ask(DELETE, { knowledgebase_id: id, delete_all: true });
      const reply = await suite.post(GET_FILE, { file_ids: [fileId] });
      if (reply.status === 200) must(listAt(dataOf(reply), 'file_detail_list').length === 0, 'the file is listed');
      else mustRefuse(reply, [40001, 50120, 50123], suite.isStrict);
    }),
    rule('delete.knowledgebase.everywhere', 'with delete_all a search of all bases finds nothing of it', async (suite) => {
      const { id, word } = await baseAbout(suite, 'bandersnatch');
      await suite.ask(DELETE, { knowledgebase_id: id, delete_all: true });
      const found = JSON.stringify(await foundIn(suite, ['all'], word));
      must(!found.includes(word), `found ${shown(found)}`);
    }),
    ...nulls({ ...deleting, body: async (suite) => ({ knowledgebase_id: await create(suite) }) }, ['delete_all']),
    ...refusals(deleting, DELETE_REFUSALS),
  ],
};

const inBase = async (suite: Suite) => foundIn(suite, [(await knowledgeBase(suite)).id]);

export const knowledgeBaseSearch: RuleGroup = {
  endpoint: 'knowledge bases in POST /search/memory',
  rules: [
    rule('knowledgebase_ids.found', 'what a document says is found when its base is named', async (suite) => {
      const found = JSON.stringify(await inBase(suite));
      must(found.includes('forty days'), `found ${shown(found)}`);
    }),
    rule('knowledgebase_ids.all', 'and when all bases are named', async (suite) => {
      await knowledgeBase(suite);
      const found = JSON.stringify(await foundIn(suite, ['all']));
      must(found.includes('forty days'), `found ${shown(found)}`);
    }),
    rule('knowledgebase_ids.default', 'and not when none is named', async (suite) => {
      await knowledgeBase(suite);
      const data = await suite.ask('/search/memory', {
        user_id: suite.fresh(),
        query: `Within how many days can a ${thing(suite)} be returned?`,
        relativity: 0,
      });
      must(!JSON.stringify(data).includes(thing(suite)), `found ${shown(data)}`);
    }),
    rule('knowledgebase_ids.other', 'and not when another base is named', async (suite) => {
      await knowledgeBase(suite);
      const found = await foundIn(suite, [await create(suite)]);
      must(found.length === 0, `found ${shown(found)}`);
    }),
    ...fields('knowledgebase_ids.memory', inBase, {
      id: words,
      memory_value: words,
      conversation_id: oneOf('default_session'),
      tags: matching(
        'a list with "mode:fine" and "multimodal:file"',
        (tags) => Array.isArray(tags) && tags.includes('mode:fine') && tags.includes('multimodal:file'),
      ),
      create_time: epochMs,
      relativity: fraction,
    }),
    rule('knowledgebase_ids.user', "the user's own memories are found beside", async (suite) => {
      const user = suite.fresh();
      await suite.remember({ user_id: user, messages: [says(`I work in the ${thing(suite)} factory as a welder.`)] });
      const query = {
        user_id: user,
        query: `${thing(suite)} factory welder, returned within days`,
        knowledgebase_ids: [(await knowledgeBase(suite)).id],
        relativity: 0,
      };
      const found = JSON.stringify(await suite.ask('/search/memory', query));
      must(found.includes('welder') && found.includes('forty days'), `found ${shown(found)}`);
    }),
    rule('knowledgebase_ids.filter', 'a group for knowledge bases filters what they hold', async (suite) => {
      const query = { user_id: suite.fresh(), query: thing(suite), knowledgebase_ids: [(await knowledgeBase(suite)).id], relativity: 0 };
      const passing = await suite.ask('/search/memory', {
        ...query,
        filter: { knowledgebase: { and: [{ tags: { contains: 'multimodal:file' } }] } },
      });
      const blocked = await suite.ask('/search/memory', {
        ...query,
        filter: { knowledgebase: { and: [{ tags: { contains: 'no-such-tag' } }] } },
      });
      must(
        JSON.stringify(passing).includes(thing(suite)) && !JSON.stringify(blocked).includes(thing(suite)),
        `found ${shown(passing)} and ${shown(blocked)}`,
      );
    }),
    rule('knowledgebase_ids.unlinked', 'a base that is not linked is refused with 50123 also beside one that is', async (suite) => {
      const body = { user_id: suite.fresh(), query: 'x', knowledgebase_ids: [(await knowledgeBase(suite)).id, 'base-no-such'] };
      mustRefuse(await suite.post('/search/memory', body), 50123, suite.isStrict);
    }),
    rule('knowledgebase_ids.allow', 'messages may be written to a base, and are found there by any user', async (suite) => {
      const id = await create(suite);
      await suite.remember({
        user_id: suite.fresh(),
        allow_knowledgebase_ids: [id],
        messages: [says(`I work as a glazier in the ${suite.word('Snickerhall')}.`)],
      });
      const found = JSON.stringify(await foundIn(suite, [id], suite.word('Snickerhall')));
      must(found.includes(suite.word('Snickerhall')), `found ${shown(found)}`);
    }),
  ],
};
