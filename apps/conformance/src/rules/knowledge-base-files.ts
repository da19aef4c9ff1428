import { dataOf, listAt, must, mustRefuse } from '../engine/expectations.ts';
import { at, type JsonObject, shown } from '../engine/json.ts';
import { type Rule, rule, type RuleGroup } from '../engine/rule.ts';
import { count, matching, mustBe, number, objects, oneOf, text, words } from '../engine/shapes.ts';
import type { Suite } from '../engine/suite.ts';
import { type Base, fields, type Refusal, refusals } from '../engine/tables.ts';
import { ADD_FILE, base64, create, DELETE_FILE, done, filesOf, foundIn, GET_FILE, knowledgeBase } from './knowledge-base-fixtures.ts';
import { UNKNOWN_UUID } from './fixtures.ts';

const STATES = ['running', 'completed', 'failed'] as const;
const TEXT = { content: base64('The library opens at nine.\n'), name: 'hours.txt' };
const dataUrl = (type: string, content: string): string => `data:${type};base64,${base64(content)}`;

const spare = (suite: Suite): Promise<string> => suite.once('spare base', () => create(suite));
const adding: Base = {
  prefix: 'add.file',
  path: ADD_FILE,
  body: async (suite) => ({ knowledgebase_id: await spare(suite), file: [TEXT] }),
};
const ADD_REFUSALS: readonly Refusal[] = [
  ['knowledgebase_id.missing', 'an upload without knowledge base', { knowledgebase_id: undefined }, 40002],
  ['knowledgebase_id.unknown', 'an upload to an unknown knowledge base', { knowledgebase_id: 'base-no-such' }, [50120, 50123]],
  ['knowledgebase_id.type', 'an object as knowledgebase_id', { knowledgebase_id: {} }, 40000],
  ['file.missing', 'an upload without file', { file: undefined }, 40002],
  ['file.empty', 'an empty list of files', { file: [] }, [40002, 40003]],
  ['file.type', 'a string in place of files', { file: 'hours.txt' }, 40000],
  ['file.content.missing', 'a file without content', { file: [{ name: 'hours.txt' }] }, [40000, 40002]],
  ['file.content.type', 'a number as content', { file: [{ content: 7, name: 'hours.txt' }] }, 40000],
  [
    'file.content.base64',
    'a content that is neither URL nor base64',
    { file: [{ content: '!!! no base64 !!!', name: 'hours.txt' }] },
    [40008, 40009],
  ],
  [
    'file.content.dataUrl',
    'a data URL without base64',
    { file: [{ content: 'data:text/plain;base64,***', name: 'hours.txt' }] },
    [40008, 40009],
  ],
  ['file.name.extension', 'a file type that is not supported', { file: [{ ...TEXT, name: 'hours.exe' }] }, 40007],
  ['file.type.unknown', 'an unknown type of file', { file: [{ ...TEXT, type: 'poem' }] }, [40000, 40006]],
  [
    'file.count',
    'more than 20 files',
    { file: Array.from({ length: 21 }, (_, index) => ({ ...TEXT, name: `hours-${index}.txt` })) },
    50103,
  ],
];

/** Uploads one file and waits until it is done. */
async function upload(suite: Suite, file: JsonObject): Promise<{ readonly base: string; readonly file: JsonObject }> {
  const base = await create(suite);
  const [uploaded] = filesOf(await suite.post(ADD_FILE, { knowledgebase_id: base, file: [file] }));
  return { base, file: await done(suite, uploaded?.['id']) };
}

