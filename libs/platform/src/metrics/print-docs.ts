import { readFileSync, writeFileSync } from 'node:fs';
import { withMetricsTable } from './document-metrics.ts';

/** Writes the table of docs/operations.md anew: `node tools/run.mjs libs/platform/dist/metrics/print-docs.js`. */
const page = new URL('../../../../docs/operations.md', import.meta.url);
writeFileSync(page, withMetricsTable(readFileSync(page, 'utf8')));
