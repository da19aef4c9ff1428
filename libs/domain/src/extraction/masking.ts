/** A stretch of a text; `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Stands for a character that is there but not the speaker's own. */
export const MASK = '\uE000';

const BLOCKS: readonly RegExp[] = [
  /```[\s\S]*?(?:```|$)/gu,
  /<(?<tag>memor(?:y|ies)|facts?|preferences?|context|system|documents?|article|recall(?:ed)?|history|tool_\w+|instructions?|conversation|user_\w+|profile|search_\w+)\b[^<>]{0,200}>[\s\S]*?(?:<\/\k<tag>>|$)/giu,
  /^[ \t]*>.*$/gmu,
  /^[ \t]*(?:[-*•][ \t]*)?\[(?:19|20)\d\d-\d\d.*$/gmu,
  /[-*•][ \t]*\[(?:19|20)\d\d-\d\d-\d\d[^\]\n]{0,12}\].*$/gmu,
  /^[ \t]*(?:\[?(?:user|assistant|human|ai|system|bot|tool|function|chatgpt|claude|用户|助手|系统|客服|机器人)\]?)[ \t]*[:：].*$/gimu,
  /^[ \t]*(?:[{}[\]|#]|"[^"\n]*"[ \t]*:).*$/gmu,
  // What was remembered of the speaker, under a heading that says so.
  /^(?![ \t]*(?:please |also |請|请|帮我|麻烦)?(?:remember|note|keep|记住|记得|记下|记一下))[^\n:：]{0,40}(?:\bmemor(?:y|ies)\b|\b(?:you|I|we) (?:already )?(?:know|remember)\b|\bknown (?:facts|information|about)\b|记忆|已知信息|用户画像|用户信息|你(?:所)?(?:知道|记得))[^\n:：]{0,30}[:：][ \t]*\n(?:[ \t]*\n)?(?:[^\n]+(?:\n|$))+/gimu,
  /\b(?:https?:\/\/|www\.)\S+/giu,
];

const PASTED: readonly RegExp[] = [
  /\b(?:translat|summari[sz]|proofread|rewrit|rephras|paraphras|edit|correct|polish|explain|analy[sz]|review|improv|fix|shorten|expand|grad|check|classif|extract|read)\w*\b[^\n.?!]{0,80}(?:[:：](?!\s*["“「'‘])|\n)/giu,
  /\b(?:here(?:['’]s| is| are)|below (?:is|are)|this is|the following|following (?:is|are))\b[^\n.?!:：]{0,30}\b(?:article|text|e-?mail|essay|story|passage|document|paragraph|letter|post|transcript|abstract|news|report|quote|message|log|code|lyrics|poem|draft|speech|output|error|chapter|dialogue|conversation|cover letter|bio|resume)\b[^\n:：]{0,60}(?:[:：]|\n)/giu,
  /(?:翻译|润色|总结|概括|改写|修改|校对|分析|解释|续写|扩写|仿写|缩写|点评|检查|改成|译成)[^\n。？！?!]{0,30}(?:[:：]|\n)/gu,
  /(?:以下|下面|这里|这)(?:是|为|有)[^\n。]{0,20}(?:文章|文字|内容|邮件|新闻|作文|故事|段落|对话|代码|材料|原文|资料|报道|日志|文本|信)[^\n。]{0,10}(?:[:：]|\n)/gu,
  /\btl;?dr\b[^\n]{0,80}\n/giu,
  /\b(?:this|the following|the|my) (?:article|text|e-?mail|essay|story|passage|document|paragraph|letter|post|transcript|abstract|review|poem|draft|speech|thread)\b[^\n.!]{0,60}(?:[?？]|\bpls\b|\bplease\b|\bfor me\b)[^\n]{0,10}\n[ \t]*\n/giu,
  /(?:这|以下|下面)(?:这)?(?:[篇段封条个则份])?(?:文章|文字|内容|邮件|新闻|评论|短信|帖子|通知|公告|合同|报道|网页)[^\n]{0,30}\n/gu,
  /^(?:from|subject|sent|发件人|主题)[ \t]*[:：]/gimu,
  /^[ \t]*(?:dear \p{L}{1,30}\.?(?: \p{L}{1,30}\.?){0,3},?|尊敬的[^\n]{1,20}[:：])[ \t]*$/gimu,
];

/** Words given as an example, up to the end of their line. */
const EXAMPLES = [
  /\b(?:lyrics?|quote|caption|headline|example|sentence|translation|original|slogan|motto)\b[ \t]*[:：][^\n]*/giu,
  /(?:歌词|例句|例子|原文|译文|台词|标题|口号)[ \t]*[:：][^\n]*/gu,
];

const QUOTES: readonly RegExp[] = [
  /(?<=\b(?:said|told (?:me|us)|wrote|remember)[\s:,]{0,3})"[^"]{1,4000}"/giu,
  /"[^"\n]{1,600}"/gu,
  /“[^”]{1,600}”/gu,
  /«[^»\n]{1,600}»/gu,
  /「[^」]{1,600}」/gu,
  /『[^』]{1,600}』/gu,
  /‘[^’\n]{2,600}’(?!\p{L})/gu,
  /(?<![\p{L}\p{N}])'[^'\n][^\n]{1,600}?'(?![\p{L}\p{N}])/gu,
  /`[^`\n]{1,600}`/gu,
];

/** A paragraph this long is pasted rather than spoken. */
const SPOKEN_PARAGRAPH_LENGTH = 2000;

function cover(text: string, patterns: readonly RegExp[], fill: string): string {
  return patterns.reduce(
    (covered, pattern) => covered.replace(pattern, (match) => match.replace(/[^\n]/gu, (character) => fill.repeat(character.length))),
    text,
  );
}

function coverPasted(text: string): string {
  const starts = PASTED.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match.index + match[0].length));
  const first = Math.min(...starts, text.length);
  return text.slice(0, first) + text.slice(first).replace(/[^\n]/gu, (character) => '\n'.repeat(character.length));
}

/** Whether what follows a line was pasted. */
export const beginsPasted = (line: string): boolean => PASTED.some((pattern) => `${line}\n`.search(pattern) >= 0);

const coverLong = (text: string): string =>
  text.replace(/[^\n]+/gu, (paragraph) => (paragraph.length > SPOKEN_PARAGRAPH_LENGTH ? '\n'.repeat(paragraph.length) : paragraph));

/**
 * The text with everything that is not the speaker's own words covered: blocks, pasted text and recalled lines by line
 * feeds, so that no sentence reaches across; quoted words by `MASK`, so that they count as one opaque word. Same length.
 */
export const shadowOf = (content: string): string =>
  cover(coverPasted(coverLong(cover(content, [...BLOCKS, ...EXAMPLES], '\n'))), QUOTES, MASK);
