const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = `(?<month>${MONTHS.join('|')})[a-z]*\\.?`;
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?';
const YEAR = '(?<year>(?:19|20)\\d\\d)';

/** Most exact first: what one has read, the next do not see. */
const PATTERNS: readonly RegExp[] = [
  new RegExp(`${YEAR}-(?<month>\\d\\d)(?:-(?<day>\\d\\d))?`, 'gu'),
  new RegExp(`${YEAR}\\s*年\\s*(?<month>\\d{1,2})\\s*月(?:\\s*(?<day>\\d{1,2})\\s*[日号號])?`, 'gu'),
  new RegExp(`\\b${DAY}(?: of)? ${MONTH},? ${YEAR}`, 'giu'),
  new RegExp(`\\b${MONTH} ${DAY},? ${YEAR}`, 'giu'),
  new RegExp(`\\b${MONTH},? ${YEAR}`, 'giu'),
  new RegExp(`(?<!\\d)${YEAR}(?!\\d)`, 'gu'),
];

const twoDigits = (written: string): string => written.padStart(2, '0');

function monthOf(written: string): string {
  const named = MONTHS.indexOf(written.slice(0, 3).toLowerCase());
  return twoDigits(named < 0 ? written : String(named + 1));
}

/** Every date in a text that names its year, as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
export function datesIn(text: string): readonly string[] {
  let rest = text;
  return PATTERNS.flatMap((pattern) => {
    const read = [...rest.matchAll(pattern)].map(({ groups = {} }) =>
      [groups['year'], groups['month'] && monthOf(groups['month']), groups['day'] && twoDigits(groups['day'])]
        .filter((part) => part !== undefined)
        .join('-'),
    );
    rest = rest.replace(pattern, ' ');
    return read;
  });
}