/** A file in each form; what it says has to be found. */
const FORMS: readonly (readonly [id: string, checks: string, file: (word: string) => JsonObject])[] = [
  ['base64', 'bare base64', (word) => ({ content: base64(`The ${word} opens at nine.\n`), name: 'hours.txt' })],
  ['dataUrl', 'a data URL', (word) => ({ content: dataUrl('text/plain', `The ${word} opens at nine.\n`), name: 'hours.txt' })],
  [
    'dataUrl.nameless',
    'a data URL without name, its type in the URL',
    (word) => ({ content: dataUrl('text/markdown', `# Hours\n\nThe ${word} opens at nine.\n`) }),
  ],
  [
    'file_name',
    'file_name and mime_type in place of name',
    (word) => ({
      content: dataUrl('text/plain', `The ${word} opens at nine.\n`),
      file_name: 'hours.txt',
      mime_type: 'text/plain',
      name: 'hours.txt',
    }),
  ],
  ['md', 'Markdown', (word) => ({ content: base64(`# Hours\n\nThe ${word} opens at nine.\n`), name: 'hours.md' })],
  ['json', 'JSON', (word) => ({ content: base64(JSON.stringify({ hours: `The ${word} opens at nine.` })), name: 'hours.json' })],
  [
    'xml',
    'XML',
    (word) => ({ content: base64(`<?xml version="1.0"?><hours><note>The ${word} opens at nine.</note></hours>`), name: 'hours.xml' }),
  ],
];

const forms: readonly Rule[] = FORMS.map(([id, checks, make]) =>
  rule(`add.file.form.${id}`, `${checks} is read, and found`, async (suite) => {
    const word = suite.word(`wabe${id.replaceAll(/\W/gu, '').toLowerCase()}hall`);
    const { base, file } = await upload(suite, make(word));
    mustBe('status', file['status'], oneOf('completed'));
    const found = JSON.stringify(await foundIn(suite, [base], word));
    must(found.includes(word), `found ${shown(found)}`);
  }),
);

const SKILL =
  '---\nname: brew-tea\ndescription: How to brew green tea properly.\n---\n\n# Brew green tea\n\n1. Boil water.\n2. Wait until it has 80 degrees.\n3. Pour it over the leaves.\n';
const skill = (suite: Suite) => suite.once('skill', () => upload(suite, { content: base64(SKILL), name: 'SKILL.md', type: 'skill' }));
const foundSkills = async (suite: Suite): Promise<readonly JsonObject[]> => {
  const { base } = await skill(suite);
  const query = {
    user_id: suite.fresh(),
    query: 'How do I brew green tea?',
    knowledgebase_ids: [base],
    include_skill: true,
    relativity: 0,
  };
  return listAt(await suite.ask('/search/memory', query), 'skill_detail_list');
};

const multipart: readonly Rule[] = [
  rule('add.file.multipart', 'multipart with the base as query parameter is read, and found', async (suite) => {
    const base = await create(suite);
    const form = new FormData();
    form.append('file', new Blob(['The gimblehall opens at nine.\n'], { type: 'text/plain' }), 'hours.txt');
    const [file] = filesOf(await suite.post(`${ADD_FILE}?knowledgebase_id=${encodeURIComponent(base)}&type=document`, form));
    mustBe('status', (await done(suite, file?.['id']))['status'], oneOf('completed'));
    must((await foundIn(suite, [base], 'gimblehall')).length > 0, 'it is not found');
  }),
  rule('add.file.multipart.several', 'several parts named file are several files, and type may be left out', async (suite) => {
    const form = new FormData();
    for (const name of ['one.txt', 'two.md']) form.append('file', new Blob(['The library opens at nine.\n']), name);
    const files = filesOf(await suite.post(`${ADD_FILE}?knowledgebase_id=${encodeURIComponent(await create(suite))}`, form));
    must(shown(files.map(({ name }) => name)) === '["one.txt","two.md"]', `the files are ${shown(files)}`);
  }),
  rule('add.file.multipart.base', 'multipart without a base is refused with 40002', async (suite) => {
    const form = new FormData();
    form.append('file', new Blob(['x']), 'one.txt');
    mustRefuse(await suite.post(ADD_FILE, form), 40002, suite.isStrict);
  }),
];

