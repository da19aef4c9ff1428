import { readTimeExpressions } from '../time/index.ts';
import { draft, GENERAL_CONFIDENCE, type Draft } from './draft.ts';
import { withoutLeadingTime } from './leading-time.ts';

const ENGLISH_START =
  /^(?:(?:today|yesterday|recently|currently|now|nowadays|lately|these days|tonight|usually|sometimes|at work|at home|every (?!time)\p{L}+|(?:last|this|next) \p{L}+|on \p{L}+|in \p{L}+(?: \d{4})?|\p{L}+ (?:days|weeks|months|years) ago|for (?:my|the) \p{L}+|(?:in|for|after|within) (?:\d+|\p{L}+) (?:minutes?|hours?|days?|weeks?|months?|years?)|over the \p{L}+|when I was [^,]+|after [^,]+|before [^,]+|before|during [^,]+|as (?:an?|the) \p{L}+(?: \p{L}+)?|with my \p{L}+|because of (?:my|our|the) \p{L}+(?: \p{L}+)?|thankfully|fortunately|eventually|originally|back in \d{4}),? )?(?<subject>I|we|my|our)\b/iu;
/** What follows "I" or "we" when the sentence is about the talk itself, a wish to the assistant, or an opinion. */
const ENGLISH_NO_STATEMENT =
  /\b(?:I|we)(?:['’]m| am|['’]re| are|['’]ve| have|['’]ll| will)?(?: (?:also|really|just|still|currently|actually|always|now|do|did|don['’]t|do not|didn['’]t|can['’]t|cannot|can|have|quite|only|honestly|definitely|simply|kind of|will|am|was|been))* (?:think|thought|guess|believe|suppose|wonder|see(?: what| that| why| how|$)|understand|mean|meant|agree|disagree|know|knew|forgot|forget|doubt|bet|say|said|tell|told|ask|asked|asking|want|wanted|need|needed|hope|hoping|wish|appreciate|thank|apologi[sz]e|look(?:ing)? for|trying to (?:figure|understand|find|decide|write|fix|get|make|remember|work out|solve|say|build|create)|try to|try|interested in (?:your|that|this|it|the)|curious|confused|sorry|(?:here|back|done|good|fine|ok|okay|great|well|ready|sure|certain|in)(?=[,.!]|\s*$| now$| with (?:it|that)| to go| if)|glad you|happy to|afraid (?:that|I)|like to|love to|get it|got it|not sure|a question|testing|leave it|feel like|remember|recall|notice|noticed|suggest|recommend|imagine|in the office|discuss(?:ed)?|talked|chatted|on (?:my|our|the) way|at (?:the|my) \p{L}+(?: now| right now)?$|(?:\d+ \p{L}+ )?late|haven['’]t (?:decided|figured)|a problem|talking|referring|request|require|demand|expect you|trust you|disappointed|impressed)\b/iu;
/** A deal struck with the assistant, which only a list before it makes a fact. */
const ENGLISH_DEAL =
  /\bhave to (?:go|leave|run)\b|\bour (?:chat|conversation|discussion)\b|\bhave a chat\b|\bstay in touch\b|\beach other$|\b(?:following|this(?! (?:year|month|week|weekend|summer|winter|spring|autumn|fall|morning|afternoon|evening|season|semester|term)$)|below|above)(?: \p{L}+)?(?: so far)?$|(?:like this|as follows|so far)$|\bsame way\b|\b(?:I|we)(?:(?:['’]ll| will)(?: (?:definitely|also|then|now|just|certainly|surely))*| can(?: also)?) (?:consider|follow|search|look|share|talk|provide|send|tell|learn from|encounter|communicate|think|enjoy|keep|continue|take|choose|pick|go with|opt|check|try|let|see|do|have|give|keep|stick|use|get back|be back|be fine|remember|leave)\b/iu;
/** Words that point outside the clause: what it says cannot be understood alone. */
const ENGLISH_DANGLING =
  /\b(?:I|we)(?:['’]\p{L}+)?(?: \p{L}+){0,4} (?:it|that|this|these|those|them|him|her|there|so|one|do|did|have|will|can|too|not|the (?:same|first|second|third|last|other|former|latter)(?: one)?)(?: (?:too|already|now|then|before|again|yesterday|today|later|once|myself|a lot|anyway|all))?$/iu;
/** A passing mood, with no reason that would make it worth keeping. */
const ENGLISH_MOOD =
  /^(?:(?:today|now|lately|right now|these days),? )?(?:I|we)(?:['’]m| am|['’]re| are| feel| was| felt|['’]ve been feeling)(?: (?:also|quite|really|so|very|a bit|a little|just|still|too|not|pretty|much|extremely|exceptionally|now|kind of|feeling|very much))* (?:\p{L}+(?:ed|ing|y|less|ful|ous)|sad|lost|down|upset|bad|better|honou?red|glad|blue|low|sick of it|great|proud)\b(?: (?:and|or|but) (?:\p{L}+ ?){1,3})?(?: (?:today|now|lately|about (?:it|this|that)|right now)| (?:after|from) (?:that|this|all|the|my|so) .{1,40})?$/iu;
/** What is over by tomorrow; kept all the same when someone or some place is named in it. */
const ENGLISH_ONE_OFF =
  /^(?:(?:today|now|right now|earlier|this morning|tonight|oh|well),? )?(?:I|we)(?:['’]ve| have|['’]m| am|['’]re| are)?(?: still| currently| also| really| so)* (?:(?:have |had )?just (?:(?:had|having) (?:breakfast|lunch|dinner|brunch|supper|coffee|tea|a (?:coffee|snack|shower|nap|break|bath|drink|meal))|ate|eaten|finished (?:eating|lunch|dinner|breakfast|work|my \p{L}+)|wok(?:e|en)|got (?:home|back|up|here|out of)|came (?:home|back)|arrived|took a|made (?:some |a )?(?:coffee|tea|lunch|dinner)|drank|sat|opened|started (?:eating|cooking))|(?:had|ate|skipped|missed) (?:my )?(?:breakfast|lunch|dinner|a coffee|coffee|a snack)|woke up|slept (?:badly|well|poorly|in)|eating|cooking (?:dinner|lunch|breakfast)|having (?:lunch|dinner|breakfast|coffee|a break)|watching tv|sitting|lying|standing|stuck|waiting|heading|hungry|thirsty|sleepy|have (?:a|the|got a) (?:bad |terrible |slight )?(?:headache|cold|flu|fever|hangover|cramp|migraine|toothache|stomach ?ache|sore throat)|busy|bored|exhausted|still haven['’]t|haven['’]t \p{L}+ yet)\b/iu;
/** A word for something said before; in a short clause nothing remains without it. */
const ENGLISH_POINTER = /\b(?:it|them|him|those|these(?! days)|this one|that one|there(?! (?:is|are|was|were)))\b/iu;
const LONGEST_POINTING_WORDS = 11;
/** "… and honestly I enjoy it": what it is was just said. */
const SECOND_HALF = /(?<=\S\s\S.*) (?:and|but) (?:\p{L}+ )?(?:I|we)\b.*$/iu;
const ENGLISH_MY_VERB =
  /\b(?:is|are|was|were|has|have|had|will|can|does|did|['’]s|[\p{L}]{2,}(?:s|ed)|went|got|came|left|lost|won|began|broke|passed|took|made|gave|told|bought|died|met|ran|fell|grew|sold|spent|flew|wrote|taught|go|live|work|love|like|hate|play|study|speak|own|want|prefer|eat|drink)\b/iu;
const ENGLISH_MY_META =
  /^my (?:question|problem|point|guess|bad|apologies|fault|mistake|issue|request|understanding|opinion|view|answer|thoughts?|idea|goodness|god|favou?rite (?:part|answer)|pleasure|preference is (?:that|this)|concern|code|function|program|query|input|text|essay|prompt|teacher said)\b/iu;

/** What someone says they will do is worth keeping when it has a time or a name to it; the rest is said to please. */
export const isAnchored = (clause: string): boolean =>
  readTimeExpressions(clause, 0, 'UTC').length > 0 || /(?<=\s)\p{Lu}\p{Ll}+/u.test(clause);

/** "the dress fitting is next month": what has a date in the speaker's life. */
const ENGLISH_APPOINTMENT = /^the \p{L}+(?: \p{L}+){0,2} (?:is|are|starts?|begins?|takes place)(?: on| at| in)? (?<when>.+)$/iu;

function isAppointment(clause: string): boolean {
  const when = ENGLISH_APPOINTMENT.exec(clause)?.groups?.['when'];
  if (when === undefined) return false;
  const read = readTimeExpressions(when, 0, 'UTC');
  return read.length > 0 && read.reduce((rest, { end, start }) => rest - (end - start), when.length) <= 4 * read.length;
}

/** Begun without "I": "Just signed the lease for a studio". */
const ENGLISH_SUBJECTLESS =
  /^(?:just|finally|recently) (?:signed|bought|started|finished|moved|adopted|booked|joined|passed|turned|became|ordered|sold|won|graduated|enrolled|retired|switched|launched|published|received|landed)\b/iu;

/** Any English statement in the first person that can stand alone; kept in its own words, with less confidence than a pattern. */
export function englishGeneral(clause: string): Draft | null {
  if (isAppointment(clause)) return draft({ confidence: GENERAL_CONFIDENCE });
  if (ENGLISH_SUBJECTLESS.test(clause)) return englishGeneral(`I ${clause.charAt(0).toLowerCase()}${clause.slice(1)}`);
  const subject = (ENGLISH_START.exec(clause) ?? ENGLISH_START.exec(withoutLeadingTime(clause)))?.groups?.['subject']?.toLowerCase();
  const words = clause.split(/\s+/u).length;
  if (subject === undefined || words < 3 || words > 60 || ENGLISH_DANGLING.test(clause) || ENGLISH_DEAL.test(clause)) return null;
  if (/\byou(?:rs?)?\b/iu.test(clause) || ENGLISH_MOOD.test(clause)) return null;
  if (ENGLISH_ONE_OFF.test(clause) && !/\s\p{Lu}\p{Ll}/u.test(clause)) return null;
  if (words <= LONGEST_POINTING_WORDS && ENGLISH_POINTER.test(clause.replace(/^.*?,\s/u, '').replace(SECOND_HALF, ''))) return null;
  if (/^(?:I|we)(?:['’]ll| will)\b/iu.test(clause) && !isAnchored(clause)) return null;
  const own = subject === 'my' || subject === 'our';
  if (own ? ENGLISH_MY_META.test(clause) || !ENGLISH_MY_VERB.test(clause.replace(/^\S+\s+\S+/u, '')) : ENGLISH_NO_STATEMENT.test(clause))
    return null;
  return draft({ confidence: GENERAL_CONFIDENCE, negated: /\bno longer\b|\bany ?more\b|\bused to\b/iu.test(clause) });
}

const CHINESE_START =
  /^(?:因为|由于|自从|从|在|今天|昨天|前天|明天|后天|今年|去年|明年|前年|最近|现在|目前|如今|以前|之前|平时|一般|每[天周月年]|每个.{1,3}|上个?[周月]|下个?[周月]|这个?[周月]末?|这周末|上周.|下周.|周[一二三四五六日末]|周末|.{1,6}(?:前|后|时候|期间|天|节|假)|[\d一二三四五六七八九十]+[月号日年].{0,6}|家里(?=有|养)|暑假|寒假|国庆|春节|小时候|对了|其实|记得)?[，,]?(?:我|咱们|我们|本人)(?!们?(?:的)?(?:问题|意思|天|去$))/u;
const CHINESE_NO_STATEMENT =
  /(?:我|我们|咱们)(?:就|也|还|真的|只是|只|现在|其实|很|有点|一直|都|已经|先|再)*(?:想(?:问|知道|了解|请|让|要你|听|看看|咨询|学一下|找|买|要|吃|换|看|办|做)|要(?:你|求|问|看|买|找|选)|需要|希望|觉得|认为|以为|猜|感觉|知道|不知道|不懂|不明白|明白|懂了?|理解|同意|不同意|看看|试试|想试|不想|要[一两点几]?[个杯份点]|迟到|在路上|没选|试一下|来(?:试|看|说|问|做)|问(?:一下|问|你|个)?|说的|的意思|建议|请|选|就选|决定不了|不太清楚|不清楚|了解了?|相信|怀疑|谢谢|感谢|道歉|抱歉|好奇|记得|忘了|忘记|想想|考虑|怎么|该|应该|能|可以|可不|会(?:的|好好|试|考虑|看|注意|继续|尽力|努力|按照|尝试|去查|参考|虚心|多|遵照)|得告诉|来和|来跟|有(?:一)?个(?:烦恼|问题|疑问|请求)|听说|发现你|发给你|给你|告诉你|跟你|和你|对你|在问|在说|在找|正在找|打错|输入|查|搜)/u;
const CHINESE_DANGLING =
  /^(?:我|我们)(?:也|就|都|很|不|没|已经)*(?:是|有|去|去过|试过|没有|喜欢|知道|会|能|可以|这样|一样|也是|用过|吃过|看过|买了?|要)(?:的|了|过|吧|呀|啊|它|这个|那个|这样|那样)*$/u;

/** A skill, not a promise: 我会弹钢琴. */
const CHINESE_PROMISE = /^我们?(?:也|还|都|一定|肯定)*会(?!说|弹|打|唱|跳|开|游|写|骑|画|修|做)/u;
const CHINESE_MOOD =
  /不想|^我们.{0,6}聊|再见$|^我(?:已经)?记(?:下|住)|^(?:今天|现在|最近)?我(?:真的|也|现在|最近)*(?:感到|感觉)(?:很|非常|十分|有些|有点)?.{1,4}$|^(?:今天|现在|最近)?我(?:现在|今天|最近|都|也|就|真的|感到|感觉|很|非常|特别|有点|有些|十分|好|太|超|迫不及待)+(?:的)?(?:开心|高兴|难过|伤心|兴奋|焦虑|累|乏味|无聊|疲倦|郁闷|烦|生气|困惑|紧张|满意|激动|失望|压力|期待|坚持不下去|了|啊|呀|和|、)*$/u;

const CHINESE_ONE_OFF =
  /^(?:今天|现在|刚才|刚刚)?我们?(?:今天|现在|刚才|刚刚|刚|才|已经|正)*(?:吃[完过了]?(?:早|午|晚|中)?[饭餐](?:了|$|，)|在.{0,4}(?:车|路|地铁|公交|高铁|火车|飞机|床|沙发|电梯)(?:上|里)|吃完|吃饱|睡醒|起床(?:了|$|，)|醒了|下班(?:了|$|，)|到家|回到家|洗完|喝完|饿|困|渴|好[累困饿烦]|累了|在(?:吃饭|等车|路上|开车|排队|睡觉|做饭))/u;

/** As `englishGeneral`, for Chinese. */
export function chineseGeneral(clause: string): Draft | null {
  if (!(CHINESE_START.test(clause) || CHINESE_START.test(withoutLeadingTime(clause))) || clause.length < 5 || clause.length > 160)
    return null;
  if (
    /[你您]|对(?:它|这个?|那个?|这些|那些)们?(?:过敏|感兴趣)/u.test(clause) ||
    CHINESE_MOOD.test(clause) ||
    CHINESE_ONE_OFF.test(clause) ||
    clause.endsWith('一下')
  )
    return null;
  if (CHINESE_PROMISE.test(clause) && !isAnchored(clause)) return null;
  if (CHINESE_NO_STATEMENT.test(clause) || CHINESE_DANGLING.test(clause)) return null;
  return draft({
    confidence: GENERAL_CONFIDENCE,
    negated: /不再|再也不|(?:以前|曾经|过去)(?:很|最|特别|非常|一直)?(?:喜欢|爱|在.+(?:工作|上班))/u.test(clause),
  });
}
