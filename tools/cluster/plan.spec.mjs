import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planOf, replicasOf } from './plan.mjs';

describe('replicasOf', () => {
  it('changes what is named and keeps the rest', () => {
    expect(replicasOf()).toEqual({ gateway: 1, recall: 2, generation: 2, worker: 2 });
    expect(replicasOf('worker=5, gateway=2')).toEqual({ gateway: 2, recall: 2, generation: 2, worker: 5 });
  });

  it.each(['worker', 'worker=0', 'worker=65', 'worker=two', 'workers=2', 'worker=2=3', 'toString=1'])('refuses "%s"', (text) => {
    expect(() => replicasOf(text)).toThrow(`CONTINUO_CLUSTER_REPLICAS has "${text}"`);
  });
});

describe('planOf', () => {
  let dataFolder;
  beforeEach(() => (dataFolder = mkdtempSync(join(tmpdir(), 'continuo-plan-'))));
  afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));

  const stores = {
    CONTINUO_RECORDS_URL: 'postgres://u:p@127.0.0.1:1/d',
    CONTINUO_INDEX_URL: 'http://127.0.0.1:2',
    CONTINUO_BROKER_URL: 'redis://127.0.0.1:3',
  };
  const plan = (values) => {
    const all = { ...stores, PORT: '0', ...values };
    return planOf({ root: '/clone', own: { ...all }, valueOf: (name) => all[name], dataFolder }, 'node', () => {});
  };
  const environments = ({ services }, name) =>
    services.find((service) => service.name === name).replicas.map(({ environment }) => environment);

  it('gives every process ports of its own and tells callers all addresses', async () => {
    const made = await plan({});
    const called = ['recall', 'generation'].flatMap((name) => environments(made, name));
    const watched = [...called, ...environments(made, 'worker')];
    const ports = [...called.map((one) => one.CONTINUO_SERVICE_PORT), ...watched.map((one) => one.CONTINUO_OPERATIONS_PORT)];
    expect(new Set(ports).size).toBe(10);
    const [gateway] = environments(made, 'gateway');
    expect(gateway.CONTINUO_RECALL_URL).toBe(
      environments(made, 'recall')
        .map((one) => `127.0.0.1:${one.CONTINUO_SERVICE_PORT}`)
        .join(','),
    );
    expect(gateway).toMatchObject(stores);
    expect(made.services.find(({ name }) => name === 'gateway').sharedPort).toBe(Number(gateway.PORT));
    expect(made.startMessage([])).toContain(`http://127.0.0.1:${gateway.PORT}/api/openmem/v1`);
  });

  it('shows the command lines by service', async () => {
    const { services } = await plan({});
    for (const { name, replicas } of services) expect(replicas[0].command.args.at(-1)).toBe(`/clone/apps/${name}/dist/main.js`);
  });

  it('publishes the gateway alone, and gives it alone the key', async () => {
    const made = await plan({ HOST: '0.0.0.0' });
    expect(environments(made, 'gateway')[0].HOST).toBe('0.0.0.0');
    for (const name of ['recall', 'generation', 'worker']) {
      expect(environments(made, name).map((one) => [one.HOST, one.CONTINUO_API_KEY])).toEqual([
        ['127.0.0.1', undefined],
        ['127.0.0.1', undefined],
      ]);
    }
  });

  it('makes key and token once, for the owner alone, unless they are set', async () => {
    const [first, second] = [await plan({}), await plan({})];
    const secrets = (made) => environments(made, 'gateway').map((one) => [one.CONTINUO_API_KEY, one.CONTINUO_SERVICE_TOKEN]);
    expect(secrets(first)).toEqual(secrets(second));
    expect(secrets(first)[0][0]).toBe(readFileSync(join(dataFolder, 'api-key'), 'utf8').trim());
    expect(statSync(join(dataFolder, 'service-token')).mode & 0o777).toBe(0o600);
    expect(secrets(await plan({ CONTINUO_API_KEY: 'k', CONTINUO_SERVICE_TOKEN: 't' }))).toEqual([['k', 't']]);
  });

  it('says that the port is taken, and that a port makes no sense', async () => {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address();
    await expect(plan({ PORT: String(port) })).rejects.toThrow(`Port ${port} is taken by another program.`);
    server.close();
    await expect(plan({ PORT: 'eighty' })).rejects.toThrow('PORT is "eighty"');
  });
});
