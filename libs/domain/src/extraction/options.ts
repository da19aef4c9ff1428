/** Lists stand somewhere in the beginning of an answer; what comes later is seldom chosen from. */
const LONGEST_OFFER = 8_000;

/** The options that a message offers, in order and verbatim: a numbered or bulleted list, 【a、b、c】, or "A, B and C". */
export function optionsOf(message: string): readonly string[] {
  const content = message.slice(0, LONGEST_OFFER);
  const listed = listItems(content);
  if (listed.length >= 2) return listed;
  const bracketed = /[【[](?<inside>[^【[】\]]{1,500})[】\]]/u.exec(content)?.groups?.['inside'];
  if (bracketed !== undefined) {
    const inside = parts(bracketed);
    if (inside.length >= 2) return inside;
    const each = [...content.matchAll(/【(?<one>[^【】]{1,100})】/gu)].map((match) => match.groups?.['one']?.trim() ?? '');
    if (each.length >= 2) return each;
  }
  const rows = content.split(/[.。！？!?\n；;](?:\s|$)|[。！？；\n]/u).map(rowItems);
  return rows.find((row) => row.length >= 2) ?? [];
}

const LONGEST_OPTION = 60;

/** Ends a list without naming anything. */
const AND_SO_ON = /^(?:so (?:on|forth)|others?|(?:many )?more|etc)$/iu;

const parts = (row: string): string[] =>
  row
    .split(
      /、|,\s*(?:and |or )?|，(?:和|或|以及)?|;\s*|\s+(?:and|or)\s+|\s*(?:以及|或者|还有|\/)\s*|(?<=[\p{Script=Han}\w])[和或](?=[\p{Script=Han}\w])/iu,
    )
    .map(cleanOption)
    .filter((option) => option !== '' && option.length <= LONGEST_OPTION && !AND_SO_ON.test(option));

const cleanOption = (option: string): string =>
  option
    .replace(/^[\s*_"“「'(（]+|[\s*_"”」')）.。!！?？:：]+$|(?:等等?|之类的?|etc)\.?$/gu, '')
    .replace(/^(?:the|a|an) (?=[A-Z])/u, '')
    .replace(/(?:等等|等)$/u, '')
    .trim();

function listItems(content: string): string[] {
  const inline = [
    ...content.matchAll(
      /(?:^|\s)(?:\d{1,2}[.)、]|\(\d{1,2}\)|[①-⑨])\s*(?<item>[^\n]+?)(?=(?:\s(?:\d{1,2}[.)、]|\(\d{1,2}\)|[①-⑨])\s*)|\n|$)/gu,
    ),
  ];
  const bulleted = [...content.matchAll(/^[ \t]*[-*•·][ \t]+(?<item>[^\n]+)$/gmu)];
  const found = inline.length >= 2 ? inline : bulleted;
  return found.map((match) => headOf(match.groups?.['item'] ?? '')).filter((item) => item !== '');
}

/** The name at the head of a list item, without what is said about it. */
const headOf = (item: string): string => {
  const bold = /^\*\*(?<name>[^*]+)\*\*/u.exec(item.trim())?.groups?.['name'];
  return cleanOption((bold ?? item).split(/\s[-–—]\s|[:：（(，,。；;]|\.\s|——/u)[0] ?? '');
};

const LEAD =
  /^.*?(?:\b(?:have a look at|look at|check out|are|is|include|includes|including|consider|recommend|suggest|try|like|such as|options|have|has|there['’]s|between|choose|from|of|e\.g\.?)\b(?: the following)?:?|可以考虑|可以选择|可选的?有|推荐|建议|包括|比如|例如|如|有|是|考虑|[:：])\s*/iu;
const TAIL = /\s+(?:in|near|at|around|for|which|that|are|is|all|depending|from|would|could|might|can|to)\b.*$|(?:都|可以|供|这|任).*$/u;

/** "Chain hotels there include A, B and C": names after the words that lead in. */
function rowItems(row: string): string[] {
  if (!/、|,|，|\b(?:and|or)\b|和|或/u.test(row)) return [];
  const led = row.replace(LEAD, '');
  const items = parts(led);
  const chinese = /\p{Script=Han}/u.test(led);
  const last = items.at(-1);
  if (last !== undefined) items[items.length - 1] = last.replace(TAIL, '').trim();
  const named = items.filter((item) => item !== '' && (chinese ? item.length <= 12 : item.split(/\s+/u).length <= 5));
  if (named.length !== items.length || named.length < 2) return [];
  return chinese || named.every((item) => /^[\p{Lu}\d]/u.test(item)) || /[:：]|\b(?:include|such as|options)\b/iu.test(row) ? named : [];
}
