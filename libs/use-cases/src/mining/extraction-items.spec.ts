import type { Message } from '@continuo/domain';
import { readExtractionItems } from './extraction-items.ts';

const message: Message = {
  id: 'x1',
  role: 'user',
  content: '我住在里昂，老家在巴黎。I work at 里昂 Foods.',
  parts: null,
  chatTime: 0,
  roleName: null,
  scope: { projectId: 'default', subject: 'user:ana' },
  conversationId: 'c1',
  sequence: 1,
  state: 'pending',
  partial: false,
  labels: { tags: [], info: {}, appId: null, agentId: null },
  taskId: 't1',
  createdAt: 0,
};

const valueOf = (topicKey: string, topicValue: string): string | null | undefined =>
  readExtractionItems([{ text: '我住在里昂', quote: '我住在里昂', message_ids: ['m1'], topic_key: topicKey, topic_value: topicValue }], {
    messages: [message],
    context: [],
    modelName: 'scripted',
  })[0]?.topicValue;

describe('the value that a model gives a slot', () => {
  it.each([
    ['home.city', '里昂', 'lyon'],
    ['home.city', 'Lyon, France', 'lyon'],
    ['family.mother.home.city', '北京市', 'beijing'],
    ['origin', '巴黎', 'paris'],
    ['work.employer', '里昂', '里昂'],
    ['work.employer', 'Acme, Inc', 'acme, inc'],
    ['home.city', '', null],
  ])('meets the one the rules give: %s %s', (topicKey, topicValue, expected) => {
    expect(valueOf(topicKey, topicValue)).toBe(expected);
  });
});