export const addKnowledgeBaseFile: RuleGroup = {
  endpoint: `POST ${ADD_FILE}`,
  rules: [
    rule('add.file.data', 'data is a list, one file for each that was sent', async (suite) => {
      const files = filesOf(
        await suite.post(ADD_FILE, { knowledgebase_id: await create(suite), file: [TEXT, { ...TEXT, name: 'more.txt', type: null }] }),
      );
      must(files.length === 2 && new Set(files.map(({ id }) => id)).size === 2, `data is ${shown(files)}`);
    }),
    ...fields('add.file', async (suite) => [(await knowledgeBase(suite)).uploaded], {
      id: matching('32 hexadecimal digits', (value) => typeof value === 'string' && /^[0-9a-f]{32}$/iu.test(value)),
      type: oneOf('document'),
      name: oneOf('returns.md'),
      sizeMB: number,
      status: oneOf(...STATES),
    }),
    ...forms,
    ...multipart,
    rule('add.file.broken', 'a PDF that is none is refused or ends as failed', async (suite) => {
      const reply = await suite.post(ADD_FILE, {
        knowledgebase_id: await spare(suite),
        file: [{ content: base64('This is no PDF.'), name: 'broken.pdf' }],
      });
      if (reply.status === 200) mustBe('status', (await done(suite, filesOf(reply)[0]?.['id']))['status'], oneOf('failed'));
      else mustRefuse(reply, [40007, 50107], suite.isStrict);
    }),
    rule('add.file.skill', 'a skill file with its front matter is read', async (suite) =>
      mustBe('status', (await skill(suite)).file['status'], oneOf('completed')),
    ),
    rule('add.file.skill.plain', 'a skill file without front matter is refused or ends as failed', async (suite) => {
      const reply = await suite.post(ADD_FILE, {
        knowledgebase_id: await spare(suite),
        file: [{ content: base64('Boil water.\n'), name: 'SKILL.md', type: 'skill' }],
      });
      if (reply.status === 200) mustBe('status', (await done(suite, filesOf(reply)[0]?.['id']))['status'], oneOf('failed'));
      else mustRefuse(reply, [40000, 40007, 50107], suite.isStrict);
    }),
    rule('search.skill_detail_list.found', 'a skill of a base is found with include_skill', async (suite) =>
      must((await foundSkills(suite)).length > 0, 'none is found'),
    ),
    ...fields('search.skill_detail_list', foundSkills, {
      id: words,
      skill_value: matching(
        'an object with name and description',
        (value) => typeof at(value, 'name') === 'string' && typeof at(value, 'description') === 'string',
      ),
      skill_type: text,
      status: oneOf('activated'),
      confidence: number,
      tags: matching('a list of strings', (value) => Array.isArray(value) && value.every((tag) => typeof tag === 'string')),
      relativity: number,
    }),
    ...refusals(adding, ADD_REFUSALS),
  ],
};

const getting: Base = { prefix: 'get.file', path: GET_FILE, body: async (suite) => ({ knowledgebase_id: await spare(suite) }) };
const GET_REFUSALS: readonly Refusal[] = [
  ['neither', 'neither files nor a base', { knowledgebase_id: undefined }, [40000, 40002]],
  ['neither.null', 'null for both', { knowledgebase_id: null, file_ids: null }, [40000, 40002]],
  ['both', 'files beside a base', { file_ids: ['f'] }, [40000, 40071]],
  ['file_ids.empty', 'an empty list of files', { knowledgebase_id: undefined, file_ids: [] }, [40002, 40003]],
  ['file_ids.type', 'a string in place of file_ids', { knowledgebase_id: undefined, file_ids: 'f' }, 40000],
  ['knowledgebase_id.unknown', 'an unknown base', { knowledgebase_id: 'base-no-such' }, [50120, 50123]],
  ['page.zero', '0 as page', { page: 0 }, 40000],
  ['page_size.zero', '0 as page_size', { page_size: 0 }, 40000],
  ['type.unknown', 'an unknown type', { type: 'poem' }, [40000, 40006]],
];

const ofBase = async (suite: Suite, more: JsonObject = {}): Promise<JsonObject> =>
  suite.ask(GET_FILE, { file_ids: null, knowledgebase_id: (await knowledgeBase(suite)).id, ...more });

