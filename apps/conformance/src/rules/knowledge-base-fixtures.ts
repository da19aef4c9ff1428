import { dataOf, listAt, must, textAt } from '../engine/expectations.ts';
import { isObject, type JsonObject, shown } from '../engine/json.ts';
import type { Reply } from '../engine/server.ts';
import type { Suite } from '../engine/suite.ts';

export const CREATE = '/create/knowledgebase';
export const ADD_FILE = '/add/knowledgebase-file';
export const GET_FILE = '/get/knowledgebase-file';
export const DELETE_FILE = '/delete/knowledgebase-file';
export const DELETE = '/delete/knowledgebase';

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A knowledge base of its own. Returns its id. */
export const create = async (suite: Suite, key?: string): Promise<string> =>
  textAt(
    await suite.ask(CREATE, { knowledgebase_name: suite.fresh('base'), knowledgebase_description: null }, key === undefined ? {} : { key }),
    'id',
  );

/** The files an upload answers, which are a bare array. */
export function filesOf(reply: Reply): readonly JsonObject[] {
  const data = dataOf(reply);
  must(Array.isArray(data) && data.every(isObject), `data is ${shown(data)} instead of a list of files`);
  return data as readonly JsonObject[];
}

/** Waits until a file is done. Returns it as it is listed then. */
export const done = (suite: Suite, fileId: unknown): Promise<JsonObject> =>
  suite.eventually(
    async () => {
      const [file] = listAt(await suite.ask(GET_FILE, { file_ids: [fileId], knowledgebase_id: null }), 'file_detail_list');
      must(file !== undefined, `file ${String(fileId)} is not listed`);
      return file;
    },
    ({ status }) => status !== 'running',
    'a file is done',
  );

export interface KnowledgeBase {
  readonly id: string;
  /** As the upload answered it. */
  readonly uploaded: JsonObject;
  readonly file: JsonObject;
}

/** What the shared document is about. */
export const thing = (suite: Suite): string => suite.word('grundlefink');
const document = (suite: Suite): string =>
  `# Returns\n\nA ${thing(suite)} can be returned within forty days.\n\n# Warranty\n\nThe warranty of a ${thing(suite)} is seven years.\n`;

/** A knowledge base with one Markdown file, done. */
export const knowledgeBase = (suite: Suite): Promise<KnowledgeBase> =>
  suite.once('knowledge base', async () => {
    const id = await create(suite);
    const [uploaded] = filesOf(
      await suite.post(ADD_FILE, {
        knowledgebase_id: id,
        file: [{ content: base64(document(suite)), name: 'returns.md', type: 'document' }],
      }),
    );
    must(uploaded !== undefined, 'no file is answered');
    return { id, uploaded, file: await done(suite, uploaded['id']) };
  });

/** What somebody finds in knowledge bases that says the word. */
export async function foundIn(suite: Suite, ids: readonly string[], word = thing(suite)): Promise<readonly JsonObject[]> {
  const query =
    word === thing(suite) ? `Within how many days can a ${word} be returned?` : `When does the ${word} open, and who works there?`;
  const data = await suite.ask('/search/memory', { user_id: suite.fresh(), query, knowledgebase_ids: ids, relativity: 0 });
  return listAt(data, 'memory_detail_list').filter((item) => JSON.stringify(item).includes(word));
}
