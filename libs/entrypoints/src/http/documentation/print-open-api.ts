import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { openApiOfEmptyServer } from './empty-server.ts';

/** Writes the document anew; run by `npm run docs:openapi` after a build. */
writeFileSync(new URL('../../../../../docs/openapi.json', import.meta.url), await openApiOfEmptyServer());
