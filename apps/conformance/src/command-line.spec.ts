import { readCommandLine, UsageError } from './command-line.ts';

const NEEDED = ['--base-url', 'http://127.0.0.1:1/api/openmem/v1', '--api-key', 'k'];

describe('the command line', () => {
  it('needs a server and a key; the rest has defaults', () => {
    expect(readCommandLine(NEEDED)).toEqual({
      baseUrl: 'http://127.0.0.1:1/api/openmem/v1',
      apiKey: 'k',
      otherApiKey: null,
      only: null,
      isStrict: false,
      timeoutMs: 30_000,
      waitMs: 60_000,
      concurrency: 4,
      jsonFile: null,
      junitFile: null,
    });
  });

  it('takes every option', () => {
    const options = '--other-api-key o --only /chat,search.tags --strict --timeout-ms 5 --wait-ms 6 --concurrency 7 --json a --junit b';
    expect(readCommandLine([...NEEDED, ...options.split(' ')])).toMatchObject({
      otherApiKey: 'o',
      only: ['/chat', 'search.tags'],
      isStrict: true,
      timeoutMs: 5,
      waitMs: 6,
      concurrency: 7,
      jsonFile: 'a',
      junitFile: 'b',
    });
  });

  it('is null when help is asked for', () => expect(readCommandLine(['--help'])).toBeNull());

  it.each([
    ['no server', ['--api-key', 'k'], /--base-url/],
    ['no key', NEEDED.slice(0, 2), /--api-key/],
    ['an address that is none', ['--base-url', 'somewhere', '--api-key', 'k'], /somewhere/],
    ['an unknown option', [...NEEDED, '--colour'], /--colour/],
    ['a limit that is no number', [...NEEDED, '--timeout-ms', 'long'], /--timeout-ms/],
    ['no rule at once', [...NEEDED, '--concurrency', '0'], /--concurrency/],
  ])('says what is wrong with %s', (_what, args, says) => {
    expect(() => readCommandLine(args)).toThrow(UsageError);
    expect(() => readCommandLine(args)).toThrow(says);
  });
});
