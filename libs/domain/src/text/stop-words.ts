const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/u).filter((word) => word !== ''));

/** English words that say nothing about what a query is about, as folded forms without apostrophes. */
export const ENGLISH_STOP_WORDS = set(`
  a an the this that these those here there i im ive id ill me my mine myself you your yours yourself youre youve youd youll he him his himself she her hers herself hes shes
  it its itself we us our ours ourselves were weve wed well they them their theirs themselves theyre theyve who whom whose which what when where why how whos whats wheres hows whens
  am is are was be been being isnt arent wasnt werent do does did done doing dont doesnt didnt have has had having havent hasnt hadnt can could cant couldnt cannot will would wont wouldnt
  shall should shouldnt may might must mustnt ought and or but nor so yet if then else than as because while until though although of at by for with about against between into through during
  to from in on off over under up down out upon onto per via again further once just only very too also even still already ever never not no nor any some each every all both few more most
  other others another such same own much many lot lots bit quite rather really actually maybe perhaps please kindly thanks thank hi hello hey ok okay yes yeah yep nope sure oh ah well hmm lol
  tell told say said says ask asked asking know knows knew known think thinks thought want wants wanted wanna need needs needed let lets give gives gave given get gets got getting gotten
  recommend recommended recommendation recommendations suggest suggested suggestion suggestions advise advice help helps helping show explain describe mention mentioned remember remind recall
  go goes going gone went gonna come comes came coming take takes took make makes made making do put find found look looking looks see saw seen try tried trying use used using keep kept
  thing things stuff something anything nothing everything someone anyone somebody anybody everyone somewhere anywhere way ways kind kinds sort sorts type types good great nice best better right
  like would'd etc eg ie vs one ones us able back around across along away am pm now soon later please bring choose pick should whether
  list write wrote written give me us generate create answer question questions short long new interesting idea ideas option options possible
  moment currently understand understood mean means meant agree agreed sound sounds wait guess believe hope wish care matter matters wonder wondering worry seem seems
  two three four five six seven eight nine ten dozen enough half
  ive theres thats heres whatever however there'll dear im sir madam bye goodbye cheers welcome
`);

/** Words that carry a wish or a liking rather than a topic: they count, but little. */
export const LIGHT_WORDS = set(`
  play plays played playing call calls called named name names nickname 叫 名字 叫做 称呼 姓名
  likes liked liking love loves loved loving enjoy enjoys enjoyed favourite favorite favourites favorites prefer prefers preferred preference preferences hate hates hated dislike dislikes fan fond
  plan plans planned planning time times day days week weeks month months year years people person place places brand brands
  started start starts stop stopped feel feels felt talk talked spend spent visit change changed last next first second third big small old little happen happened
  due daily weekly monthly yearly
  usually often always sometimes mostly currently recently lately ago since before after
  喜欢 喜爱 最爱 爱 讨厌 偏好 爱好 计划 打算 时候 时间 地方 品牌 牌子 人 事 东西 最近 平时 平常 通常 经常 开始 目前 以前 之前
`);

/** Words for a time, resolved by the time window where there is one. */
export const TIME_WORDS = set(`
  today tonight tomorrow yesterday morning afternoon evening night noon midnight weekend weekends winter summer autumn monday tuesday wednesday thursday friday saturday sunday
  january february march april june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
  今天 今晚 今早 明天 明早 明晚 昨天 昨晚 前天 后天 早上 上午 中午 下午 晚上 周末 上周 下周 本周 这周 上个月 下个月 这个月 本月 去年 今年 明年 前年 刚才 现在
  周一 周二 周三 周四 周五 周六 周日 星期一 星期二 星期三 星期四 星期五 星期六 星期天 星期日 一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月 月 号 日 年
  冬天 夏天 秋天 春天 上星期 下星期 上次 下次 这次 每天 每周 每月 每年 最后 当时 那天
`);

