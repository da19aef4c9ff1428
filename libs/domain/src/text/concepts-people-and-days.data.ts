import type { ConceptEntry } from './concept-entry.ts';

/** People, work, home, pastimes and belongings. */
export const PEOPLE_AND_DAYS: readonly ConceptEntry[] = [
  {
    id: 'family',
    names: 'family, relative, 家人, 家庭, 家里人, 亲戚, 一家人',
    cases:
      'grandmother, grandma, grandfather, grandpa, grandparents, aunt, uncle, cousin, nephew, niece, 奶奶, 爷爷, 外婆, 外公, 姥姥, 姥爷, 阿姨, 姑姑, 叔叔, 舅舅, 表哥, 表姐, 表弟, 表妹, 堂哥, 侄子, 侄女',
  },
  {
    id: 'partner',
    within: ['family'],
    names:
      'partner, spouse, married, marry, marriage, wedding, engaged, engagement, relationship status, divorced, divorce, ~single, ~dating, break up, broke up, anniversary, 伴侣, 配偶, 结婚, 婚姻, 婚礼, 订婚, 离婚, 单身, 对象, 恋爱, 分手, 纪念日, 爱人',
    cases: 'fiance, fiancee, 未婚妻, 未婚夫',
  },
  { id: 'wife', within: ['partner'], names: 'wife, wives, 妻子, 老婆, 太太, 媳妇' },
  { id: 'husband', within: ['partner'], names: 'husband, 丈夫, 老公' },
  { id: 'girlfriend', within: ['partner'], names: 'girlfriend, 女朋友, 女友' },
  { id: 'boyfriend', within: ['partner'], names: 'boyfriend, 男朋友, 男友' },
  {
    id: 'children',
    within: ['family'],
    names:
      'child, children, ~expecting a baby, kid, baby, toddler, ~pregnant, newborn, teenager, 孩子, 小孩, 宝宝, 儿女, 子女, 娃, ~怀孕, 婴儿',
    cases: 'twins, boys, girls, 双胞胎, 大宝, 二宝, 男孩, 女孩',
  },
  { id: 'son', within: ['children'], names: 'son, 儿子' },
  { id: 'daughter', within: ['children'], names: 'daughter, 女儿, 闺女' },
  { id: 'grandchildren', within: ['family'], names: 'grandchild, grandchildren, grandson, granddaughter, 孙子, 孙女, 外孙, 外孙女' },
  {
    id: 'parents',
    within: ['family'],
    names: 'parent, 父母, 爸妈, 家长, 双亲',
  },
  { id: 'mother', within: ['parents'], names: 'mother, mom, mum, mummy, mommy, 妈妈, 母亲, 老妈, 我妈' },
  { id: 'father', within: ['parents'], names: 'father, dad, daddy, 爸爸, 父亲, 老爸, 我爸' },
  { id: 'in-laws', within: ['family'], names: 'in-laws', cases: 'mother-in-law, father-in-law, 婆婆, 公公, 岳母, 岳父' },
  {
    id: 'siblings',
    within: ['family'],
    names: 'sibling, siblings, 兄弟姐妹, 兄弟, 姐妹, 手足',
  },
  { id: 'sister', within: ['siblings'], names: 'sister', cases: '姐姐, 妹妹' },
  { id: 'brother', within: ['siblings'], names: 'brother', cases: '哥哥, 弟弟' },
  {
    id: 'friends',
    names:
      'friend, friends, best friend, roommate, flatmate, neighbour, neighbor, colleague, colleagues, coworker, 朋友, 好友, 闺蜜, 室友, 邻居, 同事, 哥们, 同学',
  },
  {
    id: 'pet',
    names: 'pet, pets, 宠物, 养了, 毛孩子, 宠物医院, vet, veterinarian, breed',
    cases: 'rabbit, hamster, parrot, goldfish, turtle, guinea pig, horse, 兔子, 仓鼠, 鹦鹉, 金鱼, 乌龟',
  },
  {
    id: 'dog',
    within: ['pet'],
    names: 'dog, puppy, 狗, 小狗, 狗狗',
    cases:
      'golden retriever, labrador, poodle, corgi, husky, beagle, collie, terrier, spaniel, dachshund, german shepherd, bulldog, 金毛, 拉布拉多, 泰迪, 柯基, 哈士奇, 柴犬',
  },
  {
    id: 'cat',
    within: ['pet'],
    names: 'cat, kitten, 猫, 小猫, 猫咪',
    cases: 'siamese, ragdoll, maine coon, tabby, persian cat, 布偶, 橘猫, 英短',
  },
  {
    id: 'job',
    names:
      'job, jobs, occupation, profession, career, employed, employer, ~employee, ~work, ~works, ~worked, ~working, do i work, where i work, i work, work as, work at, work for, works at, works for, for a living, ~workplace, ~office, ~company, ~salary, ~hired, ~promotion, ~promoted, retired, freelance, freelancer, ~resign, quit my job, ~interview, ~startup, ~business, ~run a, ~run my own, ~on call, ~teach, do i teach, 工作, 职业, ~上班, ~公司, ~单位, 岗位, 职位, 任职, 就职, 就业, 入职, ~离职, ~辞职, ~跳槽, ~工资, ~薪水, ~升职, 退休, 创业, ~面试, 行业, 从事, 打工, 做什么的, 在哪上班, 在哪里上班, 在哪儿上班, 公司上班, 医院上班, 学校上班',
    cases:
      'engineer, software engineer, programmer, developer, designer, teacher, nurse, lawyer, accountant, manager, product manager, salesman, journalist, writer, architect, scientist, researcher, professor, chef, pilot, driver, consultant, analyst, data scientist, electrician, plumber, barista, waiter, waitress, firefighter, police officer, librarian, photographer, pharmacist, dentist, flight attendant, bus driver, lorry driver, truck driver, taxi driver, train driver, car mechanic, hotel manager, restaurant manager, school teacher, music teacher, sports teacher, football coach, mechanic, carpenter, farmer, midwife, surgeon, translator, 工程师, 程序员, 设计师, 老师, 教师, 护士, 律师, 会计, 经理, 产品经理, 销售, 记者, 作家, 建筑师, 科学家, 研究员, 教授, 厨师, 飞行员, 司机, 顾问, 分析师, 警察, 公务员, 摄影师, 药剂师, 牙医, 电工, 客服, 快递员, 外卖员, 自由职业',
  },
  { id: 'boss', within: ['job'], names: 'boss, bosses, manager, supervisor, team lead, 老板, 领导, 上司, 经理, 主管' },
  {
    id: 'employer',
    names: 'employer, which company, 哪家公司, 雇主, 哪个公司',
    cases:
      'google, microsoft, ~apple, ~amazon, meta, facebook, netflix, ibm, oracle, nvidia, intel, huawei, tencent, alibaba, bytedance, baidu, xiaomi, jd.com, meituan, didi, samsung, siemens, bosch, deloitte, pwc, mckinsey, goldman sachs, 谷歌, 微软, 腾讯, 阿里, 阿里巴巴, 字节, 字节跳动, 百度, 华为, 小米公司, 京东, 美团, 滴滴, 网易, 拼多多, 三星, 西门子, 英伟达',
  },
  {
    id: 'study',
    names:
      'study, student, school, university, college, degree, major, majored, graduate, graduated, graduation, ~master, masters degree, bachelor, phd, thesis, exam, exams, homework, ~course, ~class, education, ~learn, ~tuition, ~scholarship, ~coach, 学习, 读书, 上学, 学校, 大学, 学院, 学位, 专业, 毕业, 研究生, 本科, 硕士, 博士, 论文, 考试, 作业, 课程, 上课, 教育, 学历, 留学, 考研, 高考, 高中, 初中, 小学, 学生, 课',
    cases:
      'harvard, stanford, mit, oxford, cambridge university, yale, princeton, tsinghua, peking university, ielts, toefl, gre, 清华, 清华大学, 北大, 北京大学, 复旦, 浙大, 雅思, 托福, 计算机专业',
  },
  {
    id: 'home',
    names:
      '=live, =lives, =lived, =living, live in, living in, home, hometown, house, apartment, flat, reside, residence, resident, address, moved to, move to, moving to, moved into, moved from, relocated, relocate, settled in, ~rent, renting, ~landlord, neighbourhood, neighborhood, based in, ~grew up, ~born in, ~come from, ~where am i from, ~i am from, ~im from, 住, 住在, 居住, 家, 家在, ~老家, ~故乡, ~家乡, ~grow up, 房子, 公寓, 搬家, 搬到, 搬去, 搬来, 搬进, 住址, 地址, 租房, ~房租, ~房东, 小区, 定居, ~出生地, ~来自, ~籍贯, ~户口, 人在',
  },
  {
    id: 'age',
    names:
      'age, aged, how old, years old, year old, birthday, birthdays, birth, date of birth, born, born in, ~i turned, ~im turning, birthdate, zodiac, 年龄, 几岁, 多大了, 岁数, 岁, 生日, 出生, 生于, 星座, 属相, 生肖, 今年多大, 多大年纪',
    cases:
      'aries, taurus, gemini, virgo, libra, scorpio, sagittarius, capricorn, aquarius, pisces, 白羊座, 金牛座, 双子座, 巨蟹座, 狮子座, 处女座, 天秤座, 天蝎座, 射手座, 摩羯座, 水瓶座, 双鱼座',
  },
  {
    id: 'name',
    names:
      'name, named, =called, nickname, surname, first name, last name, my name is, call me, who am i, 名字, 姓名, 叫, 我叫, 叫做, 称呼, 昵称, 小名, 姓, 贵姓, 尊姓, 英文名, 我是谁, 怎么称呼',
  },
  {
    id: 'hobby',
    names:
      'hobby, hobbies, interests, pastime, free time, spare time, leisure, for fun, weekend activity, 爱好, 兴趣, 业余, 空闲, 闲暇, 消遣, 休闲, 周末活动',
    cases:
      'gardening, knitting, fishing, photography, pottery, chess, calligraphy, collecting stamps, birdwatching, sewing, woodworking, origami, 园艺, 钓鱼, 摄影, 陶艺, 下棋, 象棋, 围棋, 书法, 集邮, 编织, 木工, 十字绣, 拼图',
  },
  {
    id: 'sport',
    within: ['hobby'],
    names:
      'sport, sports, exercise, workout, work out, gym, fitness, stay fit, keep fit, get fit, ~competition, ~race, training, athlete, 运动, 体育, 锻炼, 健身, 健身房, 训练, 比赛',
    cases:
      'football, soccer, basketball, tennis, badminton, volleyball, baseball, golf, swim, swimming, swam, running, run, ran, jogging, jog, marathon, triathlon, cycling, cycle, hiking, hike, climbing, climb, skiing, ski, squash, snowboarding, surfing, yoga, pilates, boxing, table tennis, ping pong, karate, 足球, 篮球, 网球, 羽毛球, 排球, 棒球, 高尔夫, 游泳, 跑步, 慢跑, 马拉松, 骑行, 骑车, 徒步, 爬山, 登山, 攀岩, 滑雪, 冲浪, 瑜伽, 普拉提, 拳击, 乒乓球, 太极',
  },
  {
    id: 'music',
    within: ['hobby'],
    names:
      'music, song, songs, singer, ~band, album, concert, playlist, musical instrument, instrument, ~sing, singing, listen to, 音乐, 歌, 歌曲, 歌手, 乐队, 专辑, 演唱会, 唱歌, 乐器, 听歌, 歌单',
    cases:
      'guitar, piano, violin, fiddle, trumpet, trombone, clarinet, harp, cello, drums, keyboard lessons, accordion, harmonica, flute, saxophone, ukulele, jazz, rock music, classical music, hip hop, pop music, taylor swift, beatles, jay chou, coldplay, mozart, beethoven, 吉他, 钢琴, 小提琴, 古筝, 二胡, 鼓, 爵士, 摇滚, 古典音乐, 民谣, 说唱, 周杰伦, 陈奕迅, 五月天, 贝多芬',
  },
  {
    id: 'film',
    within: ['hobby'],
    names:
      'film, films, movie, movies, cinema, tv, tv show, tv shows, ~series, actor, actress, anime, ~watch, documentary, 电影, 影片, 电视剧, 剧, 追剧, 综艺, 演员, 导演, 动漫, 纪录片, 影院, 电影院, 看片',
    cases:
      'science fiction film, horror films, thriller, romcom, sitcom, star wars, harry potter films, inception, titanic, friends sitcom, netflix series, 科幻片, 恐怖片, 喜剧片, 动作片, 爱情片, 流浪地球, 泰坦尼克号, 甄嬛传',
  },
  {
    id: 'book',
    within: ['hobby'],
    names:
      '=book, =books, novel, ~read, ~reading, reader, author, literature, poetry, fiction, 书, 书籍, 小说, 看书, 阅读, 作者, 文学, 诗歌, 读物',
    cases:
      'harry potter, lord of the rings, three-body problem, science fiction, fantasy novel, biography, manga, comics, 三体, 哈利波特, 红楼梦, 西游记, 三国演义, 科幻小说, 推理小说, 武侠小说, 漫画',
  },
  {
    id: 'games',
    within: ['hobby'],
    names: 'video game, video games, gaming, gamer, ~game, ~games, console, board game, board games, 游戏, 打游戏, 电竞, 桌游, 手游',
    cases:
      'minecraft, zelda, fortnite, league of legends, playstation, xbox, nintendo switch, genshin impact, 王者荣耀, 原神, 英雄联盟, 塞尔达, 我的世界, 吃鸡',
  },
  {
    id: 'art',
    within: ['hobby'],
    names:
      '~art, paint, painting, paintings, draw, drawing, sketch, museum, gallery, dance, dancing, theatre, theater, opera, 画画, 绘画, 美术, 艺术, 博物馆, 美术馆, 舞蹈, 跳舞, 戏剧, 戏曲, 话剧, 油画, 水彩, 国画',
    cases: 'ballet, tango, salsa dancing, watercolour, watercolor, oil painting, 芭蕾, 街舞, 广场舞, 京剧, 昆曲, 越剧, 豫剧, 黄梅戏',
  },
  {
    id: 'car',
    names:
      'car, cars, vehicle, ~drive, drives, driving, motorcycle, motorbike, truck, suv, electric car, licence plate, license plate, driving licence, 车, 汽车, 开车, 轿车, 摩托车, 电动车, 驾照, 车牌, 买车, 车子, 座驾',
    cases:
      'toyota, honda, bmw, audi, mercedes, volkswagen, tesla, ford car, porsche, volvo, byd, hyundai car, nissan, mazda, 丰田, 本田, 宝马, 奥迪, 奔驰, 大众汽车, 特斯拉, 保时捷, 沃尔沃, 比亚迪, 蔚来, 理想汽车, 小鹏',
  },
  {
    id: 'transport',
    names:
      'get to work, go to work, way to work, travel to work, commute, commuting, commutes, subway, metro, bus, train, bicycle, bike, cycle to, walk to work, taxi, public transport, 通勤, 怎么上班, 怎么去上班, 坐车上班, 地铁, 公交, 公交车, 火车, 高铁, 自行车, 出租车, 打车, 交通',
  },
  {
    id: 'flight',
    names:
      'flight, flights, flying, ~fly, airline, airlines, airport, plane, airplane, aeroplane, boarding pass, 飞机, 坐飞机, 乘飞机, 机票, 航班, 机场, 航空公司, 登机',
    cases:
      'lufthansa, ryanair, easyjet, emirates, air france, british airways, united airlines, cathay pacific, 国航, 东航, 南航, 国泰航空, 春秋航空',
  },
  {
    id: 'device',
    names:
      'phone, phones, smartphone, mobile phone, laptop, computer, tablet, camera, headphones, device, devices, gadget, 手机, 电脑, 笔记本电脑, 平板, 相机, 耳机, 设备, 数码',
    cases:
      'iphone, android phone, pixel, samsung galaxy, oneplus, nokia, macbook, ipad, thinkpad, airpods, kindle, windows pc, 苹果手机, 华为手机, 小米手机, 安卓手机',
  },
  {
    id: 'contact',
    names:
      'phone number, email, email address, e-mail, contact, contacts, wechat, telephone, postcode, zip code, 电话, 电话号码, 手机号, 邮箱, 电子邮件, 联系方式, 微信, 微信号, 邮编',
  },
  {
    id: 'programming',
    names:
      'programming, programming language, ~code, coding, ~software, framework, database, operating system, 编程, 编程语言, 代码, 写代码, 软件, 框架, 数据库, 操作系统, 开发语言, 程序',
    cases:
      'python, javascript, typescript, java, rust, golang, c++, c#, kotlin, ruby, php, react, vue, angular, django, nodejs, linux, macos, postgres, mysql, vscode, vim, emacs',
  },
  {
    id: 'money',
    names:
      'money, ~pay, ~paid, budget, budgets, ~cost, ~costs, ~price, ~prices, cheap, expensive, afford, ~spend, ~spending, savings, ~save up, student loan, ~shares, ~owe, income, invest, investment, mortgage, loan, debt, bank, tax, 钱, 预算, 价格, 花费, 便宜, 贵, 存款, 收入, 投资, 理财, 房贷, 贷款, 债, 银行, 税, 开销, 花钱, 股票, 基金',
    cases: '~euro, ~euros, ~dollar, ~dollars, ~pounds, ~yuan, ~万元, ~块钱, ~美元, ~欧元',
  },
  {
    id: 'schedule',
    names:
      'schedule, stand-up, standup, appointment, appointments, meeting, meetings, calendar, deadline, agenda, reservation, =booked, =booking, reserve, reserved, ~event, ~events, 日程, 安排, 会议, 开会, 约会, 预约, 预订, 预定, 订了, 定好, 定了, 日历, 截止, ~活动',
  },
  {
    id: 'colour',
    names: 'colour, color, colours, colors, 颜色, 色彩, 什么颜色',
    cases:
      'red, blue, green, yellow, purple, pink, teal, turquoise, beige, navy blue, ~orange, ~black, ~white, grey, gray, brown, 红色, 蓝色, 绿色, 黄色, 紫色, 粉色, 粉红色, 橙色, 黑色, 白色, 灰色, 棕色, 青色, 墨绿色',
  },
  {
    id: 'clothes',
    names:
      'clothes, clothing, wear, wears, wearing, outfit, dress, shirt, shoes, jacket, jeans, fashion, hat, glasses, 衣服, 穿, 穿搭, 服装, 裙子, 衬衫, 鞋, 鞋子, 外套, 裤子, 时尚, 帽子, 眼镜, 打扮',
    cases: 'sneakers, boots, sweater, hoodie, suit, 运动鞋, 毛衣, 卫衣, 西装, 旗袍, 汉服',
  },
  { id: 'allergen', names: 'allergen', cases: 'pollen, dust mites, latex, nickel, bee stings, wasp stings, 花粉, 尘螨, 乳胶' },
  { id: 'gift', names: 'gift, gifts, present for, presents, 礼物, 送礼, 礼品, 生日礼物' },
  {
    id: 'language',
    names:
      'language, speak, spoke, spoken, fluent, bilingual, mother tongue, native speaker, ~translate, 语言, 外语, 会说, 母语, 口语, 讲什么语, ~翻译, 语种',
    cases:
      'english, chinese, mandarin, cantonese, japanese, korean, french, german, spanish, italian, portuguese, russian, arabic, hindi, dutch, norwegian, swedish, danish, finnish, ~polish, czech, turkish, greek, hebrew, vietnamese, thai, irish, welsh, latin, esperanto, swahili, tamil, ukrainian, 英语, 英文, 中文, 汉语, 普通话, 粤语, 日语, 韩语, 法语, 德语, 西班牙语, 意大利语, 葡萄牙语, 俄语, 阿拉伯语, 日文, 法文',
  },
  { id: 'nationality', names: 'nationality, citizen, citizenship, ethnicity, 国籍, 民族, 哪国人, 哪里人' },
  {
    id: 'weather',
    names: 'weather, climate, temperature, forecast, 天气, 气候, 气温, 温度',
    cases: 'rain, rainy, sunny, snow, snowy, humid, typhoon, heatwave, 下雨, 下雪, 晴天, 台风, 潮湿',
  },
  {
    id: 'shopping',
    names:
      'shopping, shop, shops, buy, buys, bought, buying, purchase, purchased, ~mall, supermarket, ~store, 购物, 买, 买了, 逛街, 商场, 超市, 网购, 淘宝, 购买',
  },
  {
    id: 'household',
    names:
      'furniture, kitchen, sofa, couch, decorate, decoration, renovation, garden, balcony, cleaning, chores, 家具, 厨房, 沙发, 装修, 花园, 阳台, 打扫, 家务, 卧室, 客厅',
  },
  {
    id: 'belief',
    names: 'religion, religious, church, pray, faith, 宗教, 信仰, 教堂, 祷告',
    cases:
      'christian, catholic, muslim, islam, buddhist, buddhism, hindu, jewish, atheist, 基督教, 天主教, 伊斯兰教, 穆斯林, 佛教, 道教, 无神论',
  },
  {
    id: 'personality',
    names: 'personality, introvert, extrovert, introverted, extroverted, mbti, shy, outgoing, 性格, 内向, 外向, 脾气, 人格',
    cases: 'infp, intj, enfp, entp, infj, istj, isfj',
  },
  { id: 'goal', names: 'goal, goals, dream, ambition, resolution, aspiration, 目标, 梦想, 理想, 心愿, 愿望, 志向' },
  { id: 'fear', names: 'fear, fears, afraid, scared, phobia, 害怕, 恐惧, 怕, 恐高' },
  { id: 'style', names: '~answer style, ~concise, ~brief, ~tone, ~reply in, ~respond in, ~formal, ~简洁, ~简短, ~语气, ~回复, ~格式' },
];
