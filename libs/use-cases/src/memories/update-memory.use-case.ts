import { AppError, indexOutbox } from '@continuo/contracts';
import type { Memory, SkillDetails } from '@continuo/domain';
import type { JobQueue, MemoryEdit, MemoryRecords } from '@continuo/ports';

/** Members of a skill that can be given anew. */
export type SkillContent = Partial<Omit<SkillDetails, 'fileId'>>;

export interface UpdateMemoryInput {
  readonly projectId: string;
  readonly memoryId: string;
  /** The new text; members of a skill where it is one; null: unchanged. */
  readonly content: string | SkillContent | null;
  readonly title: string | null;
  readonly status: MemoryEdit['status'];
}

/** Changes one memory by hand: it counts as said now, is embedded anew, and is not undone by what was said before. */
export class UpdateMemory {
  private readonly memories: Pick<MemoryRecords, 'byIds' | 'update'>;
  private readonly jobs: JobQueue;

  constructor(memories: Pick<MemoryRecords, 'byIds' | 'update'>, jobs: JobQueue) {
    this.memories = memories;
    this.jobs = jobs;
  }

  /** @throws AppError `memory_not_found`, also for a memory of another project or a deleted one, `invalid_request`. */
  async execute(input: UpdateMemoryInput): Promise<void> {
    const { projectId, memoryId, content, title, status } = input;
    const [memory] = await this.memories.byIds(projectId, [memoryId]);
    if (memory === undefined || memory.status === 'deleted') throw new AppError('memory_not_found', 'There is no such memory.');
    const edit: MemoryEdit = { ...contentOf(memory, content), title, status };
    await this.memories.update(projectId, memoryId, edit, 'edit', Date.now());
    await this.jobs.enqueue(indexOutbox, {});
  }
}

const UNCHANGED = { text: null, details: null } as const;

/** The text of a profile field is its name and its value; what is given is the value. */
function worded({ details }: Memory, content: string): Pick<MemoryEdit, 'text' | 'details'> {
  const { profile } = details;
  if (profile === undefined) return { text: content, details: null };
  return { text: `${profile.path}: ${content}`, details: { ...details, profile: { ...profile, value: content } } };
}

function contentOf(memory: Memory, content: string | SkillContent | null): Pick<MemoryEdit, 'text' | 'details'> {
  if (content === null) return UNCHANGED;
  if (typeof content === 'string') return worded(memory, content);
  const known = memory.details.skill;
  if (memory.kind !== 'skill' || known === undefined)
    throw new AppError('invalid_request', 'content must be a string: only a skill takes an object.');
  const skill: SkillDetails = { ...known, ...content };
  // Found by what it is called, what it is for and what is to be done, as an uploaded one is.
  const text = [skill.name, skill.description, skill.procedure].filter((part) => part !== '').join('\n\n');
  return { text, details: { ...memory.details, skill } };
}
