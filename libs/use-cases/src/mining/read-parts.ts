import { AppError } from '@continuo/contracts';
import { chunkDocument, nameBasedId } from '@continuo/domain';
import { type CallOptions, type DocumentReader, FILE_LIMITS, type FileFetcher, type GivenFile } from '@continuo/ports';
import type { MessagePart, PartReader, PartText } from '@continuo/ports';

/** As much of a file as the contract lets a whole call hold (40,000 tokens); more belongs into a knowledge base. */
const MOST_PIECES = 100;
const LONGEST_NAME = 200;

/**
 * Reads the files in messages: fetched from their address, or out of their base64. Images are left as they are: there is no model that
 * looks at them.
 */
export class ReadParts implements PartReader {
  private readonly documents: DocumentReader;
  private readonly fetcher: FileFetcher;

  constructor(documents: DocumentReader, fetcher: FileFetcher) {
    this.documents = documents;
    this.fetcher = fetcher;
  }

  async describe({ message, place, part }: MessagePart, _instructions: string, options: CallOptions): Promise<readonly PartText[] | null> {
    const sent = part['type'] === 'file' ? sentFile(part['file']) : null;
    if (sent === null) return [];
    const fileId = nameBasedId('part', message.id, String(place)).replaceAll('-', '');
    let file: GivenFile | null = null;
    try {
      file = await this.fileOf(sent, options);
      return await this.read(file, fileId, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!AppError.is(error) || error.code === 'draining') throw error;
      // Of a file that has come it means that it is damaged; of one that has not, that its address is away.
      if (error.code === 'deadline_exceeded' || (file === null && error.code === 'file_invalid'))
        throw new AppError('file_invalid', 'A file of the messages could not be fetched, or was not read in time.', { cause: error });
      return null;
    }
  }

  private async read(file: GivenFile, fileId: string, options: CallOptions): Promise<readonly PartText[]> {
    const { title, blocks } = await this.documents.read(file, options);
    return chunkDocument(blocks)
      .slice(0, MOST_PIECES)
      .map(({ text, headings, page, place }) => ({
        text,
        title: headings.length > 0 ? headings.join(' › ') : (title ?? (file.name || text.slice(0, 40))),
        document: { fileId, fileName: file.name, place, headings, page },
      }));
  }

  private async fileOf({ data, name }: SentFile, options: CallOptions): Promise<GivenFile> {
    if (/^https?:\/\//iu.test(data)) {
      const fetched = await this.fetcher.fetch(data, { maxBytes: FILE_LIMITS.documentBytes }, options);
      return name === '' ? fetched : { ...fetched, name };
    }
    const { type, base64 } = withoutPrefix(data);
    return { bytes: Buffer.from(base64, 'base64'), name, declaredType: type };
  }
}

interface SentFile {
  readonly data: string;
  readonly name: string;
}

function sentFile(file: unknown): SentFile | null {
  if (typeof file !== 'object' || file === null) return null;
  const { file_data: data, filename, file_name: fileName } = file as Readonly<Record<string, unknown>>;
  const name = typeof filename === 'string' ? filename : typeof fileName === 'string' ? fileName : '';
  return typeof data === 'string' && data.trim() !== '' ? { data: data.trim(), name: name.trim().slice(-LONGEST_NAME) } : null;
}

/** `data:application/pdf;base64,…`, or the base64 alone. */
function withoutPrefix(data: string): { readonly type: string | null; readonly base64: string } {
  const comma = data.slice(0, LONGEST_NAME).indexOf(',');
  if (!/^data:/iu.test(data) || comma < 0) return { type: null, base64: data };
  const type = data.slice('data:'.length, comma).split(';', 1)[0]?.trim() ?? '';
  return { type: type === '' ? null : type, base64: data.slice(comma + 1) };
}