/** Chinese words that say nothing about what a query is about; longest match first. */
export const CHINESE_STOP_WORDS = set(`
  我 你 您 他 她 它 我们 你们 他们 她们 咱们 咱 自己 我的 你的 您的 他的 她的 我想 我要 我会 我能 大家 人家 别人 这 那 这个 那个 这些 那些 这里 那里 这儿 那儿 这样 那样
  什么 啥 哪 哪里 哪儿 哪个 哪些 哪种 哪家 谁 谁的 怎么 怎样 怎么样 怎么办 为什么 为何 如何 多少 几 几个 多久 多大 是否 是不是 有没有 能不能 可不可以 要不要 会不会 对不对 好不好 吗 呢 吧 啊 呀 哦 嗯 啦 嘛 哈 哈哈 了 的 地 得 着 过 们
  是 在 有 没 没有 不 不是 不会 不能 不要 别 无 也 都 还 还有 还是 就 就是 才 又 再 很 太 更 最 非常 特别 比较 真 真的 挺 好 好的 可以 可能 应该 必须 需要 想 要 想要 希望 会 能 能够 愿意 让 使 把 被 给 给我 对 对于 关于 跟 和 与 或 或者 以及 及 而 而且 并 并且 但 但是 不过 然后 所以 因为 因此 如果 要是 的话 虽然 从 到 去 来 往 向 用 以 于 为 为了 除了 比 像 按 按照 由 之 其 其他 其它 另外
  帮 帮我 帮忙 请 请问 麻烦 告诉 告诉我 说 说过 问 问问 回答 推荐 推荐个 推荐一下 建议 介绍 介绍一下 解释 记得 还记得 知道 觉得 认为 看看 想想 谢谢 多谢 感谢 你好 您好 嗨 哈喽 早 早安 晚安 再见 拜拜 好吧 行 没问题 嗯嗯 一下 一个 一些 一点 一种 一家 一次 一起 一直 个 种 些 件 条 只 位 次 家的 做 弄 搞 写 写一 写一个 写一首 写一篇 列出 选 选择 等 等等 之类 上 下 里 中 内 外 前 后 时 每 各 该 某 本 此 那么 这么 多 少 大 小 新 哪一个
  过的 怎么写 什么样 什么时候 是什么 叫什么 有什么 有哪些 做什么 干什么 干嘛 干啥 在哪 在哪里 在哪儿 在哪家 是谁 可选 适合 合适 相关 情况 问题 办法 方法 方式 出来 出去 起来 下来 进去 国家的 大概 左右 已经 正在 曾经 一般 记住 忍住 停住 提到 提过 刚刚 其实 当然 确实 肯定 一定 能否 可否 随便 聊聊 聊 谈谈
`);

/** Single characters that are grammar more often than meaning; not index terms by themselves. */
export const FUNCTION_CHARACTERS = set(
  [
    ...'的了着过地得在是有没不也都还就才又再很太更最吗呢吧啊呀哦嗯啦嘛哈我你您他她它们这那哪什么怎为之其与和跟或而但且因所以如若把被给让对从到向往于由及个种些只位次一二两几多少上下里中内外前后时会能可要想应该请帮说问等',
  ].join(' '),
);

/** What people say to greet, thank, agree and part; a text of nothing else asks for nothing. */
export const SMALL_TALK = set(`
  hi hello hey hiya howdy greetings good morning afternoon evening night day there thanks thank you thx ty cheers ok okay kk k yes yeah yep yup no nope sure fine great nice cool awesome perfect lovely
  bye goodbye later welcome please lol haha hahaha wow hmm hm um uh oh ah well alright right got it so much very a lot many how are is things going doing today whats up sup test testing ping continue go on next stop sorry
  you're youre im i'm again all everyone friend my dear mate buddy man nice meet see soon take care have a nice and to the do
  你好 您好 你们好 大家好 嗨 哈喽 哈啰 喂 早 早安 早上好 上午好 中午好 下午好 晚上好 晚安 谢谢 谢谢你 谢谢您 多谢 感谢 非常感谢 谢了 好 好的 好吧 好滴 行 可以 嗯 嗯嗯 哦 噢 是 是的 对 对的 没错 不 不是 没有 不用 不用了 没事 没关系 再见 拜拜 拜 明白 明白了 知道了 了解 收到 辛苦 辛苦了 哈哈 哈哈哈 呵呵 在吗 在么 继续 测试 棒 太棒了 厉害 不错 很好 最近怎么样 最近好吗 你怎么样 吃了吗 你 您 啊 呀 啦 了 吗 吧 呢 哈 今天 朋友 很 非常 太 真
`);