export const getKnowledgeBaseFile: RuleGroup = {
  endpoint: `POST ${GET_FILE}`,
  rules: [
    ...fields('get.file.file_detail_list', async (suite) => listAt(await ofBase(suite), 'file_detail_list'), {
      id: words,
      type: oneOf('document'),
      name: words,
      size: words,
      status: oneOf('completed'),
    }),
    ...fields('get.file', async (suite) => [await ofBase(suite)], {
      total: oneOf(1),
      page: oneOf(1),
      page_size: oneOf(20),
      file_detail_list: objects,
    }),
    ...fields('get.file.file_ids', async (suite) => [await suite.ask(GET_FILE, { file_ids: [(await knowledgeBase(suite)).file['id']] })], {
      total: count,
      page: count,
      page_size: count,
    }),
    rule('get.file.file_ids.same', 'a file by its id is the file of the base', async (suite) => {
      const { file } = await knowledgeBase(suite);
      const [byBase] = listAt(await ofBase(suite), 'file_detail_list');
      must(byBase?.['id'] === file['id'] && byBase?.['name'] === 'returns.md', `it is ${shown(byBase)}`);
    }),
    rule('get.file.page.beyond', 'a page beyond the end is empty, with the true total', async (suite) => {
      const data = await ofBase(suite, { page: 9, page_size: 1 });
      must(listAt(data, 'file_detail_list').length === 0 && data['total'] === 1, `data is ${shown(data)}`);
    }),
    rule('get.file.type', 'type leaves files of the other type out', async (suite) => {
      must(listAt(await ofBase(suite, { type: 'skill' }), 'file_detail_list').length === 0, 'a document is listed as skill');
      must(listAt(await ofBase(suite, { type: 'document' }), 'file_detail_list').length === 1, 'the document is not listed');
    }),
    ...refusals(getting, GET_REFUSALS),
  ],
};

const removing: Base = { prefix: 'delete.file', path: DELETE_FILE, body: () => ({}) };

export const deleteKnowledgeBaseFile: RuleGroup = {
  endpoint: `POST ${DELETE_FILE}`,
  rules: [
    rule('delete.file', 'a deleted file is neither listed nor found', async (suite) => {
      const { base, file } = await upload(suite, { content: base64('The frabjoushall opens at nine.\n'), name: 'hours.txt' });
      const look = (): Promise<readonly JsonObject[]> => foundIn(suite, [base], 'frabjoushall');
      must((await look()).length > 0, 'it is not found before');
      mustBe('success', (await suite.ask(DELETE_FILE, { file_ids: [file['id']], knowledgebase_id: base }))['success'], oneOf(true));
      await suite.eventually(look, ({ length }) => length === 0, 'it is not found');
      must(listAt(dataOf(await suite.post(GET_FILE, { knowledgebase_id: base })), 'file_detail_list').length === 0, 'it is listed');
    }),
    rule('delete.file.skill', 'deleting a skill file deletes its skill', async (suite) => {
      const { base, file } = await upload(suite, { content: base64(SKILL.replaceAll('tea', 'coffee')), name: 'SKILL.md', type: 'skill' });
      const look = async (): Promise<readonly JsonObject[]> =>
        listAt(
          await suite.ask('/search/memory', {
            user_id: suite.fresh(),
            query: 'How do I brew green coffee?',
            knowledgebase_ids: [base],
            include_skill: true,
            relativity: 0,
          }),
          'skill_detail_list',
        );
      must((await look()).length > 0, 'it is not found before');
      await suite.ask(DELETE_FILE, { file_ids: [file['id']] });
      await suite.eventually(look, ({ length }) => length === 0, 'it is not found');
    }),
    ...refusals(removing, [
      ['file_ids.missing', 'a request without files', {}, 40002],
      ['file_ids.empty', 'an empty list of files', { file_ids: [] }, [40002, 40003]],
      ['file_ids.type', 'a string in place of file_ids', { file_ids: 'f' }, 40000],
      ['file_ids.unknown', 'an unknown file', { file_ids: [UNKNOWN_UUID.replaceAll('-', '')] }, 40001],
    ]),
  ],
};
