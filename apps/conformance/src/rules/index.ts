import type { RuleGroup } from '../engine/rule.ts';
import { addMessage } from './add-message.ts';
import { authentication, ping } from './authentication.ts';
import { chat } from './chat.ts';
import { completions, models } from './completions.ts';
import { deleteMemory } from './delete-memory.ts';
import { extractMemory } from './extract-memory.ts';
import { feedback } from './feedback.ts';
import { filter } from './filter.ts';
import { getMemory } from './get-memory.ts';
import { getMemoryById } from './get-memory-by-id.ts';
import { getMessage } from './get-message.ts';
import { getStatus } from './get-status.ts';
import { groupChat } from './group-chat.ts';
import { isolation } from './isolation.ts';
import { addKnowledgeBaseFile, deleteKnowledgeBaseFile, getKnowledgeBaseFile } from './knowledge-base-files.ts';
import { createKnowledgeBase, deleteKnowledgeBase, knowledgeBaseSearch } from './knowledge-bases.ts';
import { messages } from './messages.ts';
import {
  addProfileTemplate,
  deleteProfileTemplate,
  getProfileTemplate,
  listProfileTemplate,
  updateProfileTemplate,
} from './profile-templates.ts';
import { bindProfileTemplate, deleteProfile, editProfile } from './profiles.ts';
import { publicMemory } from './public-memory.ts';
import { rerank } from './rerank.ts';
import { searchItems } from './search-items.ts';
import { search } from './search.ts';
import { transport } from './transport.ts';
import { updateMemory } from './update-memory.ts';

/** The contract, in its own order. */
export const RULES: readonly RuleGroup[] = [
  transport,
  authentication,
  ping,
  addMessage,
  messages,
  groupChat,
  search,
  searchItems,
  filter,
  chat,
  getMessage,
  getMemory,
  getMemoryById,
  updateMemory,
  deleteMemory,
  feedback,
  getStatus,
  extractMemory,
  rerank,
  createKnowledgeBase,
  deleteKnowledgeBase,
  addKnowledgeBaseFile,
  getKnowledgeBaseFile,
  deleteKnowledgeBaseFile,
  knowledgeBaseSearch,
  addProfileTemplate,
  listProfileTemplate,
  getProfileTemplate,
  updateProfileTemplate,
  deleteProfileTemplate,
  bindProfileTemplate,
  editProfile,
  deleteProfile,
  completions,
  models,
  isolation,
  publicMemory,
];
