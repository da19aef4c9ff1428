import { z } from 'zod';
import { envelope } from './envelope.ts';
import { Source } from './labels.ts';
import { OptionalText, RequiredText, WireBoolean, WireCount, WireLimit, wireObject } from './leniency.ts';

/** Files of one page; ours, the contract names a default alone. */
export const MAX_FILE_PAGE_SIZE = 100;
/** The contract. */
export const DEFAULT_FILE_PAGE_SIZE = 20;
/** Most ids in one request; ours. */
export const MAX_FILE_IDS = 1_000;
/** Most characters of names and descriptions; ours. */
export const MAX_KNOWLEDGE_NAME_CHARACTERS = 256;
export const MAX_KNOWLEDGE_DESCRIPTION_CHARACTERS = 4_096;

const KnowledgeBaseId = () =>
  RequiredText().meta({ description: 'As creating it returned it.', examples: ['base3b2f0f0e-5f0d-4a63-9d0e-0f3b6c0d7f11'] });

const FileId = () => z.string().meta({ examples: ['3b2f0f0e5f0d4a639d0e0f3b6c0d7f11'] });

const FileKind = () =>
  z.enum(['document', 'skill']).meta({ description: 'document: read, and found piece by piece. skill: how a task is done.' });

export const CreateKnowledgeBaseRequest = wireObject({
  knowledgebase_name: RequiredText()
    .max(MAX_KNOWLEDGE_NAME_CHARACTERS)
    .meta({ description: 'What it is called.', examples: ['Manuals'] }),
  knowledgebase_description: OptionalText(MAX_KNOWLEDGE_DESCRIPTION_CHARACTERS)
    .optional()
    .meta({ type: 'string', description: 'What is in it.', examples: ['What comes with our machines'] }),
  source: Source(),
}).meta({ id: 'CreateKnowledgeBaseRequest', examples: [{ knowledgebase_name: 'Manuals' }] });
export type CreateKnowledgeBaseRequest = z.infer<typeof CreateKnowledgeBaseRequest>;

export const CreateKnowledgeBaseReply = envelope('CreateKnowledgeBaseReply', z.object({ id: z.string() }));
export type CreateKnowledgeBaseReply = z.infer<typeof CreateKnowledgeBaseReply>;

export const DeleteKnowledgeBaseRequest = wireObject({
  knowledgebase_id: KnowledgeBaseId(),
  delete_all: WireBoolean()
    .optional()
    .meta({
      description: 'false: this project uses it no longer. true: it is deleted with its files, for every project. Default false.',
      examples: [true],
    }),
  source: Source(),
}).meta({
  id: 'DeleteKnowledgeBaseRequest',
  examples: [{ knowledgebase_id: 'base3b2f0f0e-5f0d-4a63-9d0e-0f3b6c0d7f11', delete_all: true }],
});
export type DeleteKnowledgeBaseRequest = z.infer<typeof DeleteKnowledgeBaseRequest>;

export const DeleteKnowledgeBaseReply = envelope('DeleteKnowledgeBaseReply', z.object({ success: z.literal(true) }));
export type DeleteKnowledgeBaseReply = z.infer<typeof DeleteKnowledgeBaseReply>;

/** One file of an upload. Some clients name it `file_name` and say its `mime_type`. */
const SentFile = () =>
  wireObject({
    content: RequiredText().meta({
      description: 'An http or https address to fetch it from, a data URL, or base64.',
      examples: ['IyBDbGVhbmluZwpSaW5zZSB0aGUgdGFuayB3ZWVrbHkuCg=='],
    }),
    name: OptionalText(MAX_KNOWLEDGE_NAME_CHARACTERS)
      .optional()
      .meta({ type: 'string', description: 'With its ending, which says what it is.', examples: ['cleaning.md'] }),
    type: FileKind().optional(),
    file_name: OptionalText(MAX_KNOWLEDGE_NAME_CHARACTERS).optional().meta({ type: 'string', description: 'The same as `name`.' }),
    mime_type: OptionalText(MAX_KNOWLEDGE_NAME_CHARACTERS)
      .optional()
      .meta({ type: 'string', description: 'Its MIME type.', examples: ['text/markdown'] }),
  });

export const AddKnowledgeBaseFileRequest = wireObject({
  knowledgebase_id: KnowledgeBaseId(),
  file: z.array(SentFile()).min(1).meta({ description: 'At most 20, each of at most 100 MB, 300 MB together.' }),
  type: FileKind().optional().meta({ description: 'Of files that have none of their own. Default document.' }),
  source: Source(),
}).meta({
  id: 'AddKnowledgeBaseFileRequest',
  examples: [
    {
      knowledgebase_id: 'base3b2f0f0e-5f0d-4a63-9d0e-0f3b6c0d7f11',
      file: [{ content: 'IyBDbGVhbmluZwpSaW5zZSB0aGUgdGFuayB3ZWVrbHkuCg==', name: 'cleaning.md' }],
    },
  ],
});
export type AddKnowledgeBaseFileRequest = z.infer<typeof AddKnowledgeBaseFileRequest>;

