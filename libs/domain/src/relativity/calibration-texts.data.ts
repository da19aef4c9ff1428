/** A question and what answers it, in English and Chinese: what lies close for a good embedder, within and across scripts. */
export interface CalibrationText {
  /** question: asks for what was told · wish: asks for advice that what was told bears on. */
  readonly kind: 'question' | 'wish';
  /** Who said it, where it is a turn of a conversation; null: a memory. */
  readonly by: string | null;
  readonly en: readonly [query: string, passage: string];
  readonly zh: readonly [query: string, passage: string];
}

const question = (by: string | null, en: CalibrationText['en'], zh: CalibrationText['zh']): CalibrationText => ({
  kind: 'question',
  by,
  en,
  zh,
});
const wish = (by: string | null, en: CalibrationText['en'], zh: CalibrationText['zh']): CalibrationText => ({ kind: 'wish', by, en, zh });

/** Each belongs to its own and to no other. */
export const CALIBRATION_TEXTS: readonly CalibrationText[] = [
  question(null, ['Where do I live?', 'I moved to Lyon in spring.'], ['我住在哪里？', '我春天搬到了里昂。']),
  question(null, ['What do I do for a living?', 'I work as a baker in the old town.'], ['我是做什么工作的？', '我在老城区当面包师。']),
  question(null, ['What is my dog called?', 'Our dog Biscuit is three years old.'], ['我家的狗叫什么？', '我们家的狗叫饼干，三岁了。']),
  question(null, ['Which car do I drive?', 'I bought a second-hand Volvo.'], ['我开什么车？', '我买了一辆二手沃尔沃。']),
  question(null, ['When is my birthday?', 'I was born on 14 February 1991.'], ['我的生日是哪天？', '我是1991年2月14日出生的。']),
  question(null, ['What am I allergic to?', 'Peanuts give me a rash.'], ['我对什么过敏？', '我一吃花生就起疹子。']),
  question(null, ['Which instrument do I play?', 'I take cello lessons on Tuesdays.'], ['我学什么乐器？', '我每周二上大提琴课。']),
  question(null, ['How many children do I have?', 'We have two boys, Tom and Leo.'], ['我有几个孩子？', '我们有两个儿子，汤姆和里奥。']),
  question(
    null,
    ['What is the Wi-Fi password?', 'The router at home opens with "maple-77".'],
    ['无线网密码是什么？', '家里路由器的密码是maple-77。'],
  ),
  question(null, ['Where did I park?', 'The van stands on level 3 of the garage.'], ['我把车停在哪儿了？', '面包车停在车库三层。']),
  question(
    null,
    ['What did the doctor say about my knee?', 'The physician found a torn meniscus.'],
    ['医生怎么说我的膝盖？', '大夫说我的半月板撕裂了。'],
  ),
  question(
    null,
    ['When does my passport run out?', 'My travel document is valid until 2031.'],
    ['我的护照什么时候到期？', '我的护照有效期到2031年。'],
  ),
  question(
    null,
    ['Which school does my daughter go to?', 'Emma attends the Montessori school.'],
    ['我女儿上哪所学校？', '艾玛在蒙台梭利学校上学。'],
  ),
  question(null, ['What is my shoe size?', 'I wear size 42.'], ['我穿多大码的鞋？', '我的鞋码是42号。']),
  question(null, ['What am I studying?', 'I am in the second year of a law degree.'], ['我学的是什么专业？', '我在读法律，大二。']),
  question(
    null,
    ['Where did we get married?', 'Our wedding was in a small chapel near Siena.'],
    ['我们是在哪里结婚的？', '我们的婚礼在锡耶纳附近的小教堂办的。'],
  ),
  question(null, ['How do I get to work?', 'I take tram 7 to the office every day.'], ['我怎么去上班？', '我每天坐7路电车去公司。']),
  question(null, ['What is my favourite colour?', 'Nothing beats dark green.'], ['我最喜欢什么颜色？', '我最爱墨绿色。']),
  question(
    'Mara',
    ['When did Mara run the marathon?', 'I finished the whole race last Sunday, 42 kilometres!'],
    ['玛拉什么时候跑的马拉松？', '我上周日跑完了全程，42公里！'],
  ),
  question(
    'Jonas',
    ['What did Jonas paint?', 'Look, my new watercolour of the harbour.'],
    ['约纳斯画了什么？', '你看，我新画的港口水彩。'],
  ),
  question(
    'Priya',
    ['Why did Priya leave her job?', 'My boss never listened, so I handed in my notice.'],
    ['普里娅为什么辞职？', '老板从来不听我的，我就辞了。'],
  ),
  question(
    'Mara',
    ['Which pet did Mara adopt?', 'We took home a grey kitten from the shelter.'],
    ['玛拉领养了什么宠物？', '我们从收容所带回来一只小灰猫。'],
  ),
  question(
    'Jonas',
    ['Where did Jonas go camping?', 'Two nights in a tent by the lake, it was cold.'],
    ['约纳斯去哪里露营了？', '在湖边帐篷里住了两晚，挺冷的。'],
  ),
  question(
    'Priya',
    ['What does Priya do for her anxiety?', 'Breathing exercises calm me before I speak.'],
    ['普里娅怎么缓解焦虑？', '上台前做呼吸练习能让我平静下来。'],
  ),
  question(
    'Mara',
    ['What did Mara give her mother?', 'Mum cried when she saw the photo album.'],
    ['玛拉送了妈妈什么？', '妈妈看到那本相册就哭了。'],
  ),
  question(
    'Jonas',
    ['Which book is Jonas reading?', "I'm halfway through a novel about whales."],
    ['约纳斯在读什么书？', '那本讲鲸鱼的小说我看了一半。'],
  ),
  question(
    'Priya',
    ["What are Priya's plans for the summer?", "In July we'll cycle along the Danube."],
    ['普里娅夏天有什么打算？', '七月我们要沿着多瑙河骑车。'],
  ),
  question(
    'Mara',
    ['How did Mara hurt her arm?', 'I slipped on the icy steps and broke my wrist.'],
    ['玛拉的手是怎么伤的？', '我在结冰的台阶上滑倒，摔断了手腕。'],
  ),
  question(
    'Jonas',
    ['What business is Jonas starting?', 'I signed the lease for the bike workshop!'],
    ['约纳斯要开什么店？', '修车铺的租约我签了！'],
  ),
  question(
    'Priya',
    ['Who taught Priya to cook?', 'All my curries come from grandmother.'],
    ['谁教普里娅做饭的？', '我的咖喱都是外婆教的。'],
  ),
  question(
    'Mara',
    ['What award did Mara win?', 'They called my name for best young scientist.'],
    ['玛拉得了什么奖？', '他们念到了我的名字，最佳青年科学家。'],
  ),
  question(
    'Jonas',
    ['How does Jonas relax?', 'An hour in the garden and I forget everything.'],
    ['约纳斯怎么放松？', '在花园里待一个小时，什么都忘了。'],
  ),
  question(
    'Priya',
    ['What did Priya and her brother argue about?', 'He wants to sell the house and I do not.'],
    ['普里娅和哥哥为什么吵架？', '他想卖掉房子，我不想。'],
  ),
  question(
    'Mara',
    ['Which concert did Mara attend?', 'The band played until midnight, my ears still ring.'],
    ['玛拉去看了什么演出？', '乐队一直演到半夜，我耳朵还在响。'],
  ),
  question(
    'Jonas',
    ['What did the vet say about the horse?', 'She needs rest for six weeks, the leg is swollen.'],
    ['兽医怎么说那匹马？', '它腿肿了，要休息六个星期。'],
  ),
  question(
    'Priya',
    ['How long has Priya been learning Spanish?', 'Four years of evening classes and I still mix up the verbs.'],
    ['普里娅学西班牙语多久了？', '上了四年夜校，动词还是分不清。'],
  ),
  wish(
    null,
    ['Can you recommend a restaurant for tonight?', "I don't eat meat or fish."],
    ['今晚吃什么，推荐一家餐厅吧。', '我不吃肉也不吃鱼。'],
  ),
  wish(null, ['Plan a weekend away for us.', 'I get seasick on boats.'], ['帮我们安排一个周末短途旅行。', '我一坐船就晕。']),
  wish(null, ['Which hotel should I book?', 'I prefer small family-run guesthouses.'], ['我该订哪家酒店？', '我喜欢家庭经营的小旅馆。']),
  wish(
    null,
    ['Suggest a novel for my holiday.', 'Crime stories bore me; I like science fiction.'],
    ['推荐一本假期看的小说。', '侦探故事我嫌无聊，我喜欢科幻。'],
  ),
  wish(null, ['What film should we watch?', "I can't stand horror and blood."], ['我们看什么电影好？', '我受不了恐怖片和血腥画面。']),
  wish(
    null,
    ['Put together a workout plan for me.', 'My left shoulder hurts when I lift weights.'],
    ['帮我制定一个健身计划。', '我举重的时候左肩会疼。'],
  ),
  wish(null, ['What should I cook for the guests?', 'Gluten makes me ill.'], ['请客做什么菜好？', '我吃了面筋会不舒服。']),
  wish(null, ['Which laptop would you buy?', 'I only use machines that run Linux.'], ['买哪台笔记本好？', '我只用装Linux的电脑。']),
  wish(
    null,
    ['How can I get to Vienna?', 'I avoid flying and take the train wherever I can.'],
    ['我怎么去维也纳好？', '我尽量不坐飞机，能坐火车就坐火车。'],
  ),
  wish(null, ['Which plants would suit my flat?', 'Our cat chews on every leaf it finds.'], ['我家适合养什么植物？', '我家猫见叶子就咬。']),
  wish(
    null,
    ['What could I wear to the wedding?', 'I never wear high heels or tight dresses.'],
    ['参加婚礼穿什么好？', '我从不穿高跟鞋和紧身裙。'],
  ),
  wish(
    null,
    ['What would be a good present for my son?', 'He collects fossils and minerals.'],
    ['给我儿子买什么礼物好？', '他喜欢收集化石和矿石。'],
  ),
  wish(
    null,
    ['How should I prepare for the exam?', 'I learn best by listening, not by reading.'],
    ['我该怎么准备考试？', '我听着学比看书学得好。'],
  ),
  wish(
    null,
    ['Which video game could I try next?', 'Games where I have to shoot are not for me.'],
    ['接下来玩什么游戏好？', '要开枪的游戏我不喜欢。'],
  ),
  wish(
    null,
    ['Recommend a skin cream for winter.', 'Perfume in cosmetics makes my skin itch.'],
    ['推荐一款冬天用的面霜。', '带香精的化妆品会让我皮肤发痒。'],
  ),
  wish(
    null,
    ['What music fits a dinner party?', 'I listen to jazz from the fifties.'],
    ['聚餐放什么音乐合适？', '我爱听五十年代的爵士乐。'],
  ),
  wish(
    null,
    ['Help me furnish the living room.', 'I want nothing made of plastic at home.'],
    ['帮我布置一下客厅。', '家里我不要任何塑料的东西。'],
  ),
  wish(
    null,
    ['Which sport should I take up?', 'I would rather be alone than in a team.'],
    ['我练什么运动好？', '比起团队，我更愿意一个人。'],
  ),
  wish(
    null,
    ['Where should I look for a job?', 'I want to work from home three days a week.'],
    ['我该找什么样的工作？', '我希望每周能在家办公三天。'],
  ),
  wish(
    null,
    ['What should I do about my headaches?', "I don't take pills if I can help it."],
    ['我老头疼怎么办？', '能不吃药我就不吃药。'],
  ),
  wish(
    null,
    ['Which drinks shall I get for the party?', "I haven't touched alcohol for years."],
    ['聚会买什么喝的？', '我好几年滴酒不沾了。'],
  ),
  wish(
    null,
    ['How can I follow the news better?', 'Videos tire me; I prefer to read.'],
    ['我怎么关注新闻比较好？', '看视频累，我喜欢看文字。'],
  ),
  wish(null, ['How should I invest my savings?', 'I sleep badly when money is at risk.'], ['我的存款怎么投资好？', '钱有风险我就睡不着。']),
  wish(
    null,
    ['Which phone contract do you suggest?', 'I hate being tied to anything for two years.'],
    ['推荐个手机套餐吧。', '我最讨厌被合约绑两年。'],
  ),
];
