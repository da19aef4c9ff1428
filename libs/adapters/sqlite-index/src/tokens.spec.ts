import { DatabaseSync } from 'node:sqlite';
import type { Scope } from '@continuo/domain';
import { SCHEMA } from './schema.ts';
import { fieldOf, matchAny, scopeMark, tokenOf } from './tokens.ts';

const ana: Scope = { projectId: 'p', subject: 'user:ana' };
const mark = scopeMark(ana);

/** What our words table itself makes of a field. */
function tokensInFts5(field: string): readonly string[] {
  const database = new DatabaseSync(':memory:');
  database.exec(SCHEMA);
  database.exec('create virtual table seen using fts5vocab(words, instance)');
  database.prepare('insert into words (rowid, text) values (1, ?)').run(field);
  const rows = database.prepare('select term from seen order by "offset"').all();
  database.close();
  return rows.map((row) => String(row.term));
}

describe('scopeMark', () => {
  it('differs between scopes that look alike', () => {
    const scopes: readonly Scope[] = [
      ana,
      { projectId: 'p', subject: 'agent:ana' },
      { projectId: 'p', subject: 'user:an' },
      { projectId: 'pu', subject: 'user:ana' },
      { projectId: 'p', subject: 'user:a\nna' },
    ];
    expect(new Set(scopes.map(scopeMark)).size).toBe(scopes.length);
    for (const scope of scopes) expect(scopeMark(scope)).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('tokenOf', () => {
  const awkward = [
    "don't",
    '3.14',
    'e-mail',
    'C++',
    '🎉',
    '广州',
    'サッカー',
    '"',
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udc00',
    'Ünïcödé',
    '*',
    'AND',
    'ﬁ',
    '𠮷',
    'a b',
    '\u0301',
    'x'.repeat(5_000),
  ];

  it('is one token to FTS5, unchanged, whatever the term', () => {
    for (const term of awkward) expect(tokensInFts5(fieldOf(mark, [term]))).toEqual([tokenOf(mark, term)]);
  });

  it('keeps the terms of a field apart and in order', () => {
    const terms = ['green', '广州', 'c++', 'green'];
    expect(tokensInFts5(fieldOf(mark, terms))).toEqual(terms.map((term) => tokenOf(mark, term)));
  });

  it('differs for different terms, also for those that are written otherwise', () => {
    const terms = [...awkward, 'x'.repeat(5_001), 'C', 'c', Buffer.from('C++', 'utf16le').toString('hex')];
    expect(new Set(terms.map((term) => tokenOf(mark, term))).size).toBe(terms.length);
  });

  it('is never longer than what FTS5 keeps whole', () => {
    for (const term of ['字'.repeat(64), '"'.repeat(64), 'x'.repeat(100_000)])
      expect(Buffer.byteLength(tokenOf(mark, term))).toBeLessThan(300);
  });
});

describe('matchAny', () => {
  it('is null without terms', () => {
    expect(matchAny(mark, [], [])).toBeNull();
    expect(matchAny(mark, [''], [''])).toBeNull();
  });

  it('names each token once, the first 64 terms and 32 topics', () => {
    expect(matchAny('m', ['tea', 'tea'], ['drink'])).toBe('"mqtea" OR "mqdrink"');
    const many = Array.from({ length: 100 }, (_, place) => `t${place}`);
    const topics = many.map((term) => `topic${term}`);
    expect(matchAny('m', many, topics)?.split(' OR ').length).toBe(96);
  });
});
