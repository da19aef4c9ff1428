import { writeFileSync } from 'node:fs';
import { documentConfiguration } from './document-configuration.ts';

/** Writes the page anew; run by `npm run docs:configuration` after a build. */
writeFileSync(new URL('../../../../docs/configuration.md', import.meta.url), documentConfiguration());
