import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { EmbeddingRole } from './built-parts.ts';

/** Vectors on disk by model, role and text. The texts themselves are not kept. */
export class VectorCache {
  private readonly database: DatabaseSync;
  private readonly model: string;
  private readonly reading: StatementSync;
  private readonly writing: StatementSync;

  constructor(file: string, model: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.model = model;
    this.database = new DatabaseSync(file);
    this.database.exec('pragma journal_mode = wal; pragma synchronous = off; pragma busy_timeout = 10000');
    this.database.exec('create table if not exists vectors (key blob primary key, vector blob not null) without rowid');
    this.reading = this.database.prepare('select vector from vectors where key = ?');
    this.writing = this.database.prepare('insert or replace into vectors values (?, ?)');
  }

  get(text: string, role: EmbeddingRole): Float32Array | null {
    const row = this.reading.get(this.keyOf(text, role)) as { readonly vector: Uint8Array } | undefined;
    // A copy: the driver's bytes need not begin where a float may.
    return row === undefined ? null : new Float32Array(Uint8Array.from(row.vector).buffer);
  }

  set(text: string, role: EmbeddingRole, vector: Float32Array): void {
    this.writing.run(this.keyOf(text, role), new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  }

  close(): void {
    this.database.close();
  }

  private keyOf(text: string, role: EmbeddingRole): Uint8Array {
    return createHash('sha256').update(`${this.model}\n${role}\n${text}`).digest();
  }
}