/** What stands in the address of an upload as a form. */
export const AddKnowledgeBaseFileQuery = wireObject({ knowledgebase_id: KnowledgeBaseId(), type: FileKind().optional() });
export type AddKnowledgeBaseFileQuery = z.infer<typeof AddKnowledgeBaseFileQuery>;

const FileFields = {
  id: FileId(),
  type: FileKind(),
  name: z.string(),
} as const;

const FileStatus = z
  .enum(['running', 'completed', 'failed'])
  .describe('running: waits to be read, or is being read. completed: can be found. failed: for good; `reason` says why.');

export const AddedFile = z
  .object({
    ...FileFields,
    sizeMB: z.number().meta({ description: '0 for one that is yet to be fetched.', examples: [1.25] }),
    status: FileStatus,
  })
  .meta({ id: 'AddedFile' });
export type AddedFile = z.infer<typeof AddedFile>;

export const AddKnowledgeBaseFileReply = envelope('AddKnowledgeBaseFileReply', z.array(AddedFile).describe('In the order they were sent.'));
export type AddKnowledgeBaseFileReply = z.infer<typeof AddKnowledgeBaseFileReply>;

const FileIds = () =>
  z
    .array(RequiredText())
    .min(1)
    .max(MAX_FILE_IDS)
    .meta({ examples: [['3b2f0f0e5f0d4a639d0e0f3b6c0d7f11']] });

const eitherSelector = 'must stand alone: either file_ids or knowledgebase_id';

export const GetKnowledgeBaseFileRequest = wireObject({
  file_ids: FileIds()
    .optional()
    .meta({ description: 'These; those that do not exist are left out. Not together with `knowledgebase_id`.' }),
  knowledgebase_id: KnowledgeBaseId().optional().meta({ description: 'All of one base, newest first. Not together with `file_ids`.' }),
  type: FileKind().optional().meta({ description: 'Beside `knowledgebase_id`: only these.' }),
  page: WireCount().optional().meta({ type: 'integer', minimum: 1, description: 'Default 1.' }),
  page_size: WireLimit(MAX_FILE_PAGE_SIZE)
    .optional()
    .meta({ type: 'integer', minimum: 1, maximum: MAX_FILE_PAGE_SIZE, description: `Default ${DEFAULT_FILE_PAGE_SIZE}.` }),
  source: Source(),
})
  .refine((request) => request.file_ids === undefined || request.knowledgebase_id === undefined, {
    path: ['knowledgebase_id'],
    error: eitherSelector,
  })
  .refine((request) => request.file_ids !== undefined || request.knowledgebase_id !== undefined, {
    path: ['file_ids'],
    error: eitherSelector,
  })
  .meta({ id: 'GetKnowledgeBaseFileRequest', examples: [{ knowledgebase_id: 'base3b2f0f0e-5f0d-4a63-9d0e-0f3b6c0d7f11' }] });
export type GetKnowledgeBaseFileRequest = z.infer<typeof GetKnowledgeBaseFileRequest>;

export const FileDetail = z
  .object({
    ...FileFields,
    size: z.string().meta({ examples: ['1.25MB'] }),
    status: FileStatus,
    reason: z.string().nullable().describe('Of a failed file: a word, a colon and a sentence. Null for others.'),
    chunks: z.int().describe('Memories that were made of it.'),
    create_time: z.number().describe('Epoch milliseconds.'),
  })
  .meta({ id: 'FileDetail' });
export type FileDetail = z.infer<typeof FileDetail>;

export const GetKnowledgeBaseFileReply = envelope(
  'GetKnowledgeBaseFileReply',
  z.object({ total: z.int(), page: z.int(), page_size: z.int(), file_detail_list: z.array(FileDetail) }),
);
export type GetKnowledgeBaseFileReply = z.infer<typeof GetKnowledgeBaseFileReply>;

export const DeleteKnowledgeBaseFileRequest = wireObject({
  file_ids: FileIds().meta({ description: 'All or none, with everything that was made of them.' }),
  knowledgebase_id: KnowledgeBaseId().optional().meta({ description: 'The base they must be of.' }),
  source: Source(),
}).meta({ id: 'DeleteKnowledgeBaseFileRequest', examples: [{ file_ids: ['3b2f0f0e5f0d4a639d0e0f3b6c0d7f11'] }] });
export type DeleteKnowledgeBaseFileRequest = z.infer<typeof DeleteKnowledgeBaseFileRequest>;

export const DeleteKnowledgeBaseFileReply = envelope('DeleteKnowledgeBaseFileReply', z.object({ success: z.literal(true) }));
export type DeleteKnowledgeBaseFileReply = z.infer<typeof DeleteKnowledgeBaseFileReply>;

/** The bytes of a skill file, as they were uploaded; not wrapped. */
export const SkillFile = z.string().meta({ id: 'SkillFile', format: 'binary', description: 'The file as it was uploaded.' });
