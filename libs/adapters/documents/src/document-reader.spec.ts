import { AppError } from '@continuo/contracts';
import type { DocumentBlock } from '@continuo/domain';
import type { DocumentReader, GivenFile } from '@continuo/ports';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { entryOf, rawZip, tenGigabytesOfZeros, zipOf } from '../test/archives.ts';
import {
  chineseFont,
  compoundFileOf,
  docOf,
  docxFiles,
  docxOf,
  handbookPdf,
  item,
  namedFontPdf,
  onePagePdf,
  PAGES,
  paragraph,
  pdfOf,
  table,
  wordXml,
} from '../test/documents.ts';
import { failureOf } from '../test/expect-failure.ts';
import { type Closable, openDocumentReader } from './document-reader.ts';
import { characterMapFolder } from './parsing/character-maps.ts';

const MEBIBYTE = 1024 * 1024;
const HELVETICA = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';

const file = (name: string, content: string | Uint8Array, declaredType: string | null = null): GivenFile => ({
  name,
  declaredType,
  bytes: typeof content === 'string' ? Buffer.from(content) : content,
});
const textOf = (blocks: readonly DocumentBlock[]): string => blocks.map(({ text }) => text).join('\n');

/** A PDF to which something was added after its end: a library that mends what was cut finds the first end and is content. */
function updatedPdf(): Buffer {
  const first = onePagePdf(Buffer.from('BT /F1 12 Tf 72 700 Td (Words.) Tj ET'), '', [HELVETICA]);
  const start = /startxref\n(\d+)/u.exec(first.toString('latin1'))?.[1] ?? '';
  return Buffer.concat([first, Buffer.from(`6 0 obj\n(${'x'.repeat(20_000)})\nendobj\nstartxref\n${start}\n%%EOF\n`)]);
}

/** Processes that this one has started and that it has not seen end. */
const childProcesses = (): number =>
  readdirSync('/proc').filter((name) => {
    if (!/^\d+$/u.test(name)) return false;
    try {
      const status = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]) === process.pid;
    } catch {
      // It has ended while this was looking.
      return false;
    }
  }).length;

async function until(condition: () => boolean): Promise<void> {
  let holds = condition();
  for (let round = 0; round < 100 && !holds; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    holds = condition();
  }
  expect(holds).toBe(true);
}

