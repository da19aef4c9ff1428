import { type AddKnowledgeBaseFileRequest, AppError } from '@continuo/contracts';
import type { MultipartFile } from '@fastify/multipart';
import { FILE_LIMITS, type FileType } from '@continuo/ports';
import { type SentFile, UPLOAD_LIMITS } from '@continuo/use-cases';
import type { FastifyRequest } from 'fastify';
import { cutBodyOf } from '../server/upload-bodies.ts';
import { decodeBase64 } from './read-base64.ts';

/** Where the head of a data URL must have ended. */
const LONGEST_HEAD = 1_024;
const LONGEST_URL = 8_192;
const FORM_LIMITS = { fieldNameSize: 256, fieldSize: 65_536, fields: 64, parts: 128, headerPairs: 64 } as const;

/** The files of a JSON body. @throws AppError naming the file that is wrong. */
export function filesOfBody(request: FastifyRequest, body: AddKnowledgeBaseFileRequest): readonly SentFile[] {
  if (body.file.length > UPLOAD_LIMITS.files) {
    throw new AppError('too_many_files', `At most ${UPLOAD_LIMITS.files} files go into one request.`);
  }
  const cut = cutBodyOf(request);
  return body.file.map((item, index) => {
    const name = item.name ?? item.file_name ?? '';
    const mimeType = item.mime_type ?? '';
    if (cut?.isCut(name + mimeType) === true) throw new AppError('invalid_request', `file[${index}].name has too many characters.`);
    const text = cut?.contentOf(item.content) ?? Buffer.from(item.content, 'latin1');
    const { declaredType, content } = contentOf(text, item.content, `file[${index}].content`);
    return { type: item.type ?? body.type ?? 'document', name, declaredType: declaredType ?? typeOf(mimeType), content };
  });
}

function contentOf(text: Buffer, short: string, field: string): Pick<SentFile, 'declaredType' | 'content'> {
  const head = text.toString('latin1', 0, LONGEST_HEAD).trimStart();
  if (/^https?:/iu.test(head)) return { declaredType: null, content: { url: checkedUrl(short.trim(), text.length, field) } };
  if (!/^data:/iu.test(head)) return { declaredType: null, content: { bytes: decodeBase64(text) } };
  const match = /^data:([^;,]*)(?:;[^,]*)?;base64,/iu.exec(head);
  if (match === null) throw new AppError('base64_format_invalid', `${field} must be a data URL of the form data:<type>;base64,<content>.`);
  return { declaredType: typeOf(match[1] ?? ''), content: { bytes: decodeBase64(text.subarray(text.indexOf(',') + 1)) } };
}

function checkedUrl(url: string, length: number, field: string): string {
  if (length <= LONGEST_URL && URL.canParse(url)) return url;
  throw new AppError('invalid_request', `${field} must be an http or https address of at most ${LONGEST_URL} characters.`);
}

const typeOf = (mimeType: string): string | null => {
  const plain =
    mimeType
      .replaceAll(String.raw`\/`, '/')
      .split(';', 1)[0]
      ?.trim()
      .toLowerCase() ?? '';
  return plain === '' ? null : plain;
};

/** The files of a form as they come. @throws AppError `client_gone` when the form ends in the middle. */
export async function* filesOfForm(request: FastifyRequest, type: FileType): AsyncIterable<SentFile> {
  let isRead = false;
  try {
    // One byte and one file more than allowed tell that there are too many.
    const limits = { ...FORM_LIMITS, fileSize: FILE_LIMITS.documentBytes + 1, files: UPLOAD_LIMITS.files + 1 };
    for await (const part of request.parts({ limits })) {
      if (part.type !== 'file') continue;
      if (part.fieldname === 'file') yield sentFile(part, type);
      // Also what is no file of ours has to be read, or nothing more would come.
      part.file.resume();
    }
    isRead = true;
  } catch (error) {
    throw formError(error);
  } finally {
    // The rest is read and thrown away: closed now, the connection would be reset and the reply lost.
    if (!isRead) request.raw.unpipe().resume();
  }
}

const sentFile = (part: MultipartFile, type: FileType): SentFile => ({
  type,
  name: part.filename,
  declaredType: typeOf(part.mimetype),
  content: { bytes: part.file },
});

function formError(error: unknown): unknown {
  if (AppError.is(error)) return error;
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (code === 'FST_FILES_LIMIT') return new AppError('too_many_files', `At most ${UPLOAD_LIMITS.files} files go into one request.`);
  if (code === 'FST_MP_PREMATURE_CLOSE' || code === 'ECONNRESET')
    return new AppError('client_gone', 'The form ended too soon.', { cause: error });
  return new AppError('invalid_request', 'The form cannot be read.', { cause: error });
}
