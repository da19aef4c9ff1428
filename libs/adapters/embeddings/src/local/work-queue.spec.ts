import type { EmbedRequest } from './thread-protocol.ts';
import { WorkQueue } from './work-queue.ts';

const query = (id: number): EmbedRequest => ({ id, role: 'query', urgency: 'query', texts: ['a question'] });
const passages = (id: number, urgency: EmbedRequest['urgency'] = 'background'): EmbedRequest => ({
  id,
  role: 'passage',
  urgency,
  texts: ['one', 'two'],
});

describe('the work queue of the embedding thread', () => {
  it('takes queries first, then passages that somebody waits for, and each in the order they came', () => {
    const queue = new WorkQueue();
    queue.add(passages(1));
    queue.add(passages(2));
    expect(queue.next()?.id).toBe(1);
    queue.add(passages(5, 'awaited'));
    queue.add(query(3));
    queue.add(query(4));
    const order = [];
    for (let request = queue.next(); request !== undefined; request = queue.next()) {
      order.push(request.id);
      queue.remove(request.id);
    }
    expect(order).toEqual([3, 4, 5, 1, 2]);
  });

  it('keeps what an interrupted request has reached', () => {
    const queue = new WorkQueue();
    queue.add(passages(1));
    queue.next()?.vectors.push(new Float32Array(1));
    queue.add(query(2));
    queue.remove(2);
    expect(queue.next()?.vectors).toHaveLength(1);
  });

  it('forgets what was given up, and does not mind unknown requests', () => {
    const queue = new WorkQueue();
    queue.add(query(1));
    queue.remove(1);
    queue.remove(7);
    expect(queue.next()).toBeUndefined();
  });
});
