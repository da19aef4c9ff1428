/** What ended is not denied: it was so. */
const ENDED = /\b(?:no longer|any ?more|any longer|stopped|quit)\b|不再|已经不|现在不|没再|不了$/iu;

const ENGLISH_DENIAL =
  /^(?<who>(?:I|we|he|she|they|it|(?:my|our|his|her)\s[\p{L}'’ ]{1,40}?))(?:\s+|(?=['’]))(?<no>(?:['’]ve |have |had |has )?never|(?:do|does|did)(?:\s+not|n['’]t)|(?:am|is|are|was|were|['’]m|['’]re|['’]s)\s+not|(?:is|are|was|were)n['’]t|(?:have|has|had)(?:\s+not|n['’]t))\s+(?<rest>\S.*)$/iu;
const CHINESE_DENIAL =
  /^(?<who>我们?(?:的?\p{Script=Han}{1,6}?)?|[他她])(?:从来|从|根本|并|其实|压根|可)?(?<no>没有|没|从未|未|不)(?!错|只|仅|过来|用谢|客气|知道|懂|同|久)(?<rest>.+)$/u;

const ENGLISH_FORGET =
  /^(?:forget|delete|remove|erase|drop|unlearn)\s+(?:(?:the |that |this |any |all |every )?(?:memor(?:y|ies)|facts?|notes?|entr(?:y|ies)|everything|what you (?:know|remember|saved))\s+)?(?:(?:about|that|of|on|saying)\s+)+(?<rest>\S.*)$/iu;
const CHINESE_FORGET = /^(?:忘掉|忘了|忘记|删掉|删除|去掉|清除)(?:关于)?(?<rest>.+?)(?:的?(?:记忆|事情|事|内容|信息|这件事|这条))?$/u;

/** What a clause says does not hold, said as if it did ("I never lived in Paris": "I lived in Paris"); null: it denies nothing. */
export function deniedIn(clause: string): string | null {
  const forgotten = (ENGLISH_FORGET.exec(clause) ?? CHINESE_FORGET.exec(clause))?.groups?.['rest'];
  if (forgotten !== undefined) return forgotten;
  if (ENDED.test(clause)) return null;
  const english = ENGLISH_DENIAL.exec(clause)?.groups;
  if (english !== undefined) return affirmed(english);
  const chinese = CHINESE_DENIAL.exec(clause)?.groups;
  return chinese === undefined
    ? null
    : `${chinese['who'] ?? ''}${chinese['no'] === '没有' && isThing(chinese['rest'] ?? '') ? '有' : ''}${chinese['rest'] ?? ''}`;
}

function affirmed({ who = '', no = '', rest = '' }: Readonly<Record<string, string>>): string {
  const being = /^(?:am|is|are|was|were|['’]m|['’]re|['’]s)/iu.exec(no)?.[0];
  const verb = being === undefined ? '' : (BEINGS[being.toLowerCase().replace('’', "'")] ?? being.replace(/n['’]t$/iu, ''));
  return [who, verb, rest].filter((word) => word !== '').join(' ');
}

const BEINGS: Readonly<Record<string, string>> = { "'m": 'am', "'re": 'are', "'s": 'is' };

/** "没有狗" has no dog; "没有去过" has not been. */
const isThing = (rest: string): boolean => !/过|了$|[去住吃喝做说养买学]/u.test(rest);
