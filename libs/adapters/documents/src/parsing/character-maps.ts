import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

/**
 * Where the maps lie that tell which characters the codes of Chinese, Japanese and Korean fonts stand for; PDFs that do not bring their
 * own are without text otherwise. Null: they are not installed.
 */
export function characterMapFolder(): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'cmaps') + sep;
  } catch {
    return null;
  }
}
