import { existsSync } from 'node:fs';
import type { Configuration } from '@continuo/platform';
import { indexFile, openClusterIndex } from '../infrastructure.ts';
import { isWhole } from './with-index.ts';
import { degraded, fine, type Finding, said, wrong } from './findings.ts';

/** The memory index: OpenSearch in a cluster, else a file. */
export function indexFinding(configuration: Configuration): Promise<Finding> | Finding {
  return configuration.stores.index === null ? indexInFile(indexFile(configuration)) : indexInCluster(configuration);
}

async function indexInCluster(configuration: Configuration): Promise<Finding> {
  const part = 'index';
  const opened = await openClusterIndex(configuration);
  if (opened === null) return degraded(part, 'none is configured');
  try {
    const { version, plugin } = await opened.ping();
    if (plugin === null)
      return wrong(part, `OpenSearch ${version} has no k-NN plugin`, 'install opensearch-knn: without it nothing is found by meaning');
    const documents = await opened.index.count(null).catch((error: unknown) => said(error));
    if (typeof documents === 'string')
      return degraded(part, `OpenSearch ${version}: ${documents}`, 'a running worker makes it within moments');
    return fine(part, `OpenSearch ${version}, k-NN ${plugin}: ${documents} documents`);
  } catch (error) {
    return wrong(part, said(error), 'check CONTINUO_INDEX_URL, and that OpenSearch runs');
  } finally {
    await opened.close();
  }
}

/** Read only: the file belongs to the server, which makes a damaged one anew when it starts. */
function indexInFile(file: string): Finding {
  const part = 'index';
  if (!existsSync(file)) return degraded(part, 'it is not there yet', 'npm start makes it from the records');
  return isWhole(file)
    ? fine(part, 'whole')
    : wrong(part, `${file} is damaged`, `stop the server, remove ${file} and start: it is made anew from the records`);
}
