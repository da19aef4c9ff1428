/** What follows a copula, an article or a conjunction was cut off; so was what something is called. */
const ENGLISH_OPEN = /(?<![\p{L}\p{N}])(?:is|am|are|was|were|called|named|and|or|the|an?|my|our)$|\p{L}['’](?:m|re)$/iu;
const ENGLISH_PREPOSITION =
  /(?<![\p{L}\p{N}])(?:at|to|from|of|with|for|by|into|about|(?<=(?:live|living|lived|work|working|born|grew up|based|interested|located|reside|study|studying) )in)$/iu;
/** "nobody to talk to", "the person I live with": the object stands before. */
const OBJECT_BEFORE = /\S\s+(?:to \p{L}+|(?:that|who|which|I|we|he|she|they)(?:['’]\p{L}+)?(?: \p{L}+){1,3}) \p{L}+$/iu;
const CHINESE_OPEN = /(?:住在|位于|叫做?|[我字业]是|来自|我[对和跟姓])$/u;

/** Of a list whose lines were joined, cut at the mark of the next item. */
const NEXT_ITEM = /\p{L}\s+[-–—•*]\s?\d{0,2}$/u;

/** Whether a clause breaks off before it says what it set out to say ("My name is", "I work at"). */
export const isUnfinished = (text: string): boolean =>
  NEXT_ITEM.test(text) ||
  ENGLISH_OPEN.test(text) ||
  CHINESE_OPEN.test(text) ||
  (ENGLISH_PREPOSITION.test(text) && !OBJECT_BEFORE.test(text));

/** "I like ')": the last word is none. Emoji and quoted names count. */
export const endsInMarks = (text: string): boolean =>
  /\s[^\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}\uE000\s]+$/u.test(text);
