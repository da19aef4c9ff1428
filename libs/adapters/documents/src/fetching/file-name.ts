import { endingOf, formatOfEnding, formatOfType } from '../parsing/format-of.ts';

const LONGEST_NAME = 255;
const ENCODED = /filename\*\s*=\s*utf-8''([^;\s]{1,1000})/iu;
const QUOTED = /filename\s*=\s*"([^"]{1,1000})"/iu;
const PLAIN = /filename\s*=\s*([^;"\s]{1,1000})/iu;
const ENDINGS_OF_SKILLS = new Set(['zip']);

/**
 * What a fetched file is called: as the server names it, else as the address ends; never with a folder. A name with no ending of ours
 * gets that of the declared type, as in `export.php?as=pdf`.
 */
export function fileNameOf(url: URL, disposition: string | undefined, declaredType: string | null): string {
  const name = tidy(nameIn(disposition ?? '') ?? decoded(url.pathname.split('/').at(-1) ?? ''));
  const ending = endingOf(name);
  const format = formatOfType(declaredType);
  if (format === null || formatOfEnding(ending) !== null || ENDINGS_OF_SKILLS.has(ending)) return name;
  return `${name === '' ? 'file' : name}.${format}`;
}

function nameIn(disposition: string): string | null {
  const encoded = ENCODED.exec(disposition)?.[1];
  if (encoded !== undefined) return decoded(encoded);
  const name = QUOTED.exec(disposition)?.[1] ?? PLAIN.exec(disposition)?.[1];
  // Headers come as Latin-1, and servers write UTF-8 into them.
  return name === undefined ? null : Buffer.from(name, 'latin1').toString('utf8');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const tidy = (name: string): string =>
  name
    .replaceAll(/[\u0000-\u001f\u007f]/gu, '')
    .split(/[/\\]/u)
    .at(-1)
    ?.trim()
    .toWellFormed()
    .slice(-LONGEST_NAME) ?? '';