describe('the document reader', () => {
  let reader: Closable<DocumentReader>;
  const read = (name: string, content: string | Uint8Array, declaredType: string | null = null) =>
    reader.read(file(name, content, declaredType), {});
  const failure = (name: string, content: string | Uint8Array, declaredType: string | null = null): Promise<string> =>
    failureOf(read(name, content, declaredType));

  beforeAll(() => {
    reader = openDocumentReader();
  });
  afterAll(async () => {
    await reader.close();
    expect(childProcesses()).toBe(0);
  });

  describe('reads a PDF', () => {
    let handbook: Awaited<ReturnType<DocumentReader['read']>>;
    beforeAll(async () => {
      handbook = await read('handbook.pdf', await handbookPdf(), 'application/pdf');
    });

    it('of forty pages with its title, its chapters and their pages', () => {
      expect(handbook).toMatchObject({ format: 'pdf', title: 'The Acme handbook', pages: PAGES });
      const chapters = handbook.blocks.filter(({ kind }) => kind === 'heading');
      expect(chapters.map(({ text, page }) => `${page} ${text}`)).toEqual(
        Array.from(
          { length: PAGES },
          (_, index) => `${index + 1} Chapter ${index + 1}: ${index === 6 ? 'Parental leave' : `Topic ${index + 1}`}`,
        ),
      );
    });

    it('with paragraphs put together, lists and tables', () => {
      const page = handbook.blocks.filter((block) => block.page === 7);
      expect(page.map(({ kind }) => kind)).toEqual(['heading', 'text', 'text', 'list', 'table']);
      expect(page[1]?.text).toMatch(
        /^(Rule 7 says that everyone may ask for 21 days\. ){6}A long word is sometimes divided at the end of a line\.$/u,
      );
      expect(page[3]?.text).toBe('• Ask early\n• Fill in the form');
      expect(page[4]?.text).toBe('Country | Days | Since\nFrance | 7 | 1954\nSpain | 8 | 1986');
    });

    it('without what stands at the edge of every page, but for the first time', () => {
      const text = textOf(handbook.blocks);
      expect(text.match(/Confidential/gu)).toHaveLength(1);
      expect(text.match(/Page \d+ of 40/gu)).toHaveLength(1);
    });

    it('with Chinese text, where this machine has a font to write it', () => {
      const chinese = '每位员工每年享有三十天的带薪年假，须经团队负责人书面同意后方可休假，未休完的年假可以顺延至次年三月底。';
      expect(textOf(handbook.blocks.filter(({ page }) => page === PAGES)).includes(chinese)).toBe(chineseFont !== null);
    });

    it('with Chinese text in a font it only names, where the character maps are installed', async () => {
      const { blocks } = await read('old.pdf', namedFontPdf('员工手册年假'));
      expect(blocks.map(({ text }) => text)).toEqual(characterMapFolder() === null ? [] : ['员工手册年假']);
    });

    it('whose pages hold pictures only, as a document without text', async () => {
      const scan = await pdfOf((pdf) => void pdf.rect(0, 0, 100, 100).fill('red'));
      expect(await read('scan.pdf', scan)).toEqual({ format: 'pdf', title: null, blocks: [], pages: 1 });
    });
  });

  it('reads a docx with titles, lists, tables and the title of its properties', async () => {
    const body = [
      paragraph('Travel policy', 'Heading1'),
      paragraph('Trips under 300 &lt;euros&gt; need no approval.'),
      paragraph('Hotels', 'Heading2'),
      item('At most 120 euros'),
      item('In Paris 180', 1),
      item('Breakfast is paid'),
      table([
        ['City', 'Limit'],
        ['Paris', '180'],
      ]),
      paragraph('差旅政策适用于所有员工。'),
    ].join('');
    const block = (kind: DocumentBlock['kind'], text: string, level: number | null = null): DocumentBlock => ({
      kind,
      level,
      text,
      page: null,
    });
    expect(await read('travel.docx', await docxOf(body, 'Travel &amp; stay'))).toEqual({
      format: 'docx',
      title: 'Travel & stay',
      pages: null,
      blocks: [
        block('heading', 'Travel policy', 1),
        block('text', 'Trips under 300 <euros> need no approval.'),
        block('heading', 'Hotels', 2),
        block('list', '- At most 120 euros\n  - In Paris 180\n- Breakfast is paid'),
        block('table', 'City | Limit\nParis | 180'),
        block('text', '差旅政策适用于所有员工。'),
      ],
    });
  });

  it('reads a doc with its paragraphs and tables', async () => {
    const text =
      'The office opens at nine.\rOn “Fridays” it closes at four.\rCity\x07Limit\x07\x07\rParis\x07180\x07\x07\r公司地址在上海。\r';
    const { format, blocks } = await read('office.doc', docOf(text), 'application/msword');
    expect(format).toBe('doc');
    expect(blocks.map(({ kind, text: content }) => `${kind}: ${content}`)).toEqual([
      'text: The office opens at nine.',
      'text: On “Fridays” it closes at four.',
      'table: City | Limit\nParis | 180',
      'text: 公司地址在上海。',
    ]);
  });

  it('reads a file by what it holds when nobody says what it is', async () => {
    const files: readonly (readonly [string | Uint8Array, string])[] = [
      [await pdfOf((pdf) => void pdf.text('A page')), 'pdf'],
      [await docxOf(paragraph('Words')), 'docx'],
      [docOf('Words\r'), 'doc'],
      ['{"name": "Ana"}', 'json'],
      ['<?xml version="1.0"?><a>b</a>', 'xml'],
      ['# Title\n\nWords', 'md'],
      ['Just words.', 'txt'],
    ];
    for (const [content, format] of files) expect((await read('', content)).format).toBe(format);
    for (const [content, format] of files) expect((await read('upload', content, 'application/octet-stream')).format).toBe(format);
  });

  describe('refuses', () => {
    const MISLABELLED = /^file_invalid: The file is called \w+ and is .* Name and type have to agree/u;

    it('a file that is something else than its name says', async () => {
      const pdf = await pdfOf((page) => void page.text('A page'));
      const docx = await docxOf(paragraph('Words'));
      expect(await failure('program.pdf', Buffer.from('MZ\x90\x00\x03\x00\x00\x00', 'latin1'))).toMatch(MISLABELLED);
      expect(await failure('archive.pdf', await zipOf({ 'a.txt': 'a' }))).toMatch(MISLABELLED);
      expect(await failure('document.docx', pdf)).toMatch(MISLABELLED);
      expect(await failure('document.doc', docx)).toMatch(MISLABELLED);
      expect(await failure('book.docx', await zipOf({ 'xl/workbook.xml': '<x/>' }))).toMatch(MISLABELLED);
      expect(await failure('notes.txt', pdf)).toMatch(MISLABELLED);
      expect(await failure('page.pdf', 'just a text')).toMatch(MISLABELLED);
      expect(await failure('notes.txt', Buffer.from([0, 1, 2, 3, 0, 200]))).toMatch(MISLABELLED);
      expect(await failure('sheet.doc', compoundFileOf('Workbook'))).toMatch(MISLABELLED);
    });

    it('a file that is something else than its declared type says', async () => {
      expect(await failure('', 'just a text', 'application/pdf')).toMatch(MISLABELLED);
      expect(await failure('a.pdf', await pdfOf((page) => void page.text('A')), 'text/plain')).toMatch(MISLABELLED);
    });

    it('types that are not read, by name, by declared type and by content', async () => {
      const unsupported =
        /^file_type_unsupported: This type of file cannot be read\. .* Allowed are pdf, docx, doc, txt, json, md and xml\.$/u;
      expect(await failure('setup.exe', 'MZ')).toMatch(unsupported);
      expect(await failure('picture.png', 'x')).toMatch(unsupported);
      expect(await failure('', 'x', 'image/png')).toMatch(unsupported);
      expect(await failure('', '<html></html>', 'text/html; charset=utf-8')).toMatch(unsupported);
      expect(await failure('', Buffer.from('89504e470d0a1a0a', 'hex'))).toMatch(unsupported);
      expect(await failure('', await zipOf({ 'xl/workbook.xml': '<x/>' }))).toMatch(unsupported);
      expect(await failure('letter', '{\\rtf1 Hello}')).toMatch(unsupported);
    });

    it('an encrypted PDF, docx and doc, and says so', async () => {
      const pdf = await pdfOf((page) => void page.text('Secret'), { userPassword: 'a', ownerPassword: 'b' });
      expect(await failure('secret.pdf', pdf)).toBe('file_invalid: The PDF is encrypted; send it without a password.');
      expect(await failure('secret.docx', compoundFileOf('EncryptedPackage'))).toBe(
        'file_invalid: The document is encrypted; send it without a password.',
      );
      expect(await failure('secret.doc', docOf('Secret\r', 0x0100))).toBe(
        'file_invalid: The Word document is encrypted; send it without a password.',
      );
      const flagged = rawZip(Object.entries(docxFiles('')).map(([path, text]) => entryOf(path, text, { flags: 1 })));
      expect(await failure('secret.docx', flagged)).toBe('file_invalid: The archive is encrypted; send it without a password.');
    });

    it('files that were cut anywhere, and empty ones', async () => {
      const whole: readonly (readonly [string, Buffer])[] = [
        ['a.pdf', await handbookPdf()],
        ['b.pdf', updatedPdf()],
        ['a.docx', await docxOf(paragraph('Words. '.repeat(500)))],
        ['a.doc', docOf('Words. '.repeat(300))],
        ['a.json', Buffer.from(JSON.stringify({ a: Array.from({ length: 200 }, (_, index) => index) }))],
        ['a.xml', Buffer.from(`<a>${'<b>c</b>'.repeat(200)}</a>`)],
      ];
      for (const [name, bytes] of whole) {
        expect([name, await failure(name, bytes)]).toEqual([name, 'none']);
        for (const share of [0.3, 0.6, 0.85])
          expect([name, share, await failure(name, bytes.subarray(0, Math.floor(bytes.length * share)))]).toEqual([
            name,
            share,
            expect.stringMatching(/^file_invalid: .*damaged/u),
          ]);
        expect(await failure(name, '')).toBe('file_invalid: The file is empty.');
      }
    });

    it('files with damaged bytes in the middle, or reads what is left of them', async () => {
      const docx = Buffer.from(await docxOf(paragraph('Words. '.repeat(500))));
      docx.fill(0xff, Math.floor(docx.length * 0.4), Math.floor(docx.length * 0.6));
      expect(await failure('a.docx', docx)).toMatch(/^file_invalid: /u);
      const pdf = await handbookPdf();
      for (let at = 2_000; at < pdf.length - 2_000; at += 500) pdf[at] = (pdf[at] ?? 0) ^ 0x55;
      expect(await failure('a.pdf', pdf)).toMatch(/^(?:none|file_invalid: )/u);
    });

    it('a PDF of more than 500 pages, and says how many it has', async () => {
      const long = await pdfOf((pdf) => {
        for (let page = 0; page < 500; page += 1) pdf.addPage();
      });
      expect(await failure('long.pdf', long)).toBe('file_invalid: The PDF has 501 pages; at most 500 are read.');
    });

    it('a file of more than 100 MB before anything is started', async () => {
      expect(await failure('large.txt', Buffer.alloc(101 * MEBIBYTE, 'a'))).toBe('file_too_large: A document may have at most 100 MB.');
    });

    it('without a word of what is in the file', async () => {
      for (const [name, content] of [
        ['a.json', '{"TOPSECRET": TOPSECRET'],
        ['a.xml', '<TOPSECRET>TOPSECRET&TOPSECRET;'],
        ['TOPSECRET.exe', 'TOPSECRET'],
        ['a.pdf', 'TOPSECRET'],
      ] as const)
        expect(await failure(name, content)).not.toContain('TOPSECRET');
    });
  });

  describe('survives hostile files, small', () => {
    /** What a process becomes that has these files read, the file it holds included. */
    const asServer = async (
      memoryLimitBytes: number,
      files: Readonly<Record<string, Uint8Array>>,
    ): Promise<{ outcomes: string[]; megabytes: number }> => {
      const folder = await mkdtemp(join(tmpdir(), 'continuo-documents-'));
      try {
        const paths = Object.keys(files).map((name) => join(folder, name));
        for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
        const script = fileURLToPath(new URL('../test/small-parent.mjs', import.meta.url));
        const { stdout } = await promisify(execFile)(process.execPath, [script, `${memoryLimitBytes}`, ...paths]);
        const { outcomes, largestBytes } = JSON.parse(stdout);
        return { outcomes, megabytes: largestBytes / MEBIBYTE };
      } finally {
        await rm(folder, { recursive: true });
      }
    };

    it('an archive of ten gigabytes of zeros, declared or not', async () => {
      const { packed, size } = tenGigabytesOfZeros();
      const others = Object.entries(docxFiles('')).filter(([path]) => path !== 'word/document.xml');
      const bomb = (declaredSize: number): Buffer =>
        rawZip([...others.map(([path, text]) => entryOf(path, text)), { path: 'word/document.xml', packed, declaredSize }]);
      const [honest, lying] = [bomb(size), bomb(5_000)];
      expect(await failure('bomb.docx', honest)).toBe('file_invalid: The archive has a file of more than 200 MB.');
      expect(await failure('bomb.docx', lying)).toBe('file_invalid: The archive unpacks to more than it says and is taken for a bomb.');
      const { outcomes, megabytes } = await asServer(768 * MEBIBYTE, { 'honest.docx': honest, 'lying.docx': lying });
      expect(outcomes).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(/^file_invalid: The archive/u)));
      expect(megabytes).toBeLessThan(200);
    });

    it('a docx that packs 60 MB into nothing, and one of very many parts', async () => {
      const bomb = await zipOf({ ...docxFiles(''), 'word/document.xml': wordXml(`<!--${'a'.repeat(60 * MEBIBYTE)}-->`) });
      expect(await failure('bomb.docx', bomb)).toBe('file_invalid: The archive unpacks to far more than it holds and is taken for a bomb.');
      const parts = rawZip(
        Array.from({ length: 300 }, (_, index) => entryOf(index === 0 ? 'word/document.xml' : `${index}`, 'a'.repeat(MEBIBYTE))),
      );
      expect(await failure('bomb.docx', parts)).toBe('file_invalid: The archive unpacks to more than 200 MB.');
    });

    it('a PDF with ten gigabytes on a page', async () => {
      const small = openDocumentReader({ memoryLimitBytes: 300 * MEBIBYTE });
      const { packed } = tenGigabytesOfZeros();
      const content = Buffer.concat([Buffer.from('789c', 'hex'), packed]);
      const bomb = onePagePdf(content, '/Filter/FlateDecode', [HELVETICA]);
      expect(await failureOf(small.read(file('bomb.pdf', bomb), {}))).toMatch(
        /^file_invalid: Reading the file takes more than the 300 MB/u,
      );
      await small.close();
    });

    it('XML that grows by its entities, in a file and in a docx', async () => {
      const entities = Array.from({ length: 9 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`).join('');
      const laughs = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">${entities}]>`;
      expect(await failure('laughs.xml', `${laughs}<l>&l9;</l>`)).toBe('file_invalid: The XML defines entities, which are not accepted.');
      const body = wordXml(paragraph('&l9;')).replace('<?xml version="1.0"?>', laughs);
      // Whether the library refuses it or leaves the entity as it stands: nothing grows.
      const text = await read('laughs.docx', await zipOf({ ...docxFiles(''), 'word/document.xml': body })).then(
        ({ blocks }) => textOf(blocks),
        failureOfError,
      );
      expect(text.length).toBeLessThan(200);
    });

    it('XML that names a file of this machine', async () => {
      const xxe = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/hostname">]><a>&f;</a>';
      expect(await failure('xxe.xml', xxe)).toMatch(/^file_invalid: The XML defines entities/u);
    });

    it('nesting without end, in XML, JSON and docx', async () => {
      expect(await failure('deep.xml', '<a>'.repeat(100_000))).toBe('file_invalid: The XML is nested deeper than 200 levels.');
      expect(await failure('deep.json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toMatch(
        /^file_invalid: The JSON is nested deeper/u,
      );
      const deep = `${'<w:tbl><w:tr><w:tc>'.repeat(20_000)}${paragraph('x')}${'</w:tc></w:tr></w:tbl>'.repeat(20_000)}`;
      expect(await failure('deep.docx', await docxOf(deep))).toMatch(/^file_invalid: /u);
    });

    it('a file that takes more memory than one may', async () => {
      const small = openDocumentReader({ memoryLimitBytes: 200 * MEBIBYTE });
      const values = Buffer.from(`[${'{"a":{}},'.repeat(3_000_000)}0]`);
      expect(await failureOf(small.read(file('values.json', values), {}))).toBe(
        'file_invalid: Reading the file takes more than the 200 MB of memory that one file may have.',
      );
      expect((await small.read(file('a.txt', 'And the next is read.'), {})).blocks).toHaveLength(1);
      await small.close();
      const { outcomes, megabytes } = await asServer(200 * MEBIBYTE, { 'values.json': values, 'next.txt': Buffer.from('Next') });
      expect(outcomes).toEqual([expect.stringMatching(/^file_invalid: Reading the file takes more/u), 'read: 1']);
      expect(megabytes).toBeLessThan(200);
    });

    it('a file that takes longer than one may', async () => {
      const hasty = openDocumentReader({ timeLimitMs: 20 });
      expect(await failureOf(hasty.read(file('a.txt', 'Words'), {}))).toMatch(/^file_invalid: Reading the file takes longer than/u);
      await hasty.close();
    });

    it('a large text, handed over without a second copy', async () => {
      const text = Buffer.from('Everyone has thirty days of leave in each year of service.\n\n'.repeat(350_000));
      const { outcomes, megabytes } = await asServer(768 * MEBIBYTE, { 'large.txt': text });
      expect(outcomes).toEqual(['read: 350000']);
      expect(text.length).toBeGreaterThan(20 * MEBIBYTE);
      expect(megabytes).toBeLessThan(300);
    });
  });

  describe('reads one file at a time', () => {
    it('in the order they came', async () => {
      const done: number[] = [];
      let most = 0;
      const watch = setInterval(() => (most = Math.max(most, childProcesses())), 5);
      await Promise.all(
        [0, 1, 2, 3].map(async (index) => {
          await read('a.txt', `File ${index}`);
          done.push(index);
        }),
      );
      clearInterval(watch);
      expect(done).toEqual([0, 1, 2, 3]);
      expect(most).toBe(1);
    });

    it('and tells whoever gives up at once, also while waiting', async () => {
      const first = read('a.txt', 'First');
      const controller = new AbortController();
      const waiting = reader.read(file('a.txt', 'Second'), { signal: controller.signal });
      const third = read('a.txt', 'Third');
      controller.abort(new Error('given up'));
      const order: string[] = [];
      void first.then(() => order.push('first'));
      await expect(waiting).rejects.toThrow('given up');
      expect(order).toEqual([]);
      expect((await first).blocks[0]?.text).toBe('First');
      expect((await third).blocks[0]?.text).toBe('Third');
    });

    it('ends what is being read when nobody waits for it, or its deadline has passed', async () => {
      const controller = new AbortController();
      const reading = reader.read(file('a.json', `[${'1,'.repeat(3_000_000)}1]`), { signal: controller.signal });
      const given = expect(reading).rejects.toThrow('given up');
      await until(() => childProcesses() === 1);
      controller.abort(new Error('given up'));
      await given;
      await until(() => childProcesses() === 0);
      expect(await failureOf(reader.read(file('a.txt', 'Words'), { deadlineAt: Date.now() - 1 }))).toMatch(/^deadline_exceeded: /u);
      expect((await read('a.txt', 'Next')).blocks[0]?.text).toBe('Next');
    });

    it('and refuses more than may wait', async () => {
      const narrow = openDocumentReader({ maxWaiting: 1 });
      const results = await Promise.all([1, 2, 3].map((index) => failureOf(narrow.read(file('a.txt', `File ${index}`), {}))));
      expect(results).toEqual(['none', 'none', 'draining: Too many files are waiting to be read.']);
      await narrow.close();
    });

    it('until it is closed, which leaves no process behind', async () => {
      const closing = openDocumentReader();
      const long = `[${'1,'.repeat(3_000_000)}1]`;
      const results = [1, 2].map(() => failureOf(closing.read(file('a.json', long), {})));
      await until(() => childProcesses() === 1);
      await closing.close();
      expect(childProcesses()).toBe(0);
      await closing.close();
      expect(await Promise.all(results)).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(/^draining: /u)));
      expect(await failureOf(closing.read(file('a.txt', 'Third'), {}))).toMatch(/^draining: /u);
    });
  });
});

const failureOfError = (error: unknown): string => (AppError.is(error, 'file_invalid') ? '' : String(error).padEnd(1_000));
