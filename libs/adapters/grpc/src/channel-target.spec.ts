import { readTarget } from './channel-target.ts';

describe('the address of a service', () => {
  it.each([
    ['recall:50051', 'dns:///recall:50051', null],
    ['localhost:50051', 'dns:///localhost:50051', null],
    ['dns:///recall-headless:50051', 'dns:///recall-headless:50051', null],
    ['127.0.0.1:1', 'ipv4:127.0.0.1:1', '127.0.0.1:1'],
    ['[::1]:1', 'ipv6:[::1]:1', '[::1]:1'],
    ['127.0.0.1:1, 127.0.0.2:2', 'ipv4:127.0.0.1:1,127.0.0.2:2', '127.0.0.1:1'],
    ['localhost:1,localhost:2', 'ipv4:127.0.0.1:1,127.0.0.1:2', 'localhost:1'],
  ])('%s is %s', async (target, address, authority) => {
    expect(await readTarget(target)).toEqual({ address, authority });
  });

  it.each(['', 'recall', 'recall:', 'a:1,b', '127.0.0.1:1,[::1]:2'])('%j is none', async (target) => {
    await expect(readTarget(target)).rejects.toThrow(/address/u);
  });
});
