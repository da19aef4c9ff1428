import { rolePrefixesOf } from './role-prefixes.ts';

describe('role prefixes', () => {
  it.each(['intfloat/multilingual-e5-small', 'e5-base-v2', 'hub/E5_large', 'jeffh/intfloat-multilingual-e5-large:f16'])(
    'follow the e5 family for %s',
    (name) => {
      expect(rolePrefixesOf(name)).toEqual({ query: 'query: ', passage: 'passage: ' });
    },
  );

  it.each(['text-embedding-3-small', 'bge-m3', 'base5', 'mxe5x'])('are empty for %s', (name) => {
    expect(rolePrefixesOf(name)).toEqual({ query: '', passage: '' });
  });

  it('follow other families', () => {
    expect(rolePrefixesOf('nomic-embed-text:v1.5').passage).toBe('search_document: ');
    expect(rolePrefixesOf('BAAI/bge-small-en-v1.5').query).toMatch(/^Represent this sentence/u);
    expect(rolePrefixesOf('multilingual-e5-large-instruct')).toMatchObject({ query: expect.stringMatching(/^Instruct: /u), passage: '' });
  });
});
