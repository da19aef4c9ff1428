import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asked, continuo, type Settings } from './installation.ts';

const DIMENSION = 64;

/** Words in common lie close, nothing else does. */
function vectorOf(text: string): readonly number[] {
  const vector = Array.from({ length: DIMENSION }, () => 0.1);
  for (const word of text.toLowerCase().match(/\p{Script=Han}|[a-z0-9]+/gu) ?? []) {
    const place = [...word].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % DIMENSION, 7);
    vector[place] = (vector[place] ?? 0) + 1;
  }
  return vector;
}

describe('continuo calibrate', () => {
  let server: Server;
  let settings: Settings;
  const asking: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { input } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { input: string | string[] };
        const texts = typeof input === 'string' ? [input] : input;
        asking.push(...texts);
        const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ object: 'list', model: 'word-counts', data, usage: { prompt_tokens: 1, total_tokens: 1 } }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    settings = { CONTINUO_EMBEDDING_BASE_URL: `http://127.0.0.1:${port}/v1`, CONTINUO_EMBEDDING_MODEL: 'word-counts' };
  });
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

  it('measures the configured model and prints a setting that a server takes', async () => {
    const { setting, scales, byWords, withVectors } = await asked(['calibrate'], settings);
    expect(setting.model).toBe('word-counts');
    expect(asking.length).toBeGreaterThan(200);
    for (const scripts of ['words', 'runs', 'across']) {
      expect(setting[scripts].spread).toBeGreaterThan(0);
      expect(scales[scripts].curve).toHaveLength(10);
    }
    expect(withVectors.falseInjection).toBeLessThanOrEqual(byWords.falseInjection + 0.1);
    // Every command reads the whole configuration; one that had a mistake would say so.
    const { exitCode, complaints } = await continuo(['calibrate', '--json'], {
      ...settings,
      CONTINUO_EMBEDDING_CALIBRATION: JSON.stringify(setting),
    });
    expect([exitCode, complaints]).toEqual([0, '']);
  });

  it('prints the curve for people', async () => {
    const { output } = await continuo(['calibrate'], settings);
    expect(output).toMatch(/cosine from {2}pairs {2}belonging {2}curve/u);
    expect(output).toMatch(/CONTINUO_EMBEDDING_CALIBRATION='\{"model":"word-counts","words":\{"midpoint":/u);
  });

  it('says why when the model cannot be used', async () => {
    const { exitCode, complaints } = await continuo(['calibrate'], { CONTINUO_EMBEDDING_SOURCES: '' });
    expect(exitCode).toBe(1);
    expect(complaints).toContain('The embedding model cannot be used');
  });
});
