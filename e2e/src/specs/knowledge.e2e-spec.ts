import { once } from 'node:events';
import { createServer, request as open } from 'node:http';
import type { AddressInfo } from 'node:net';
import { watchMemory } from '../knowledge/process-memory.ts';
import { docxBomb, docxOf, formOf, pdfOf, skillOf, xmlBomb, zipBomb, zipOf } from '../knowledge/sample-files.ts';
import { countRows } from '../knowledge/what-is-left.ts';
import { eventually, System } from '../system.ts';

interface FileSeen {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly reason: string | null;
  readonly chunks: number;
  readonly type: string;
}

const MARKDOWN =
  '# Returns\n\n## Deadline\n\nA parcel may be sent back within 45 days of its arrival.\n\n## Costs\n\nThe warehouse in Tartu pays the postage.\n';
const WORD = ['The night shift begins at 21:40 and is led by Henrik Solberg.', 'Badges are handed out at the north gate.'];
const PDF_SENTENCE = 'The emergency valve must be replaced every 1850 operating hours by a certified engineer.';
const PROCEDURE = '1. Collect the meter readings.\n2. Compare them with last month.\n3. Send the quarterly turbine report to Oslo.';
const TOO_LARGE = 101 * 1024 * 1024;

describe('knowledge bases', () => {
  let system: System;
  let pdf: Buffer;
  let docx: Buffer;
  let skill: Buffer;
  let memory: () => number;
  const served = new Map<string, { readonly bytes: Buffer; readonly type: string }>();
  const server = createServer((request, response) => {
    const file = served.get(request.url ?? '');
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': file.type, 'content-length': file.bytes.length }).end(file.bytes);
  });
  let address: string;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    address = `http://${host}`;
    [pdf, docx, skill] = await Promise.all([
      pdfOf({ pages: 40, on: 27, sentence: PDF_SENTENCE }),
      docxOf('Shift plan', WORD),
      zipOf({
        'SKILL.md': skillOf('turbine-report', 'How the quarterly turbine report is written', PROCEDURE),
        'scripts/sum.py': 'print(1)\n',
      }),
    ]);
    system = await System.start({ environment: { CONTINUO_FETCH_ALLOW: host } });
    memory = watchMemory(system.processId);
  });

  afterAll(async () => {
    memory?.();
    await system?.close();
    server.close();
  });

  const makeBase = async (name = 'Manuals'): Promise<string> =>
    (await system.post('/create/knowledgebase', { knowledgebase_name: name, knowledgebase_description: null })).body.data.id;

  async function add(baseId: string, ...file: readonly object[]): Promise<readonly FileSeen[]> {
    const { status, body } = await system.post('/add/knowledgebase-file', { knowledgebase_id: baseId, file });
    expect({ status, message: body.message }).toEqual({ status: 200, message: 'ok' });
    return body.data;
  }

  const upload = (baseId: string, form: FormData, type = 'document'): Promise<Response> =>
    fetch(`${system.base}/add/knowledgebase-file?knowledgebase_id=${baseId}&type=${type}`, {
      method: 'POST',
      headers: { authorization: `Token ${system.key}` },
      body: form,
    });

  const look = async (ids: readonly string[]): Promise<readonly FileSeen[]> =>
    (await system.post('/get/knowledgebase-file', { file_ids: ids, knowledgebase_id: null, type: null, page: null })).body.data
      .file_detail_list;

  /** Files once nothing is to be done for them any more. */
  async function settled(files: readonly FileSeen[]): Promise<readonly FileSeen[]> {
    let seen: readonly FileSeen[] = [];
    await eventually(async () => {
      seen = await look(files.map(({ id }) => id));
      expect(seen.map(({ status }) => status)).not.toContain('running');
    }, 60_000);
    return seen;
  }

  const search = async (baseId: string, query: string) =>
    (await system.post('/search/memory', { user_id: 'ana', query, knowledgebase_ids: [baseId], relativity: 0.1, include_skill: true })).body
      .data;

  async function named(baseId: string, query: string, words: string, fileName: string): Promise<void> {
    await eventually(async () => {
      const { memory_detail_list: found } = await search(baseId, query);
      expect(found.length).toBeGreaterThan(0);
      expect(found[0].memory_value).toContain(words);
      expect(found[0]).toMatchObject({
        conversation_id: 'default_session',
        tags: ['mode:fine', 'multimodal:file'],
        source_file: { file_name: fileName },
      });
      expect(found[0].source_file.chunk).toEqual(expect.any(Number));
    });
  }

  async function answersFromAll(baseId: string, files: readonly FileSeen[]): Promise<void> {
    expect(await settled(files)).toMatchObject([
      { name: 'compressors.pdf', status: 'completed', reason: null, type: 'document' },
      { name: 'shifts.docx', status: 'completed', chunks: 1 },
      { name: 'returns.md', status: 'completed' },
      { name: 'turbine.zip', status: 'completed', type: 'skill', chunks: 1 },
    ]);
    await named(baseId, 'How often must the emergency valve be replaced?', '1850 operating hours', 'compressors.pdf');
    await named(baseId, 'When does the night shift begin?', '21:40', 'shifts.docx');
    await named(baseId, 'Within how many days may a parcel be sent back?', '45 days', 'returns.md');
    await eventually(async () => {
      const { skill_detail_list: skills } = await search(baseId, 'How is the quarterly turbine report written?');
      expect(skills[0]?.skill_value).toMatchObject({
        name: 'turbine-report',
        procedure: expect.stringContaining('Send the quarterly turbine report'),
      });
    });
  }

  const files = () => [
    { name: 'compressors.pdf', bytes: pdf, mime: 'application/pdf' },
    { name: 'shifts.docx', bytes: docx, mime: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' },
    { name: 'returns.md', bytes: Buffer.from(MARKDOWN), mime: 'text/markdown' },
    { name: 'turbine.zip', bytes: skill, mime: 'application/zip', type: 'skill' },
  ];

  it('answers from a PDF, a Word document, Markdown and a skill sent as base64, and names the file', async () => {
    const baseId = await makeBase();
    const added = await add(
      baseId,
      ...files().map(({ name, bytes, type }) => ({ name, content: bytes.toString('base64'), type: type ?? null })),
    );
    expect(added).toMatchObject(
      files().map(({ name, type }) => ({ name, type: type ?? 'document', status: 'running', sizeMB: expect.any(Number) })),
    );
    await answersFromAll(baseId, added);
    // Where it stands in the file: the sentence is on page 27 alone.
    const { memory_detail_list: found } = await search(baseId, 'How often must the emergency valve be replaced?');
    expect(found[0].source_file.page).toBe(27);
  });

  it('answers from the same files sent as data URLs, as one client names their members', async () => {
    const baseId = await makeBase();
    const added = await add(
      baseId,
      ...files().map(({ name, bytes, mime, type }) => ({
        content: `data:${mime};base64,${bytes.toString('base64')}`,
        file_name: name,
        mime_type: mime,
        name,
        ...(type === undefined ? {} : { type }),
      })),
    );
    await answersFromAll(baseId, added);
  });

  it('answers from the same files fetched from their addresses', async () => {
    const baseId = await makeBase();
    for (const { name, bytes, mime } of files()) served.set(`/files/${name}`, { bytes, type: mime });
    const added = await add(baseId, ...files().map(({ name, type }) => ({ content: `${address}/files/${name}`, type: type ?? null })));
    await answersFromAll(baseId, added);
  });

  it('answers from the same files sent as a form', async () => {
    const baseId = await makeBase();
    const documents = await upload(baseId, formOf(files().slice(0, 3)));
    const skills = await upload(baseId, formOf(files().slice(3)), 'skill');
    const added = [...((await documents.json()) as { data: FileSeen[] }).data, ...((await skills.json()) as { data: FileSeen[] }).data];
    await answersFromAll(baseId, added);
  });

  it('takes three uploads of 90 MB at once, and one in pieces whose length nobody says', async () => {
    const baseId = await makeBase('Large');
    const content = Buffer.alloc(90 * 1024 * 1024, 0x61).toString('base64');
    const body = JSON.stringify({ knowledgebase_id: baseId, file: [{ content, name: 'large.zip', type: 'skill' }] });
    const codes = await Promise.all([1, 2, 3].map(async () => (await system.post('/add/knowledgebase-file', body)).body.code));
    // Whoever had to wait too long was told to come again.
    expect(codes.every((code) => code === 0 || code === 40300)).toBe(true);
    expect(codes).toContain(0);
    const pieces = new Blob([
      JSON.stringify({ knowledgebase_id: baseId, file: [{ content: Buffer.from(MARKDOWN).toString('base64'), name: 'returns.md' }] }),
    ]);
    const reply = await fetch(`${system.base}/add/knowledgebase-file`, {
      method: 'POST',
      headers: { authorization: `Token ${system.key}` },
      body: pieces.stream(),
      duplex: 'half',
    } as RequestInit);
    const { data } = (await reply.json()) as { data: FileSeen[] };
    expect(await settled(data)).toMatchObject([{ name: 'returns.md', status: 'completed' }]);
    await eventually(async () => {
      const all = (await system.post('/get/knowledgebase-file', { knowledgebase_id: baseId })).body.data.file_detail_list as FileSeen[];
      const large = all.filter(({ name }) => name === 'large.zip');
      expect(large.every(({ status, reason }) => status === 'failed' && reason?.startsWith('file_too_large'))).toBe(true);
    }, 60_000);
    // Their contents are not kept.
    expect(await countRows(system, 'file_parts', `file_id in (select id from files where base_id = '${baseId}')`)).toBe(0);
  });

  it('answers a chat without a model from a file and names it', async () => {
    const baseId = await makeBase();
    await settled(await add(baseId, { name: 'returns.md', content: Buffer.from(MARKDOWN).toString('base64') }));
    await named(baseId, 'Within how many days may a parcel be sent back?', '45 days', 'returns.md');
    const { body } = await system.post('/chat', {
      user_id: 'ana',
      conversation_id: 'c',
      query: 'Within how many days may a parcel be sent back?',
      knowledgebase_ids: [baseId],
    });
    expect(body.data.response).toContain('45 days');
    expect(body.data.response).toContain('returns.md');
  });

  it('gives an uploaded skill back as it was sent, to projects that may use it', async () => {
    const baseId = await makeBase();
    const [file] = await settled(await add(baseId, { name: 'turbine.zip', content: skill.toString('base64'), type: 'skill' }));
    const fetchSkill = (key: string) => fetch(`${system.base}/get/skill/${file?.id}`, { headers: { authorization: `Token ${key}` } });
    const reply = await fetchSkill(system.key);
    expect(reply.headers.get('content-disposition')).toContain('turbine.zip');
    expect(Buffer.from(await reply.arrayBuffer()).equals(skill)).toBe(true);
    expect((await fetchSkill('mpg-wrong')).status).toBe(401);
    await system.post('/delete/knowledgebase-file', { file_ids: [file?.id] });
    expect((await fetchSkill(system.key)).status).toBe(404);
  });

  it('leaves no hit, no chunk and no file of a base that is deleted', async () => {
    const baseId = await makeBase();
    const added = await settled(
      await add(baseId, ...files().map(({ name, bytes, type }) => ({ name, content: bytes.toString('base64'), type: type ?? 'document' }))),
    );
    await named(baseId, 'When does the night shift begin?', '21:40', 'shifts.docx');
    const chunk = (await search(baseId, 'When does the night shift begin?')).memory_detail_list[0].id as string;
    // One more, so that the deletion meets a file that is still being read.
    await add(baseId, { name: 'again.pdf', content: pdf.toString('base64') });

    expect((await system.post('/delete/knowledgebase', { knowledgebase_id: baseId, delete_all: true })).body.data).toEqual({
      success: true,
    });

    expect(await look(added.map(({ id }) => id))).toEqual([]);
    expect((await system.get(`/get/memory/${chunk}`)).status).toBe(404);
    const gone = await system.post('/get/knowledgebase-file', { knowledgebase_id: baseId });
    expect([gone.status, gone.body.code]).toEqual([404, 50120]);
    expect((await system.post('/add/knowledgebase-file', { knowledgebase_id: baseId, file: [{ content: 'QUJD' }] })).body.code).toBe(50120);
    expect(await countRows(system, 'memories', `subject = 'base:${baseId}'`)).toBe(0);
    expect(await countRows(system, 'files', `base_id = '${baseId}'`)).toBe(0);
    expect(await countRows(system, 'file_parts', 'file_id not in (select id from files)')).toBe(0);
    const searched = await system.post('/search/memory', { user_id: 'ana', query: 'night shift', knowledgebase_ids: [baseId] });
    expect(searched.body.code).toBe(50123);
  });

  it('puts what is in a base out of reach of a project that has unlinked it, except to delete it whole', async () => {
    const baseId = await makeBase();
    await settled(await add(baseId, { name: 'shifts.docx', content: docx.toString('base64') }));
    await named(baseId, 'When does the night shift begin?', '21:40', 'shifts.docx');
    const chunk = (await search(baseId, 'When does the night shift begin?')).memory_detail_list[0].id as string;

    expect((await system.post('/delete/knowledgebase', { knowledgebase_id: baseId })).body.data).toEqual({ success: true });

    expect((await system.get(`/get/memory/${chunk}`)).status).toBe(404);
    const refused = [
      await system.post('/update/memory', { memory_id: chunk, content: 'At noon' }),
      await system.post('/delete/memory', { memory_ids: [chunk] }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404]);
    expect((await system.post('/delete/knowledgebase', { knowledgebase_id: baseId })).body.code).toBe(50123);
    expect((await system.post('/delete/knowledgebase', { knowledgebase_id: baseId, delete_all: true })).body.data).toEqual({
      success: true,
    });
    expect(await countRows(system, 'memories', `subject = 'base:${baseId}'`)).toBe(0);
  });

  it('leaves nothing of a file that is deleted, and finds the others', async () => {
    const baseId = await makeBase();
    const [word, text] = await settled(
      await add(
        baseId,
        { name: 'shifts.docx', content: docx.toString('base64') },
        { name: 'returns.md', content: Buffer.from(MARKDOWN).toString('base64') },
      ),
    );
    await named(baseId, 'When does the night shift begin?', '21:40', 'shifts.docx');
    expect((await system.post('/delete/knowledgebase-file', { file_ids: [word?.id, 'unknown'] })).body.code).toBe(40001);
    expect((await system.post('/delete/knowledgebase-file', { file_ids: [word?.id], knowledgebase_id: baseId })).body.data).toEqual({
      success: true,
    });
    expect(await look([word?.id ?? '', text?.id ?? ''])).toMatchObject([{ id: text?.id }]);
    await named(baseId, 'Within how many days may a parcel be sent back?', '45 days', 'returns.md');
    const { memory_detail_list: found } = await search(baseId, 'When does the night shift begin?');
    expect(JSON.stringify(found)).not.toContain('21:40');
  });

  it('lists the files of a base page by page, and by type', async () => {
    const baseId = await makeBase();
    const added = await add(
      baseId,
      { name: 'a.md', content: Buffer.from('# A').toString('base64') },
      { name: 'b.md', content: Buffer.from('# B').toString('base64') },
      { name: 's.md', content: Buffer.from(skillOf('s', 'd', 'p')).toString('base64'), type: 'skill' },
    );
    await settled(added);
    const page = async (more: object) =>
      (await system.post('/get/knowledgebase-file', { knowledgebase_id: baseId, file_ids: null, ...more })).body.data;
    expect(await page({})).toMatchObject({ total: 3, page: 1, page_size: 20, file_detail_list: [{ size: expect.any(String) }, {}, {}] });
    expect((await page({ page: 2, page_size: 2 })).file_detail_list).toHaveLength(1);
    expect((await page({ type: 'skill' })).file_detail_list).toMatchObject([{ name: 's.md', type: 'skill' }]);
    expect((await page({ page: 9 })).file_detail_list).toEqual([]);
  });

  describe('what is refused', () => {
    let baseId: string;
    const text = Buffer.from('hello').toString('base64');

    beforeAll(async () => {
      baseId = await makeBase('Refusals');
    });

    const codeOf = async (file: unknown, more: object = {}): Promise<number> =>
      (await system.post('/add/knowledgebase-file', { knowledgebase_id: baseId, file, ...more })).body.code;

    it.each([
      ['a missing list', undefined, 40002],
      ['an empty list', [], 40003],
      ['a file without content', [{ name: 'a.md' }], 40002],
      ['blank content', [{ content: '  ', name: 'a.md' }], 40002],
      ['a type that is not read', [{ content: text, name: 'a.exe' }], 40007],
      ['an image', [{ content: `data:image/png;base64,${text}` }], 40007],
      ['a document as a skill', [{ content: text, name: 'a.pdf', type: 'skill' }], 40007],
      ['an unknown kind', [{ content: text, name: 'a.md', type: 'spell' }], 40000],
      ['content that is no base64', [{ content: 'not base64 at all!', name: 'a.md' }], 40008],
      ['a data URL without base64', [{ content: 'data:text/plain,hello', name: 'a.txt' }], 40009],
      ['an address that is none', [{ content: 'http://', name: 'a.md' }], 40000],
      ['21 files', Array.from({ length: 21 }, () => ({ content: text, name: 'a.md' })), 50103],
    ])('%s', async (_name, file, code) => {
      expect(await codeOf(file)).toBe(code);
    });

    it('an unknown base, one that is missing, and one of two that is bad, of which nothing stays', async () => {
      expect(await codeOf([{ content: text, name: 'a.md' }], { knowledgebase_id: 'base-unknown' })).toBe(50120);
      expect(await codeOf([{ content: text, name: 'a.md' }], { knowledgebase_id: null })).toBe(40002);
      expect(
        await codeOf([
          { content: text, name: 'good.md' },
          { content: '!', name: 'bad.md' },
        ]),
      ).toBe(40008);
      const { body } = await system.post('/get/knowledgebase-file', { knowledgebase_id: baseId });
      expect(body.data).toMatchObject({ total: 0, file_detail_list: [] });
      expect(await countRows(system, 'files', `base_id = '${baseId}'`)).toBe(0);
    });

    it('both selectors of files, and neither', async () => {
      expect((await system.post('/get/knowledgebase-file', { knowledgebase_id: baseId, file_ids: ['f'] })).body.code).toBe(40000);
      expect((await system.post('/get/knowledgebase-file', { knowledgebase_id: null, file_ids: null })).body.code).toBe(40002);
      expect((await system.post('/get/knowledgebase-file', { file_ids: [] })).body.code).toBe(40003);
    });

    it('a form without a base, without files, with too many, and what is no form', async () => {
      const code = async (reply: Response) => ((await reply.json()) as { code: number }).code;
      const plain = { method: 'POST', headers: { authorization: `Token ${system.key}` } };
      expect(await code(await fetch(`${system.base}/add/knowledgebase-file`, { ...plain, body: formOf([]) }))).toBe(40002);
      const empty = new FormData();
      empty.append('other', 'x');
      expect(await code(await upload(baseId, empty))).toBe(40003);
      expect(
        await code(await upload(baseId, formOf(Array.from({ length: 21 }, () => ({ name: 'a.md', bytes: Buffer.from('# A') }))))),
      ).toBe(50103);
      expect(await code(await upload(baseId, formOf([{ name: 'a.exe', bytes: Buffer.from('MZ') }])))).toBe(40007);
      expect(await code(await upload('%00', formOf([{ name: 'a.md', bytes: Buffer.from('# A') }])))).toBe(50120);
      expect((await system.get('/get/skill/%00')).body.code).toBe(40001);
      const broken = await fetch(`${system.base}/add/knowledgebase-file?knowledgebase_id=${baseId}`, {
        ...plain,
        headers: { ...plain.headers, 'content-type': 'multipart/form-data' },
        body: 'no boundary',
      });
      expect([broken.status, await code(broken)]).toEqual([400, 40000]);
    });

    it('a file of 101 MB in JSON and in a form, of which nothing stays', async () => {
      const json = await system.post('/add/knowledgebase-file', {
        knowledgebase_id: baseId,
        file: [{ content: Buffer.alloc(TOO_LARGE, 0x61).toString('base64'), name: 'large.txt' }],
      });
      expect([json.status, json.body.code]).toEqual([400, 50104]);
      const form = await upload(baseId, formOf([{ name: 'large.txt', bytes: Buffer.alloc(TOO_LARGE, 0x61) }]));
      expect([form.status, ((await form.json()) as { code: number }).code]).toEqual([400, 50104]);
      expect((await system.post('/get/knowledgebase-file', { knowledgebase_id: baseId })).body.data.total).toBe(0);
      expect(await countRows(system, 'files', `base_id = '${baseId}'`)).toBe(0);
    });

    it('an upload cut in the middle, of which nothing stays', async () => {
      const before = (await system.post('/get/knowledgebase-file', { knowledgebase_id: baseId })).body.data.total;
      const parts = await countRows(system, 'file_parts');
      const request = open(`${system.base}/add/knowledgebase-file?knowledgebase_id=${baseId}`, {
        method: 'POST',
        headers: { authorization: `Token ${system.key}`, 'content-type': 'multipart/form-data; boundary=cut' },
      });
      request.on('error', () => undefined);
      const head = '--cut\r\ncontent-disposition: form-data; name="file"; filename="cut.txt"\r\ncontent-type: text/plain\r\n\r\n';
      request.write(head + 'a'.repeat(3 * 1024 * 1024));
      // Half of it is in the records by now.
      await eventually(async () => expect(await countRows(system, 'file_parts')).toBeGreaterThan(parts));
      request.destroy();
      await eventually(async () => expect(await countRows(system, 'file_parts')).toBe(parts));
      expect(await countRows(system, 'files', "status = 'arriving'")).toBe(0);
      expect((await system.post('/get/knowledgebase-file', { knowledgebase_id: baseId })).body.data.total).toBe(before);
    });
  });

  it('fails files that harm, lie or cannot be read, with a reason, and stays small', async () => {
    const baseId = await makeBase('Harm');
    const encrypted = await pdfOf({ pages: 1, on: 1, sentence: 'secret', password: 'locked' });
    const bombs = await upload(baseId, formOf([{ name: 'bomb.zip', bytes: await zipBomb() }]), 'skill');
    const [bomb] = ((await bombs.json()) as { data: FileSeen[] }).data;
    const sent = await add(
      baseId,
      { name: 'bomb.docx', content: (await docxBomb()).toString('base64') },
      { name: 'bomb.xml', content: Buffer.from(xmlBomb()).toString('base64') },
      { name: 'encrypted.pdf', content: encrypted.toString('base64') },
      { name: 'word.pdf', content: docx.toString('base64') },
      { name: 'cut.pdf', content: pdf.subarray(0, 3_000).toString('base64') },
      { content: `${address}/nowhere.pdf` },
      { content: 'http://127.0.0.1:9/private.pdf' },
      { name: 'fine.md', content: Buffer.from(MARKDOWN).toString('base64') },
    );
    const seen = await settled([bomb as FileSeen, ...sent]);
    expect(seen.map(({ name, status }) => [name, status])).toEqual([
      ['bomb.zip', 'failed'],
      ['bomb.docx', 'failed'],
      ['bomb.xml', 'failed'],
      ['encrypted.pdf', 'failed'],
      ['word.pdf', 'failed'],
      ['cut.pdf', 'failed'],
      ['nowhere.pdf', 'failed'],
      ['private.pdf', 'failed'],
      ['fine.md', 'completed'],
    ]);
    expect(seen.map(({ reason }) => reason?.split(':')[0] ?? null)).toEqual([
      'file_invalid',
      'file_invalid',
      'file_invalid',
      'file_invalid',
      'file_invalid',
      'file_invalid',
      'not_fetched',
      'address_refused',
      null,
    ]);
    expect(JSON.stringify(seen)).not.toContain('secret');
  });

  // A block of its own, because blocks run after the specs beside them.
  describe('in the end', () => {
    it('none of its processes has held a gigabyte', () => {
      expect(memory()).toBeLessThan(1_024);
    });
  });
});
