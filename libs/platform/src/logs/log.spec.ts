import { AppError } from '@continuo/contracts';
import { createLog, errorFields } from './log.ts';

function written(format: 'json' | 'text', level: 'debug' | 'warn' = 'debug') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, format, write: (line) => lines.push(line) }) };
}

describe('createLog', () => {
  it('writes one JSON event a line', () => {
    const { lines, log } = written('json');
    log.info('request_done', { projectId: 'default', durationMs: 12 });

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.any(String),
      event: 'request_done',
      projectId: 'default',
      durationMs: 12,
    });
  });

  it('writes a line for people on a terminal', () => {
    const { lines, log } = written('text');
    log.warn('index_late', { durationMs: 12, arms: ['words'] });

    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d ▲ index late durationMs=12 arms=\["words"\]\n$/u);
  });

  it('says nothing below its level', () => {
    const { lines, log } = written('json', 'warn');
    log.debug('request_done');
    log.info('request_done');
    log.error('it_broke');

    expect(lines).toHaveLength(1);
  });

  it('blanks what must never be logged', () => {
    const { lines, log } = written('json');
    log.info('mistake', { apiKey: 'mpg-secret', text: 'what a user said', query: 'q', prompt: 'p' });

    expect(lines[0]).not.toMatch(/secret|said/u);
  });
});

describe('errorFields', () => {
  it('keeps the message of our own errors', () => {
    expect(errorFields(new AppError('index_unavailable', 'the index is closed'))).toMatchObject({
      code: 'index_unavailable',
      message: 'the index is closed',
    });
  });

  it('keeps the message of errors of the operating system', () => {
    expect(errorFields(Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' }))).toMatchObject({
      message: 'listen EADDRINUSE',
    });
  });

  it('drops any other message, and keeps where it was thrown', () => {
    const fields = errorFields(new SyntaxError('Unexpected token in "a secret of a user"'));

    expect(JSON.stringify(fields)).not.toContain('secret');
    expect(fields['error']).toBe('SyntaxError');
    expect(fields['frames']).not.toEqual([]);
  });

  it('takes what is no error', () => {
    expect(errorFields('a string')).toEqual({ error: 'string' });
    expect(errorFields(null)).toEqual({ error: 'object' });
  });
});
