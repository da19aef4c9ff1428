import { AppError } from '@continuo/contracts';
import { type Chunk, chunkDocument, detectLanguage, documentMemoryId, type Memory, type Scope, type SkillDetails } from '@continuo/domain';
import type { KnowledgeFile, ReadDocument, ReadSkill } from '@continuo/ports';

/** What the contract calls the conversation of everything that was uploaded. */
const CONVERSATION_ID = 'default_session';
/** Labels that clients know memories of files by. */
const TAGS = ['mode:fine', 'multimodal:file'] as const;
const CONFIDENCE = 0.99;
const EXTRACTOR = 'document';
const LONGEST_TITLE = 120;
/** Some ten thousand pages; what is longer is data and no document, and would hold up every other write. */
const MOST_CHUNKS = 20_000;
/** Of a procedure, what is searched; all of it is kept beside. */
const SEARCHED_CHARACTERS = 20_000;
/** Of all programs and other files of a skill together, what is returned with it; the archive has the rest. */
const ATTACHED_CHARACTERS = 200_000;

interface Origin {
  readonly file: KnowledgeFile;
  /** As it is cited. */
  readonly name: string;
  readonly scope: Scope;
  readonly now: number;
}

/** One memory for each piece of a document. @throws AppError `file_invalid`, `file_too_large`. */
export function memoriesOfDocument(origin: Origin, document: ReadDocument): readonly Memory[] {
  const chunks = chunkDocument(document.blocks);
  if (chunks.length === 0)
    throw new AppError('file_invalid', 'The file has no text in it; scanned pages would have to be recognised first.');
  if (chunks.length > MOST_CHUNKS) throw new AppError('file_too_large', 'The file has more text than a document may have.');
  return chunks.map((chunk) => memoryOfChunk(origin, document, chunk));
}

function memoryOfChunk(origin: Origin, document: ReadDocument, { text, headings, page, place }: Chunk): Memory {
  const title = headings.length > 0 ? headings.join(' › ') : (document.title ?? origin.name);
  return {
    ...whatFilesShare(origin, place),
    kind: 'fact',
    title: title.slice(0, LONGEST_TITLE),
    text,
    language: detectLanguage(text),
    keyPhrases: phrases(origin.name.replace(/\.[^.]+$/u, ''), document.title ?? ''),
    details: { document: { fileId: origin.file.id, fileName: origin.name, place, headings, page } },
    labels: labels({ file_id: origin.file.id, file_name: origin.name, chunk: place, ...(page === null ? {} : { page }) }),
  };
}

/** A skill is found by its name, by what it is for and by what is to be done. */
export function memoryOfSkill(origin: Origin, skill: ReadSkill): Memory {
  const { name, description, procedure } = skill;
  return {
    ...whatFilesShare(origin, 0),
    kind: 'skill',
    title: name.slice(0, LONGEST_TITLE),
    text: [name, description, procedure].join('\n\n').slice(0, SEARCHED_CHARACTERS).trim(),
    language: detectLanguage(`${description} ${procedure.slice(0, SEARCHED_CHARACTERS)}`),
    keyPhrases: phrases(name),
    details: { skill: skillDetails(origin.file.id, skill) },
    labels: labels({ file_id: origin.file.id, file_name: origin.name }),
  };
}

function skillDetails(
  fileId: string,
  { name, description, procedure, examples, experience, preference, scripts, others }: ReadSkill,
): SkillDetails {
  let left = ATTACHED_CHARACTERS;
  const attached = (files: Readonly<Record<string, string | number>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(files).map(([path, content]) => {
        if (typeof content === 'number') return [path, `${content} bytes`];
        left -= content.length;
        return [path, left >= 0 ? content : `${content.length} characters`];
      }),
    );
  return { name, description, procedure, experience, preference, examples, script: attached(scripts), others: attached(others), fileId };
}

const labels = (info: Readonly<Record<string, unknown>>): Memory['labels'] => ({
  tags: TAGS,
  info,
  appId: null,
  agentId: null,
  relatedIds: [],
});

const phrases = (...texts: readonly string[]): readonly string[] => [
  ...new Set(texts.map((text) => text.trim()).filter((text) => text !== '')),
];

function whatFilesShare({ file, scope, now }: Origin, place: number) {
  return {
    id: documentMemoryId(file.id, place),
    scope,
    conversationId: CONVERSATION_ID,
    preferenceType: null,
    reasoning: '',
    topicKey: null,
    topicValue: null,
    negated: false,
    about: null,
    origin: 'document',
    entities: [],
    eventTime: null,
    confidence: CONFIDENCE,
    sourceMessageIds: [],
    quotes: [],
    evidence: 1,
    statedAt: file.createdAt,
    sourceSequence: 0,
    status: 'current',
    supersededBy: null,
    validFrom: file.createdAt,
    validTo: null,
    extractor: EXTRACTOR,
    createdAt: now,
    updatedAt: now,
    indexVersion: 1,
  } as const;
}
