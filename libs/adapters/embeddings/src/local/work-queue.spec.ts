import { WorkQueue } from './work-queue.ts';

describe('the work queue of the embedding thread', () => {
  it('takes queries before passages, and each in the order they came', () => {
    const queue = new WorkQueue();
    queue.add({ id: 1, role: 'passage', texts: ['a', 'b'] });
    queue.add({ id: 2, role: 'passage', texts: ['c'] });
    expect(queue.next()?.id).toBe(1);
    queue.add({ id: 3, role: 'query', texts: ['d'] });
    queue.add({ id: 4, role: 'query', texts: ['e'] });
    const order = [];
    for (let request = queue.next(); request !== undefined; request = queue.next()) {
      order.push(request.id);
      queue.remove(request.id);
    }
    expect(order).toEqual([3, 4, 1, 2]);
  });

  it('keeps what an interrupted request has reached', () => {
    const queue = new WorkQueue();
    queue.add({ id: 1, role: 'passage', texts: ['a', 'b'] });
    queue.next()?.vectors.push(new Float32Array(1));
    queue.add({ id: 2, role: 'query', texts: ['c'] });
    queue.remove(2);
    expect(queue.next()?.vectors).toHaveLength(1);
  });

  it('forgets what was given up, and does not mind unknown requests', () => {
    const queue = new WorkQueue();
    queue.add({ id: 1, role: 'query', texts: ['a'] });
    queue.remove(1);
    queue.remove(7);
    expect(queue.next()).toBeUndefined();
  });
});
