import { openGenerationClient, openRecallClient } from '@continuo/grpc';
import { type Configuration, readTlsFiles } from '@continuo/platform';
import { degraded, fine, type Finding, said, wrong } from './findings.ts';

/** Recall and generation of a cluster, asked over the way their callers take. */
export async function serviceFindings({ services }: Configuration): Promise<readonly Finding[]> {
  const { token, recallTarget, generationTarget } = services;
  if (token === null) {
    const part = 'services';
    return [degraded(part, 'they were not asked', 'set CONTINUO_SERVICE_TOKEN here, too: without it recall and generation answer nobody')];
  }
  try {
    const tls = readTlsFiles(services.tls).client;
    return await Promise.all([
      serving('recall', 'CONTINUO_RECALL_URL', recallTarget, () => openRecallClient({ target: recallTarget, token, tls })),
      serving('generation', 'CONTINUO_GENERATION_URL', generationTarget, () =>
        openGenerationClient({ target: generationTarget, token, tls }),
      ),
    ]);
  } catch (error) {
    return [wrong('services', said(error), 'correct the settings of CONTINUO_SERVICE_TLS_*')];
  }
}

interface ServiceClient {
  isServing(): Promise<boolean>;
  close(): Promise<void>;
}

async function serving(part: string, setting: string, target: string, open: () => Promise<ServiceClient>): Promise<Finding> {
  const remedy = `start it, or correct ${setting}, CONTINUO_SERVICE_TOKEN and CONTINUO_SERVICE_TLS_AUTHORITY`;
  try {
    const client = await open();
    try {
      return (await client.isServing()) ? fine(part, `serves at ${target}`) : wrong(part, `does not serve at ${target}`, remedy);
    } finally {
      await client.close();
    }
  } catch (error) {
    return wrong(part, `${target}: ${said(error)}`, remedy);
  }
}
