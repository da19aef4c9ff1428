/** A sphere of life that statements belong to, with the words by which it is seen and those by which it should be found. */
export interface Sphere {
  readonly id: string;
  readonly english: RegExp;
  readonly chinese: RegExp;
  /** Both languages, because the question may come in the other one. */
  readonly keys: readonly string[];
}

export const SPHERES: readonly Sphere[] = [
  {
    id: 'home',
    english:
      /\b(?:liv(?:e|es|ing|ed) in|moved? (?:to|from|out|into)|moving to|relocat\w+|reside\w*|hometown|apartment|house|flat|rent(?:ed|ing)?|mortgage)\b/iu,
    chinese: /住在|在.{1,6}住|搬到|搬家|搬去|定居|家在|房子|公寓|租房|买房/u,
    keys: ['home', 'city', 'live', '住', '城市', '居住'],
  },
  {
    id: 'travel',
    english:
      /\b(?:trip|travel\w*|fl(?:y|ew|ying|ight)|vacation|holiday|journey|tour|visit(?:ed|ing)?|been to|itinerary|cruise|went to|going to [A-Z])\b/u,
    chinese: /旅游|旅行|出差|去过|机票|航班|游玩|度假|出国|去.{1,8}玩|自驾|行程|出去玩/u,
    keys: ['trip', 'travel', 'city', 'been to', 'visit', '旅游', '出去玩', '城市', '去过'],
  },
  {
    id: 'hotel',
    english: /\b(?:hotels?|hostel|motel|resort|airbnb|accommodation|lodging|inns?|guesthouse)\b/iu,
    chinese: /酒店|宾馆|旅馆|民宿|住宿|客栈|青旅/u,
    keys: ['hotel', 'hotel brand', 'accommodation', 'stay', '酒店', '酒店品牌', '住宿', '住过'],
  },
  {
    id: 'work',
    english:
      /\b(?:work(?:s|ing|ed)? (?:at|for|as|in)|job|career|employ\w*|boss|colleagues?|salary|promot\w+|company|startup|office|retired?|intern\w*|engineer|nurse|teacher|doctor|lawyer|designer|developer|manager)\b/iu,
    chinese: /工作|上班|公司|同事|老板|职业|辞职|跳槽|入职|升职|实习|退休|工程师|护士|老师|医生|律师|设计师|程序员|经理/u,
    keys: ['work', 'job', 'employer', '工作', '职业', '公司'],
  },
  {
    id: 'study',
    english:
      /\b(?:stud(?:y|ies|ying|ied)|university|college|school|major(?:ing|ed)?|degree|phd|master['’]?s|bachelor['’]?s|exam|graduat\w+|thesis|course|class)\b/iu,
    chinese: /学习|大学|读书|专业|毕业|考试|研究生|博士|硕士|本科|上学|论文|课程|念书/u,
    keys: ['study', 'school', 'university', '学习', '学校', '专业'],
  },
  {
    id: 'family',
    english:
      /\b(?:famil\w+|wife|husband|partner|spouse|kids?|child(?:ren)?|sons?|daughters?|mother|father|mom|mum|dad|parents?|sisters?|brothers?|siblings?|aunt|uncle|cousins?|grand\w+|married|divorced|engaged|wedding)\b/iu,
    chinese: /家人|妻子|老婆|丈夫|老公|孩子|儿子|女儿|妈妈|母亲|爸爸|父亲|父母|姐姐|妹妹|哥哥|弟弟|爷爷|奶奶|外公|外婆|结婚|离婚|订婚/u,
    keys: ['family', 'relatives', '家人', '家庭'],
  },
  {
    id: 'friend',
    english: /\b(?:friends?|girlfriend|boyfriend|roommates?|neighbou?rs?)\b/iu,
    chinese: /朋友|男友|女友|室友|邻居|同学|闺蜜/u,
    keys: ['friend', '朋友'],
  },
  {
    id: 'pet',
    english: /\b(?:pets?|dogs?|cats?|pupp(?:y|ies)|kittens?|parrot|hamster|rabbit|goldfish)\b/iu,
    chinese: /宠物|狗|猫|兔子|仓鼠|鹦鹉|养了/u,
    keys: ['pet', 'animal', '宠物', '动物'],
  },
  {
    id: 'health',
    english:
      /\b(?:allerg\w+|diabet\w+|asthma|disease|illness|sick|doctor|hospital|surgery|medicine|medication|pills?|blood pressure|diagnos\w+|injur\w+|pregnan\w+|health|insulin|migraines?|anxiety|depression|smok(?:e|ing)|weigh)\b/iu,
    chinese: /过敏|糖尿病|哮喘|生病|医院|手术|吃药|血压|诊断|受伤|怀孕|健康|抽烟|吸烟|失眠|抑郁|体重|胃病/u,
    keys: ['health', 'allergy', '健康', '身体', '过敏'],
  },
  {
    id: 'food',
    english:
      /\b(?:eat(?:s|ing)?|ate|food|cook(?:s|ing|ed)?|seafood|vegetarian|vegan|meat|fish|spicy|cuisine|restaurants?|coffee|tea|drinks?|breakfast|lunch|dinner|dish(?:es)?|fruit|noodles|rice|pizza|sushi|hot ?pot|beer|wine|alcohol|dairy|gluten|nuts?|peanuts?|dessert|chocolate)\b/iu,
    chinese: /吃|喝|美食|做饭|海鲜|素食|辣|菜|餐|咖啡|茶|水果|面条|米饭|火锅|酒|奶|甜|肉|鱼|零食/u,
    keys: ['food', 'eat', 'diet', '食物', '吃', '饮食'],
  },
  {
    id: 'hobby',
    english:
      /\b(?:hobb(?:y|ies)|play(?:s|ing|ed)?|guitar|piano|violin|paint(?:ing)?|photograph\w*|garden\w*|knit\w*|chess|games?|gaming|danc\w+|sing\w*|read(?:ing)?|hik(?:e|ing)|danc\w+|climb\w*)\b/iu,
    chinese: /爱好|弹|吉他|钢琴|画画|摄影|园艺|下棋|游戏|跳舞|唱歌|阅读|看书|徒步|爬山|钓鱼/u,
    keys: ['hobby', 'free time', '爱好', '兴趣'],
  },
  {
    id: 'sport',
    english:
      /\b(?:sports?|run(?:s|ning)?|jog\w*|marathon|gym|yoga|swim\w*|football|soccer|basketball|tennis|cycl\w+|ski\w*|work(?:ing)? out|train(?:ing)? for|badminton)\b/iu,
    chinese: /运动|跑步|马拉松|健身|瑜伽|游泳|足球|篮球|网球|骑行|滑雪|羽毛球|锻炼/u,
    keys: ['sport', 'exercise', '运动', '锻炼'],
  },
  {
    id: 'media',
    english: /\b(?:music|songs?|bands?|movies?|films?|series|tv|books?|novels?|podcasts?|concerts?|anime|jazz|rock|classical)\b/iu,
    chinese: /音乐|歌|乐队|电影|电视剧|剧集|小说|书|播客|演唱会|动漫|爵士|摇滚/u,
    keys: ['music', 'film', 'book', '音乐', '电影', '书'],
  },
  {
    id: 'car',
    english: /\b(?:cars?|driv(?:e|es|ing)|drove|tesla|bmw|toyota|motorcycles?|bikes?|driving licen[cs]e)\b/iu,
    chinese: /汽车|开车|买车|买了.{0,4}车|车是|摩托|驾照|特斯拉/u,
    keys: ['car', 'vehicle', '车', '汽车'],
  },
  {
    id: 'device',
    english: /\b(?:phone|iphone|android|laptop|computer|macbook|tablet|ipad|pixel|camera)\b/iu,
    chinese: /手机|电脑|笔记本|平板|相机|苹果/u,
    keys: ['phone', 'device', 'computer', '手机', '电脑'],
  },
  {
    id: 'birthday',
    english: /\b(?:birthday|born)\b/iu,
    chinese: /生日|出生/u,
    keys: ['birthday', 'born', '生日', '出生'],
  },
  {
    id: 'language',
    english: /\b(?:speak|language|fluent|bilingual|mother tongue)\b/iu,
    chinese: /会说|语言|母语|流利|方言/u,
    keys: ['language', 'speak', '语言', '说'],
  },
  {
    id: 'money',
    english: /\b(?:budget|savings?|loan|debt|invest\w*|salary|rent)\b/iu,
    chinese: /预算|存款|贷款|投资|工资|房租/u,
    keys: ['money', 'budget', '预算', '钱'],
  },
];

/** Words for slots that no sphere names. */
export const SLOT_KEYS: Readonly<Record<string, readonly string[]>> = {
  name: ['name', 'called', '名字', '姓名', '叫'],
  age: ['age', 'old', '年龄', '岁'],
  origin: ['origin', 'from', 'hometown', '老家', '来自', '哪里人'],
  'marital.status': ['married', 'relationship', '婚姻', '结婚'],
  'language.answer': ['answer', 'language', 'reply', '回答', '语言'],
  diet: ['diet', 'food', 'eat', '饮食', '吃'],
  contact: ['contact', 'email', 'phone number', '联系方式', '电话', '邮箱'],
  preference: ['like', 'preference', '喜欢', '偏好'],
  choice: ['choice', 'chosen', '选择', '选'],
};
