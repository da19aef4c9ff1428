import { readFileSync } from 'node:fs';
import type { Configuration } from './configuration.ts';
import { ConfigurationError } from './load-configuration.ts';

/** PEM texts of one service. */
export interface TlsTexts {
  /** For answering calls; null: in the clear. With an authority, only callers it signed are let in. */
  readonly server: { readonly certificate: string; readonly key: string; readonly authority: string | null } | null;
  /** For calling others; null: in the clear. A certificate and its key show who calls. */
  readonly client: { readonly authority: string; readonly certificate: string | null; readonly key: string | null } | null;
}

/** @throws ConfigurationError naming each file that cannot be read. */
export function readTlsFiles(files: Configuration['services']['tls']): TlsTexts {
  const mistakes: string[] = [];
  const read = (setting: string, file: string | null): string | null => {
    if (file === null) return null;
    try {
      return readFileSync(file, 'utf8');
    } catch {
      mistakes.push(`${setting} is "${file}"; expected a file that can be read.`);
      return null;
    }
  };
  const certificate = read('CONTINUO_SERVICE_TLS_CERTIFICATE', files.certificate);
  const key = read('CONTINUO_SERVICE_TLS_KEY', files.key);
  const authority = read('CONTINUO_SERVICE_TLS_AUTHORITY', files.authority);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return {
    server: certificate === null || key === null ? null : { certificate, key, authority },
    client: authority === null ? null : { authority, certificate, key },
  };
}
