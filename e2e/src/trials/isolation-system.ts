import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptedModel } from '@continuo/testing';
import { System } from '../system.ts';

/** Runs a system with two replicas of each service that is called, whose model counts what it is asked; rules do the mining. */
export async function withIsolationSystem<Result>(work: (system: System, model: ScriptedModel) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-isolation-'));
  const model = await ScriptedModel.start();
  try {
    const file = join(folder, 'models.json');
    const models = [{ name: 'scripted-model', base_url: model.baseUrl }];
    await writeFile(file, JSON.stringify({ models, roles: { extract: null, reconcile: null } }));
    const system = await System.start({
      environment: { CONTINUO_MODELS_FILE: file, CONTINUO_CLUSTER_REPLICAS: 'gateway=1,recall=2,generation=2,worker=1' },
    });
    try {
      return await work(system, model);
    } finally {
      await system.close();
    }
  } finally {
    await model.close();
    await rm(folder, { recursive: true, force: true });
  }
}
