/** In which dates without a zone are written; eight hours ahead of UTC. */
export const FILTER_ZONE = 'Asia/Shanghai';

/** Times as callers write them, and what they are in {@link FILTER_ZONE}. */
export const WRITTEN_TIMES: readonly (readonly [string | number, number])[] = [
  ['2026-03-01', Date.UTC(2026, 1, 28, 16)],
  ['2026-03-02', Date.UTC(2026, 2, 1, 16)],
  ['2026-03-01 08:00:00', Date.UTC(2026, 2, 1)],
  ['2026/3/1 8:00', Date.UTC(2026, 2, 1)],
  ['2026-03-01T00:00:00Z', Date.UTC(2026, 2, 1)],
  ['2026-03-01T09:30:00.250+02:00', Date.UTC(2026, 2, 1, 7, 30, 0, 250)],
  [Date.UTC(2026, 2, 1), Date.UTC(2026, 2, 1)],
  [String(Date.UTC(2026, 2, 1, 7)), Date.UTC(2026, 2, 1, 7)],
  [Date.UTC(2026, 2, 1) / 1_000, Date.UTC(2026, 2, 1)],
];

/** Case, length and characters that stores treat in ways of their own; none is blank. */
export const LABEL_TEXTS = [
  'red',
  'Red',
  'RED wine',
  'wine',
  'ein',
  'ÄRGER',
  'ärger',
  'ß',
  'SS',
  'İ',
  'i\u0307',
  'u\u0308',
  '%',
  '_',
  'a%b',
  '*',
  '?',
  'a*b',
  '\\',
  "it's",
  '"',
  '1',
  '12',
  '1.0',
  'true',
  'null',
  '中文',
  '中',
  '\u{1f600}',
  '\uffff',
  '，',
  '，\u{1f600}',
  '\u{1f600}，',
  '\ue000',
  '\ue000\u{10ffff}',
  '\u{10ffff}',
  '\u{1f600}\u{1f600}',
  '中\uffff',
  '中\u{20000}',
  '中\u{20000}，\u{1f600}',
  '\uffff'.repeat(100),
  `${'\uffff'.repeat(99)}\u{10000}`,
  '2026-03-01',
  ' padded ',
  'x'.repeat(256),
];

/** The same in values of `info`, which may be long or blank. */
export const INFO_TEXTS = [
  ...LABEL_TEXTS,
  '',
  ' ',
  'x'.repeat(8_001),
  `${'y'.repeat(9_000)}Needle${'z'.repeat(9_000)}`,
  `${'语'.repeat(9_000)}针`,
];

/** What a filter asks of them. */
export const ASKED_TEXTS = [...LABEL_TEXTS, 'x'.repeat(255), 'x'.repeat(8_000), 'x'.repeat(8_001), 'needle', 'Needle', '针', 'Z'];

export const LABEL_NUMBERS = [0, -1, 1, 12, 1.5, -0.25, 0.1, 1e21, 2 ** 53, 5e-324, Date.UTC(2026, 2, 1)];

/** Keys of `info` that a filter names as they are. */
export const BARE_KEYS = ['scene', 'price', 'paid', 'a.b', '键', '__proto__', 'constructor', 'user', 'public', 'Scene'];

/** Keys that mean something else unless they are written as `info.<key>`. */
export const LONG_KEYS = ['tags', 'uptime', 'related_id', 'user_id', 'create_time'];
