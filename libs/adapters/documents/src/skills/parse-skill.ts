import type { GivenFile, ReadSkill } from '@continuo/ports';
import { cleanText } from '../parsing/block-list.ts';
import { decodeText } from '../parsing/decode-text.ts';
import { endingOf } from '../parsing/format-of.ts';
import { invalid, Refusal } from '../parsing/refusal.ts';
import { type ArchiveFile, readArchive } from '../parsing/zip-archive.ts';
import { readSkillText } from './skill-text.ts';

const MEBIBYTE = 1024 * 1024;
/** The contract's limits; `FILE_LIMITS` of the ports, which a child process does not load. */
const MAX_TEXT_BYTES = 100 * 1024;
const ARCHIVE_LIMITS = { maxFiles: 200, maxFileBytes: 10 * MEBIBYTE, maxTotalBytes: 200 * MEBIBYTE };
/** Larger programs and texts are kept by their size alone: nobody reads them in a prompt. */
const LARGEST_SCRIPT_BYTES = MEBIBYTE;
const LARGEST_TEXT_BYTES = 64 * 1024;
/** Of all files together; those after it are kept by their size. */
const MAX_KEPT_CHARACTERS = 4 * MEBIBYTE;

const SKILL_FILE = 'SKILL.md';
/** What archivers of desktops leave behind. */
const LITTER = /^(?:__MACOSX\/|.*\/?\.DS_Store$)/u;
const SCRIPT_ENDINGS = new Set('py sh bash zsh js mjs cjs ts rb pl php ps1 bat cmd lua r sql go rs java kt swift c cpp'.split(' '));

/** @throws Refusal when the file is no skill. */
export async function parseSkill({ bytes, name }: GivenFile): Promise<ReadSkill> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isArchive = buffer.subarray(0, 2).toString('latin1') === 'PK';
  const ending = endingOf(name);
  if (!['', 'md', 'markdown', 'zip'].includes(ending)) throw new Refusal('file_type_unsupported', 'A skill is a .md or a .zip file.');
  if (ending !== '' && (ending === 'zip') !== isArchive)
    throw invalid(
      isArchive ? 'The skill is called .md and is an archive.' : 'The skill is called .zip and is no archive, or a damaged one.',
    );
  return isArchive ? parseArchive(buffer) : { ...readSkillText(skillText(buffer)), scripts: {}, others: {} };
}

function skillText(bytes: Buffer): string {
  if (bytes.length > MAX_TEXT_BYTES) throw new Refusal('file_too_large', 'A skill as a .md file may have at most 100 KB.');
  const text = decodeText(bytes);
  if (text === null) throw invalid('The skill is no text.');
  return text;
}

async function parseArchive(bytes: Buffer): Promise<ReadSkill> {
  const all = await readArchive(
    bytes,
    ARCHIVE_LIMITS,
    (path, size) => path.endsWith(`/${SKILL_FILE}`) || path === SKILL_FILE || size <= LARGEST_SCRIPT_BYTES,
  );
  const files = all.filter(({ path }) => !LITTER.test(path));
  const folder = skillFolder(files);
  const skill = files.find(({ path }) => path === folder + SKILL_FILE);
  const text = skill?.bytes === null || skill === undefined ? null : decodeText(skill.bytes);
  if (text === null) throw invalid('The SKILL.md of the archive is no text.');
  return {
    ...readSkillText(text),
    ...companionsOf(
      files.filter((file) => file !== skill),
      folder,
    ),
  };
}

function companionsOf(files: readonly ArchiveFile[], folder: string): Pick<ReadSkill, 'scripts' | 'others'> {
  // Paths are keys of the archive's choosing.
  const scripts = Object.create(null) as Record<string, string>;
  const others = Object.create(null) as Record<string, string | number>;
  let kept = 0;
  for (const file of files) {
    const path = file.path.slice(folder.length);
    const content = contentOf(file);
    if (content === null || kept + content.length > MAX_KEPT_CHARACTERS) others[path] = file.size;
    else if (isScript(path)) scripts[path] = content;
    else others[path] = file.size > LARGEST_TEXT_BYTES ? file.size : content;
    kept += typeof others[path] === 'number' ? 0 : (content?.length ?? 0);
  }
  return { scripts, others };
}

/** '' for the root, or the archive's only folder with its slash. */
function skillFolder(files: readonly ArchiveFile[]): string {
  if (files.some(({ path }) => path === SKILL_FILE)) return '';
  const folders = new Set(files.map(({ path }) => path.slice(0, path.indexOf('/') + 1)));
  const [folder = ''] = folders;
  if (folders.size === 1 && files.some(({ path }) => path === folder + SKILL_FILE)) return folder;
  throw invalid('The archive has no SKILL.md at its first level.');
}

const isScript = (path: string): boolean => path.startsWith('scripts/') || SCRIPT_ENDINGS.has(endingOf(path));

function contentOf({ bytes, size }: ArchiveFile): string | null {
  if (bytes === null || size > LARGEST_SCRIPT_BYTES) return null;
  const text = decodeText(bytes);
  return text === null ? null : cleanText(text);
}
