import { documentConfiguration } from './document-configuration.ts';

process.stdout.write(documentConfiguration());
