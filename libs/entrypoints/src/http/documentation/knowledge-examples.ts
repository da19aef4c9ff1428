import type { Examples } from './example.ts';

const BASE = 'base3b2f0f0e-5f0d-4a63-9d0e-0f3b6c0d7f11';
const FILE = '3b2f0f0e5f0d4a639d0e0f3b6c0d7f11';
const CLEANING = Buffer.from('# Cleaning\n\nRinse the tank of the coffee machine once a week.\n').toString('base64');
const SKILL = Buffer.from('---\nname: refund\ndescription: How a refund is made.\n---\n\n1. Check the order.\n2. Pay it back.\n').toString(
  'base64',
);

/** Of knowledge bases. */
export const KNOWLEDGE_EXAMPLES = {
  CreateKnowledgeBaseRequest: {
    manuals: {
      summary: 'One for manuals',
      value: { knowledgebase_name: 'Manuals', knowledgebase_description: 'What comes with our machines' },
    },
  },
  AddKnowledgeBaseFileRequest: {
    document: { summary: 'A document in base64', value: { knowledgebase_id: BASE, file: [{ content: CLEANING, name: 'cleaning.md' }] } },
    dataUrl: {
      summary: 'A document as a data URL',
      value: { knowledgebase_id: BASE, file: [{ content: `data:text/markdown;base64,${CLEANING}`, name: 'cleaning-again.md' }] },
    },
    skill: { summary: 'A skill', value: { knowledgebase_id: BASE, file: [{ content: SKILL, name: 'refund.md', type: 'skill' }] } },
  },
  GetKnowledgeBaseFileRequest: {
    base: { summary: 'All of one base', value: { knowledgebase_id: BASE, page: 1, page_size: 20 } },
    files: { summary: 'Some files', value: { file_ids: [FILE] } },
  },
  DeleteKnowledgeBaseFileRequest: { files: { summary: 'Some files', value: { file_ids: [FILE] } } },
  DeleteKnowledgeBaseRequest: {
    all: { summary: 'With its files, for every project', value: { knowledgebase_id: BASE, delete_all: true } },
  },
} satisfies Readonly<Record<string, Examples>>;
