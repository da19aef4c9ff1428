import mammoth from 'mammoth';
import type { BlockList } from './block-list.ts';
import { readHtml } from './docx-html.ts';
import type { ParsingLimits } from './limits.ts';
import { invalid, Refusal } from './refusal.ts';
import { readArchive } from './zip-archive.ts';

const MAX_FILES = 10_000;
const PROPERTIES = 'docProps/core.xml';
const TITLE = /<dc:title[^>]{0,200}>([^<]{1,1000})<\/dc:title>/u;

/** Styles that the library leaves alone. */
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => h2:fresh",
  "p[style-name='Code'] => pre:fresh",
  "p[style-name='HTML Preformatted'] => pre:fresh",
];

/** Reads a Word document of today; tells the title that its properties name. */
export async function readDocx(bytes: Buffer, list: BlockList, limits: ParsingLimits): Promise<string | null> {
  // First everything is unpacked and counted, and thrown away: the library below unpacks without counting.
  const files = await readArchive(
    bytes,
    { maxFiles: MAX_FILES, maxFileBytes: limits.maxUnpackedBytes, maxTotalBytes: limits.maxUnpackedBytes },
    (path) => path === PROPERTIES,
  );
  readHtml(await htmlOf(bytes), list);
  const title = TITLE.exec(files.find(({ path }) => path === PROPERTIES)?.bytes?.toString('utf8') ?? '')?.[1];
  return title === undefined ? null : unescaped(title).trim() || null;
}

async function htmlOf(bytes: Buffer): Promise<string> {
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: bytes },
      {
        styleMap: STYLES,
        includeEmbeddedStyleMap: false,
        externalFileAccess: false,
        convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })),
      },
    );
    return value;
  } catch (error) {
    throw error instanceof Refusal ? error : invalid('The Word document is damaged or cut.', error);
  }
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const unescaped = (text: string): string => text.replaceAll(/&(lt|gt|amp|quot|apos);/gu, (_, name: string) => NAMED[name] ?? '');
