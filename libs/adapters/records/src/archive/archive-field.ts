import { AppError } from '@continuo/contracts';

/** One member of a row, read with care: an archive may come from anywhere. Errors name line and field, never a value. */
export class ArchiveField {
  private readonly line: number;
  private readonly path: string;
  private readonly value: unknown;

  constructor(line: number, path: string, value: unknown) {
    this.line = line;
    this.path = path;
    this.value = value;
  }

  member(name: string): ArchiveField {
    if (!isObject(this.value)) throw this.error('an object');
    const value = Object.hasOwn(this.value, name) ? this.value[name] : undefined;
    return new ArchiveField(this.line, this.path === '' ? name : `${this.path}.${name}`, value);
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.error('a text');
    return this.value;
  }

  /** A text that something is known by: at least one character and not beyond all bounds. */
  id(): string {
    const text = this.text();
    if (text === '' || text.length > 512) throw this.error('a text of 1 to 512 characters');
    return text;
  }

  oneOf<const Value extends string>(values: readonly Value[]): Value {
    const value = values.find((candidate) => candidate === this.value);
    if (value === undefined) throw this.error(`one of ${values.join(', ')}`);
    return value;
  }

  /** A whole number in which nothing is lost. */
  whole(least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER): number {
    if (typeof this.value !== 'number' || !Number.isSafeInteger(this.value) || this.value < least || this.value > most) {
      throw this.error(least < 0 ? 'a whole number' : `a whole number of at least ${least}`);
    }
    return this.value;
  }

  /** How many, or which: whole, not negative, and small enough for a column of 32 bits. */
  count(least = 0): number {
    return this.whole(least, 2_147_483_647);
  }

  fraction(): number {
    if (typeof this.value !== 'number' || !Number.isFinite(this.value)) throw this.error('a number');
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') throw this.error('true or false');
    return this.value;
  }

  texts(): readonly string[] {
    return this.list((item) => item.text());
  }

  list<Item>(read: (item: ArchiveField) => Item): readonly Item[] {
    if (!Array.isArray(this.value)) throw this.error('a list');
    return this.value.map((item: unknown, index) => read(new ArchiveField(this.line, `${this.path}[${index}]`, item)));
  }

  object(): Readonly<Record<string, unknown>> {
    if (!isObject(this.value)) throw this.error('an object');
    return this.value;
  }

  /** Any JSON, which has to be there. */
  json(): unknown {
    if (this.value === undefined) throw this.error('there');
    return this.value;
  }

  orNull<Value>(read: (field: ArchiveField) => Value): Value | null {
    return this.value === null ? null : read(this);
  }

  /** What an archive of an earlier version does not have is this. */
  orElse<Value>(absent: Value, read: (field: ArchiveField) => Value): Value {
    return this.value === undefined ? absent : read(this);
  }

  error(expected: string): AppError {
    return archiveError(this.line, this.path === '' ? `must be ${expected}` : `${this.path} must be ${expected}`);
  }
}

export const archiveError = (line: number, problem: string): AppError => new AppError('invalid_request', `line ${line}: ${problem}`);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
