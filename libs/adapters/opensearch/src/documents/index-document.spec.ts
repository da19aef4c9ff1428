import { decodeBody } from './index-document.ts';

it('reads the labels that an earlier version kept, which knew nobody that a memory is related to', () => {
  const labels = { tags: ['a'], info: {}, appId: null, agentId: null };
  const encoded = (kept: object): string => Buffer.from(JSON.stringify({ document: { labels: kept }, vector: null })).toString('base64');
  expect(decodeBody(encoded(labels)).document.labels).toEqual({ ...labels, relatedIds: [] });
  expect(decodeBody(encoded({ ...labels, relatedIds: ['ana'] })).document.labels.relatedIds).toEqual(['ana']);
});
