import { parseChatTime, parseWrittenTime } from './chat-time.ts';

const NOW = Date.UTC(2026, 10, 21, 4, 30); // Saturday, 12:30 in Shanghai

describe('parseWrittenTime', () => {
  it.each([
    ['2026-11-20', '2026-11-19T16:00:00.000Z'],
    ['2026-11-20 09:00:00', '2026-11-20T01:00:00.000Z'],
    ['2026-11-20 09:00', '2026-11-20T01:00:00.000Z'],
    ['2026-11-20 09:00:00.123', '2026-11-20T01:00:00.123Z'],
    ['2026/11/20 9:05', '2026-11-20T01:05:00.000Z'],
    ['2026-11-20T09:00:00Z', '2026-11-20T09:00:00.000Z'],
    ['2026-11-20T09:00:00.5+05:30', '2026-11-20T03:30:00.500Z'],
    ['2026-11-20T09:00:00-0800', '2026-11-20T17:00:00.000Z'],
    ['2026-11-20T24:00:00', '2026-11-20T16:00:00.000Z'],
    ['1795000000', '2026-11-18T11:06:40.000Z'],
    ['1795000000123', '2026-11-18T11:06:40.123Z'],
    [1_795_000_000, '2026-11-18T11:06:40.000Z'],
    [1_795_000_000_123, '2026-11-18T11:06:40.123Z'],
    [1_795_000_000.25, '2026-11-18T11:06:40.250Z'],
  ])('reads %j', (written, expected) => {
    const time = parseWrittenTime(written, 'Asia/Shanghai');

    expect(time === null ? null : new Date(time).toISOString()).toBe(expected);
  });

  it.each([
    '2026-13-01',
    '2026-02-30',
    '2026-11-20 25:00',
    '2026-11-20 10:61',
    '99999999999999',
    'tomorrow',
    '',
    -5,
    Number.NaN,
    1e17,
    '2026-11-20 x',
  ])('does not read %j', (written) => {
    expect(parseWrittenTime(written, 'UTC')).toBeNull();
  });

  it('knows when a zone changes its clocks', () => {
    expect(parseWrittenTime('2026-07-01 12:00', 'Europe/Paris')).toBe(Date.UTC(2026, 6, 1, 10));
    expect(parseWrittenTime('2026-12-01 12:00', 'Europe/Paris')).toBe(Date.UTC(2026, 11, 1, 11));
  });
});

describe('parseChatTime', () => {
  it.each([
    ['yesterday', '2026-11-19T16:00:00.000Z'],
    ['yesterday at 3pm', '2026-11-20T07:00:00.000Z'],
    ['昨天下午三点', '2026-11-20T07:00:00.000Z'],
    ['now', '2026-11-21T04:30:00.000Z'],
    ['2026-11-20 09:00:00', '2026-11-20T01:00:00.000Z'],
  ])('reads %j', (written, expected) => {
    const time = parseChatTime(written, NOW, 'Asia/Shanghai');

    expect(time === null ? null : new Date(time).toISOString()).toBe(expected);
  });

  it.each(['banana', '2026-13-01', '2026', '0', '', 0])('does not read %j', (written) => {
    expect(parseChatTime(written, NOW, 'Asia/Shanghai')).toBeNull();
  });
});
