import type { SubjectKey } from '@continuo/domain';
import type { ArchiveReport } from '@continuo/ports';
import { wellFormed } from '../rows/stored-text.ts';
import { SqlProjectRecords } from '../sql-project-records.ts';
import type { Store } from '../sql-dialect.ts';
import { archiveError, ArchiveField } from './archive-field.ts';
import { SubjectRows } from './archived-subject.ts';
import { parseBase, parseFile, parseFilePart, parseProject, parseTemplate } from './parse-project.ts';
import { parseKey, parseSubject, parseUsage, subjectKey } from './parse-rows.ts';
import { FileWriter, writeBase, writeTemplate } from './write-bases.ts';
import { writeKey, writeUsage } from './write-project.ts';
import { writeSubject } from './write-subject.ts';

const OF_PROJECT = ['key', 'usage', 'template', 'base', 'file', 'file_part', 'subject', 'end'] as const;

/** The version of archives that is written; earlier ones are read, too. */
const NEWEST = 2;

/** Takes the rows of one archive in their order and writes each subject when its end has come. */
export class ArchiveWriter {
  private readonly store: Store;
  private readonly projectId: string;
  private line = 0;
  private stage: 'head' | 'project' | 'rows' | 'done' = 'head';
  private open: SubjectRows | null = null;
  private file: FileWriter | null = null;
  private subjects = 0;
  private added = 0;
  private known = 0;
  private readonly refused: SubjectKey[] = [];

  constructor(store: Store, projectId: string) {
    this.store = store;
    this.projectId = projectId;
  }

  async write(rows: AsyncIterable<unknown>): Promise<ArchiveReport> {
    for await (const row of rows) {
      this.line += 1;
      await this.take(new ArchiveField(this.line, '', wellFormed(row)));
    }
    if (this.stage !== 'done') throw archiveError(this.line + 1, 'the archive breaks off here');
    return { subjects: this.subjects, added: this.added, known: this.known, refused: this.refused };
  }

  private async take(row: ArchiveField): Promise<void> {
    if (this.stage === 'done') throw archiveError(this.line, 'nothing may come after the end');
    if (this.stage === 'head') return this.takeHead(row);
    if (this.stage === 'project') return this.takeProject(row);
    if (this.open !== null) return this.takeInSubject(this.open, row);
    const kind = row.member('row').oneOf(OF_PROJECT);
    if (kind === 'file_part') return this.takePart(row);
    await this.endFile();
    if (kind === 'template') this.count(await writeTemplate(this.store, this.projectId, { ...parseTemplate(row), line: this.line }));
    else if (kind === 'base') this.count(await writeBase(this.store, this.projectId, { ...parseBase(row), line: this.line }));
    else if (kind === 'file') await this.takeFile(row);
    else if (kind === 'key') this.count(await writeKey(this.store, this.projectId, this.line, parseKey(row)));
    else if (kind === 'usage') this.count(await writeUsage(this.store, this.projectId, parseUsage(row)));
    else if (kind === 'subject') this.open = new SubjectRows({ ...parseSubject(row), line: this.line });
    else this.takeEnd(row);
  }

  private takeHead(row: ArchiveField): void {
    const version = row.member('archive');
    if (version.whole(1) > NEWEST) throw version.error(`${NEWEST} at most: a later version has written this archive`);
    this.stage = 'project';
  }

  private async takeProject(row: ArchiveField): Promise<void> {
    row.member('row').oneOf(['project']);
    const projects = new SqlProjectRecords(this.store);
    const { createdAt, settings } = parseProject(row);
    const created = await projects.create(this.projectId, createdAt);
    if (created) await projects.saveSettings(this.projectId, settings);
    this.count(created ? { added: 1, known: 0 } : { added: 0, known: 1 });
    this.stage = 'rows';
  }

  private async takeFile(row: ArchiveField): Promise<void> {
    this.file = new FileWriter(this.store, this.projectId, { ...parseFile(row), line: this.line });
    await this.file.begin();
  }

  private async takePart(row: ArchiveField): Promise<void> {
    if (this.file === null) throw archiveError(this.line, 'no file comes before this part of one');
    await this.file.take(this.line, parseFilePart(row));
  }

  private async endFile(): Promise<void> {
    if (this.file !== null) this.count(await this.file.end());
    this.file = null;
  }

  private async takeInSubject(rows: SubjectRows, row: ArchiveField): Promise<void> {
    if (row.member('row').text() !== 'subject_end') return rows.add(this.line, row);
    const subject = row.member('subject');
    if (subjectKey(subject) !== rows.subject.subject) throw subject.error('the subject that is open');
    const size = row.member('rows');
    if (size.count() !== rows.size) throw size.error('how many rows came');
    this.open = null;
    const outcome = await writeSubject(this.store, this.projectId, rows);
    this.subjects += 1;
    if (outcome === 'refused') this.refused.push(rows.subject.subject);
    else this.count(outcome);
  }

  private takeEnd(row: ArchiveField): void {
    const subjects = row.member('subjects');
    if (subjects.count() !== this.subjects) throw subjects.error('how many subjects came');
    this.stage = 'done';
  }

  private count({ added, known }: { readonly added: number; readonly known: number }): void {
    this.added += added;
    this.known += known;
  }
}
