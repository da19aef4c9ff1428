import type {
  ArchivedConversation,
  ArchivedDenial,
  ArchivedJournal,
  ArchivedMemory,
  ArchivedMessage,
  ArchivedProfile,
  ArchivedSubject,
  ArchivedTask,
  ArchivedVector,
} from '@continuo/ports';
import { archiveError, type ArchiveField } from './archive-field.ts';
import {
  parseConversation,
  parseDenial,
  parseJournal,
  parseMemory,
  parseMessage,
  parseProfile,
  parseTask,
  parseVector,
} from './parse-rows.ts';

/** A row and the line it stood in, for what is found out about it later. */
export type InLine<Row> = Row & { readonly line: number };

/** Rows of one subject, gathered until its end has come. */
export class SubjectRows {
  readonly subject: InLine<ArchivedSubject>;
  readonly conversations: InLine<ArchivedConversation>[] = [];
  readonly tasks: InLine<ArchivedTask>[] = [];
  readonly messages: InLine<ArchivedMessage>[] = [];
  readonly journals: InLine<ArchivedJournal>[] = [];
  readonly memories: InLine<ArchivedMemory>[] = [];
  readonly denials: InLine<ArchivedDenial>[] = [];
  readonly profiles: InLine<ArchivedProfile>[] = [];
  readonly vectors: InLine<ArchivedVector>[] = [];
  private kind = 0;

  constructor(subject: InLine<ArchivedSubject>) {
    this.subject = subject;
  }

  get size(): number {
    const { conversations, tasks, messages, journals, memories, denials, profiles, vectors } = this;
    return [conversations, tasks, messages, journals, memories, denials, profiles, vectors].reduce((sum, rows) => sum + rows.length, 0);
  }

  add(line: number, row: ArchiveField): void {
    const kind = row.member('row').oneOf(KINDS);
    const order = KINDS.indexOf(kind);
    if (order < this.kind) throw archiveError(line, 'the row comes too late');
    this.kind = order;
    ADD[kind](this, line, row);
  }
}

const KINDS = ['conversation', 'task', 'message', 'journal', 'memory', 'denial', 'profile', 'vector'] as const;

const ADD: Readonly<Record<(typeof KINDS)[number], (rows: SubjectRows, line: number, row: ArchiveField) => void>> = {
  conversation: (rows, line, row) => rows.conversations.push({ ...parseConversation(row), line }),
  task: (rows, line, row) => rows.tasks.push({ ...parseTask(row), line }),
  message: (rows, line, row) => {
    const message = parseMessage(row);
    if (message.rank <= (rows.messages.at(-1)?.rank ?? 0)) throw row.member('rank').error('greater than the one before');
    rows.messages.push({ ...message, line });
  },
  journal: (rows, line, row) => rows.journals.push({ ...parseJournal(row), line }),
  memory: (rows, line, row) => rows.memories.push({ ...parseMemory(row), line }),
  denial: (rows, line, row) => rows.denials.push({ ...parseDenial(row), line }),
  profile: (rows, line, row) => rows.profiles.push({ ...parseProfile(row), line }),
  vector: (rows, line, row) => rows.vectors.push({ ...parseVector(row), line }),
};
