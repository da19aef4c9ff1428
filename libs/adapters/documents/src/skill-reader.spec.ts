import { createHash } from 'node:crypto';
import type { SkillReader } from '@continuo/ports';
import { entryOf, type RawEntry, rawZip, tenGigabytesOfZeros, zipOf } from '../test/archives.ts';
import { failureOf } from '../test/expect-failure.ts';
import type { Closable } from './document-reader.ts';
import { openSkillReader } from './skill-reader.ts';

const SKILL = `---
name: brew-tea
description: >
  Brews tea for guests
  of the office.
version: 2
---
# Brew tea

Boil water, then wait.

\`\`\`sh
# Examples
boil --water
\`\`\`

## Examples
- Green tea for Ana
- Black tea
  with milk

## Clean up
1. Rinse the pot.

## User preferences
Guests like it hot.

Nobody takes sugar.

### Of the boss
Lemon.
## 经验
* 水不要太烫
`;

describe('the skill reader', () => {
  let reader: Closable<SkillReader>;
  const read = (name: string, content: string | Uint8Array) => reader.read({ name, bytes: Buffer.from(content as string) }, {});
  const failure = (name: string, content: string | Uint8Array): Promise<string> => failureOf(read(name, content));
  const zipFailure = (...entries: RawEntry[]): Promise<string> => failure('skill.zip', rawZip([entryOf('SKILL.md', SKILL), ...entries]));

  beforeAll(() => {
    reader = openSkillReader();
  });
  afterAll(() => reader.close());

  it('reads a .md file with its front matter, its procedure and its lists', async () => {
    expect(await read('brew-tea.md', SKILL)).toEqual({
      name: 'brew-tea',
      description: 'Brews tea for guests of the office.',
      procedure: '# Brew tea\n\nBoil water, then wait.\n\n```sh\n# Examples\nboil --water\n```\n\n## Clean up\n1. Rinse the pot.',
      examples: ['Green tea for Ana', 'Black tea\n  with milk'],
      preference: ['Guests like it hot.', 'Nobody takes sugar.', '### Of the boss\nLemon.'],
      experience: ['水不要太烫'],
      scripts: {},
      others: {},
    });
  });

  it('reads a .zip with SKILL.md at its root or in its only folder', async () => {
    const companions = {
      'scripts/boil': 'boil()',
      'tools/cool.py': 'cool()',
      'notes/water.txt': 'Soft.',
      'pot.png': Buffer.from([0x89, 0, 1]),
    };
    const expected = {
      name: 'brew-tea',
      scripts: { 'scripts/boil': 'boil()', 'tools/cool.py': 'cool()' },
      others: { 'notes/water.txt': 'Soft.', 'pot.png': 3 },
    };
    expect(await read('tea.zip', await zipOf({ 'SKILL.md': SKILL, ...companions }))).toMatchObject(expected);
    const inFolder = Object.fromEntries(
      Object.entries({ 'SKILL.md': SKILL, ...companions }).map(([path, content]) => [`tea/${path}`, content]),
    );
    expect(await read('tea.zip', await zipOf({ ...inFolder, '__MACOSX/tea/._SKILL.md': 'x', '.DS_Store': 'x' }))).toMatchObject(expected);
  });

  it('keeps large texts by their size, and paths that are names of JavaScript', async () => {
    const large = 'word '.repeat(30_000);
    const { others, scripts } = await read(
      'tea.zip',
      rawZip([entryOf('SKILL.md', SKILL), entryOf('large.txt', large), entryOf('__proto__', 'a'), entryOf('constructor.py', 'b')]),
    );
    expect(others['large.txt']).toBe(large.length);
    expect(Object.getOwnPropertyDescriptor(others, '__proto__')?.value).toBe('a');
    expect(Object.entries(scripts)).toEqual([['constructor.py', 'b']]);
  });

  it('refuses a skill without name, description or front matter', async () => {
    expect(await failure('a.md', '# Only a title')).toMatch(/^file_invalid: A skill begins with YAML front matter/u);
    expect(await failure('a.md', '---\nname: a\n---\nText')).toBe('file_invalid: The front matter of the skill has no description.');
    expect(await failure('a.md', '---\ndescription: a\nname: "  "\n---\nText')).toBe(
      'file_invalid: The front matter of the skill has no name.',
    );
    expect(await failure('a.md', '---\nname: [\n---\n')).toBe('file_invalid: The front matter of the skill is no valid YAML.');
    expect(await failure('a.md', '---\n- name\n---\n')).toBe('file_invalid: The front matter of the skill has no members.');
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((key, index) => `${key}: &${key} [${`*${'abcdefgh'[index]},`.repeat(9)}]`),
    ].join('\n');
    expect(await failure('a.md', `---\n${bomb}\nname: a\ndescription: b\n---\n`)).toBe(
      'file_invalid: The front matter of the skill is no valid YAML.',
    );
  });

  it('refuses other files, and files under the wrong name', async () => {
    expect(await failure('skill.pdf', SKILL)).toBe('file_type_unsupported: A skill is a .md or a .zip file.');
    expect(await failure('skill.zip', SKILL)).toMatch(/^file_invalid: The skill is called \.zip and is no archive/u);
    expect(await failure('skill.md', await zipOf({ 'SKILL.md': SKILL }))).toBe('file_invalid: The skill is called .md and is an archive.');
    expect(await failure('skill.md', Buffer.from([0, 1, 2]))).toBe('file_invalid: The skill is no text.');
    const whole = await zipOf({ 'SKILL.md': SKILL, 'a.txt': 'text '.repeat(1_000) });
    expect(await failure('skill.zip', whole.subarray(0, whole.length / 2))).toBe('file_invalid: The archive is damaged or cut.');
  });

  it('refuses an archive without SKILL.md at its first level', async () => {
    const expected = 'file_invalid: The archive has no SKILL.md at its first level.';
    expect(await failure('a.zip', await zipOf({ 'readme.md': SKILL }))).toBe(expected);
    expect(await failure('a.zip', await zipOf({ 'a/b/SKILL.md': SKILL }))).toBe(expected);
    expect(await failure('a.zip', await zipOf({ 'a/SKILL.md': SKILL, 'b/other.txt': 'x' }))).toBe(expected);
  });

  it('refuses what is larger than the limits', async () => {
    expect(await failure('a.md', SKILL + 'x'.repeat(100 * 1024))).toBe('file_too_large: A skill as a .md file may have at most 100 KB.');
    expect(await failure('a.zip', Buffer.alloc(20 * 1024 * 1024 + 1, 'PK'))).toBe(
      'file_too_large: A skill archive may have at most 20 MB.',
    );
    expect(await zipFailure(...Array.from({ length: 200 }, (_, index) => entryOf(`${index}.txt`, 'x')))).toBe(
      'file_invalid: The archive has more than 200 files.',
    );
    expect(await zipFailure(entryOf('big.txt', '', { declaredSize: 10 * 1024 * 1024 + 1 }))).toBe(
      'file_invalid: The archive has a file of more than 10 MB.',
    );
  });

  it('refuses paths that lead out of the archive', async () => {
    for (const path of ['../evil.sh', 'a/../../evil.sh', '/etc/passwd', 'C:/evil.sh', '..\\evil.sh', 'a\\b.sh'])
      expect([path, await zipFailure(entryOf(path, 'x'))]).toEqual([
        path,
        expect.stringMatching(/^file_invalid: The archive has a path that may lead out of it/u),
      ]);
  });

  it('refuses links, devices, encrypted files and files that are there twice', async () => {
    expect(await zipFailure(entryOf('link', '/etc/passwd', { mode: 0o120777 }))).toMatch(
      /^file_invalid: The archive has a link or a device/u,
    );
    expect(await zipFailure(entryOf('device', '', { mode: 0o020666 }))).toMatch(/^file_invalid: The archive has a link or a device/u);
    expect(await zipFailure(entryOf('secret', 'x', { flags: 1 }))).toMatch(/^file_invalid: The archive is encrypted/u);
    expect(await zipFailure(entryOf('SKILL.md', 'x'))).toBe('file_invalid: The archive has a file twice.');
  });

  it('refuses bombs, whatever they declare', async () => {
    const { packed, size } = tenGigabytesOfZeros();
    expect(await zipFailure({ path: 'zeros', packed, declaredSize: size })).toBe(
      'file_invalid: The archive has a file of more than 10 MB.',
    );
    expect(await zipFailure({ path: 'zeros', packed, declaredSize: 1_000 })).toMatch(
      /^file_invalid: The archive unpacks to more than it says/u,
    );
    expect(await zipFailure(entryOf('zeros', '\0'.repeat(9 * 1024 * 1024)))).toMatch(
      /^file_invalid: The archive unpacks to far more than it holds/u,
    );
    // Packed to a twentieth, as honest text is, but twenty-four times nine megabytes of it.
    const text = Array.from(
      { length: 4_700 },
      (_, index) => createHash('sha512').update(`${index}`).digest('hex') + 'a'.repeat(1_900),
    ).join('');
    const one = entryOf('text', text);
    expect(await zipFailure(...Array.from({ length: 24 }, (_, index) => ({ ...one, path: `${index}` })))).toBe(
      'file_invalid: The archive unpacks to more than 200 MB.',
    );
  });

  it('does not open archives in the archive', async () => {
    const inner = rawZip([entryOf('../SKILL.md', SKILL)]);
    const { others } = await read('a.zip', await zipOf({ 'SKILL.md': SKILL, 'inner.zip': inner }));
    expect(others).toEqual({ 'inner.zip': inner.length });
  });
});
