import type { ConceptEntry } from './concept-entry.ts';

/** On the way, at the table, and what one must not have there. */
export const ROAD_AND_TABLE: readonly ConceptEntry[] = [
  {
    id: 'travel',
    names:
      'travel, traveller, traveler, trip, journey, tour, tourism, tourist, sightseeing, backpacking, itinerary, getaway, destination, abroad, overseas, cruise, road trip, business trip, been to, go to visit, ~went to, ~gone to, ~go out, ~going out, been there, vacation, vacations, going on holiday, go on holiday, ~spent a week in, ~spent a month in, ~spent a year in, ~spent a weekend in, flew, fly, flying, flight, passport, visa, luggage, ~visited, ~visit, traveled to, 旅游, 旅行, 旅程, 出游, 游玩, 出去玩, 出行, 去玩, 出差, 行程, 自由行, 跟团, 景点, 目的地, 出国, 去过, 到过, ~去了, ~玩了, ~去趟, ~飞去, 订票, 飞往, 飞到, 机票, 航班, 签证, 护照, 攻略, 游览, 自驾, 自驾游, 度假',
    cases: 'hiking trip, camping trip, weekend trip, city trip, 蜜月旅行',
  },
  {
    id: 'holiday',
    names: '~vacation, ~vacations, ~holiday, ~holidays, ~day off, ~days off, ~leave, ~假期, ~假日, ~节日, ~放假, ~长假, ~休假, ~节假日',
    cases:
      'summer vacation, summer holiday, summer holidays, winter vacation, winter break, spring break, national day, christmas, easter, thanksgiving, halloween, new year, lunar new year, spring festival, golden week, labour day, mid-autumn festival, dragon boat festival, 暑假, 寒假, 国庆, 国庆节, 十一黄金周, 黄金周, 五一, 劳动节, 元旦, 春节, 过年, 新年, 圣诞, 圣诞节, 中秋, 中秋节, 端午, 端午节, 清明节, 元宵节, 情人节',
  },
  { id: 'place', names: '~place to go, ~somewhere to go, ~where have i been, ~去哪里玩, ~去哪玩, ~地点' },
  { id: 'city', within: ['place'], names: 'city, cities, ~town, capital city, metropolis, 城市, 都市, ~城里' },
  { id: 'country', within: ['place'], names: 'country, countries, ~nation, 国家, 哪国' },
  {
    id: 'lodging',
    names:
      'hotel, hotels, hostel, motel, inn, lodging, accommodation, resort, guesthouse, guest house, bed and breakfast, airbnb, stayed at, stay at, staying at, stay in a hotel, check in, chain hotel, hotel brand, homestay, 酒店, 宾馆, 旅馆, 旅店, 旅社, 饭店住宿, 民宿, 客栈, 青旅, 住宿, 入住, 住过, 住酒店, 连锁酒店, 度假村, 酒店品牌, 招待所',
    cases:
      'hilton, marriott, hyatt, sheraton, westin, ritz carlton, holiday inn, intercontinental, crowne plaza, best western, radisson, novotel, ibis, accor, sofitel, mercure, doubletree, hampton inn, four seasons hotel, shangri-la, wyndham, ramada, motel 6, super 8, 7 days inn, seven days inn, 7days inn, ji hotel, hanting, home inn, jinjiang inn, atour, orange hotel, vienna hotel, premier inn, travelodge, 七天酒店, 七天连锁, 选七天, 七天优品, 住七天酒店, 全季, 希尔顿, 万豪, 凯悦, 喜来登, 威斯汀, 丽思卡尔顿, 洲际, 假日酒店, 皇冠假日, 香格里拉, 汉庭, 如家, 锦江之星, 亚朵, 桔子酒店, 维也纳酒店, 格林豪泰, 布丁酒店, 雅高, 诺富特, 宜必思',
  },
  {
    id: 'food',
    names:
      'food, foods, eat, eats, eating, ate, eaten, meal, meals, dish, dishes, cuisine, cook, cooks, cooked, cooking, recipe, recipes, dinner, lunch, breakfast, supper, brunch, snack, snacks, restaurant, restaurants, dine, dining, taste, tasty, delicious, hungry, menu, buffet, takeaway, takeout, chef, groceries, spicy, flavour, flavor, ingredient, barbecue, bbq, 食物, 食品, 吃, 吃饭, 吃的, 好吃, 美食, 菜, 菜谱, 做菜, 做饭, 炒菜, 烹饪, 烧菜, 早餐, 早饭, 午餐, 午饭, 晚餐, 晚饭, 夜宵, 零食, 餐厅, 饭馆, 餐馆, 饭店, 外卖, 点菜, 口味, 饮食, 饿, 小吃, 辣, 吃辣, 料理, 食材, 聚餐, 请客',
    cases:
      'pizza, pasta, noodles, ramen, rice, bread, soup, salad, sandwich, burger, hamburger, sushi, curry, tacos, taco, hotpot, hot pot, dumplings, dumpling, dim sum, egg, eggs, tofu, cheese, potato, potatoes, mushroom, mushrooms, pancake, pancakes, steak, kebab, coriander, cilantro, garlic, onion, onions, sichuan food, cantonese food, 火锅, 面条, 拉面, 米饭, 饺子, 包子, 馒头, 粥, 披萨, 汉堡, 寿司, 烧烤, 烤鸭, 川菜, 粤菜, 湘菜, 日料, 西餐, 豆腐, 鸡蛋, 香菜, 大蒜, 葱, 姜, 土豆, 蘑菇, 麻辣烫, 米粉, 螺蛳粉, 点心, 早茶, 沙拉, 意面',
  },
  {
    id: 'seafood',
    within: ['food'],
    names: 'seafood, shellfish, ~fish, 海鲜, 水产, ~鱼, 河鲜, 贝类',
    cases:
      'shrimp, shrimps, prawn, prawns, crab, crabs, lobster, oyster, oysters, salmon, tuna, squid, clam, clams, mussels, scallops, octopus, 虾, 螃蟹, 大闸蟹, 龙虾, 小龙虾, 生蚝, 三文鱼, 金枪鱼, 鱿鱼, 蛤蜊, 扇贝, 带鱼, 鲈鱼, 章鱼',
  },
  {
    id: 'meat',
    within: ['food'],
    names: 'meat, 肉, 肉类, 荤菜, 吃肉',
    cases:
      'beef, pork, chicken, lamb, mutton, bacon, ham, sausage, duck, turkey meat, steak, 牛肉, 猪肉, 羊肉, 鸡肉, 鸭肉, 牛排, 红烧肉, 培根, 香肠',
  },
  {
    id: 'diet',
    within: ['food'],
    names: 'diet, diets, dietary, dieting, low carb, low-carb, calories, fasting, 忌口, 饮食习惯, 节食, 减脂, 控糖, 轻食, 吃素',
    cases:
      'vegetarian, vegan, pescatarian, keto, halal, kosher, gluten free, gluten-free, lactose intolerant, dairy free, sugar free, 素食, 素食者, 素食主义者, 纯素, 清真, 无麸质, 乳糖不耐, 生酮',
  },
  {
    id: 'sweets',
    within: ['food'],
    names: 'dessert, desserts, sweets, candy, fruit, fruits, cake, cakes, bake, baking, 甜点, 甜品, 甜食, 甜的, 糖果, 水果, 蛋糕, 烘焙',
    cases:
      'chocolate, cookie, cookies, ice cream, pie, apple pie, apples, banana, bananas, mango, strawberry, strawberries, grapes, oranges, watermelon, durian, peach, 巧克力, 饼干, 冰淇淋, 苹果派, 香蕉, 芒果, 草莓, 葡萄, 西瓜, 榴莲, 桃子, 橙子',
  },
  {
    id: 'drink',
    names: 'drink, drinks, drank, drinking, beverage, beverages, thirsty, cafe, 喝, 饮料, 饮品, 喝的, 口渴, 咖啡馆, 咖啡店, 奶茶店',
    cases:
      'tea, green tea, black tea, oolong, coffee, latte, espresso, cappuccino, americano, juice, milk, cola, coke, soda, lemonade, smoothie, milk tea, bubble tea, matcha, 茶, 绿茶, 红茶, 乌龙茶, 普洱, 龙井, 咖啡, 拿铁, 美式, 果汁, 牛奶, 可乐, 奶茶, 豆浆, 抹茶',
  },
  {
    id: 'alcohol',
    within: ['drink'],
    names: 'alcohol, alcoholic, ~bar, ~pub, 酒, 喝酒, 饮酒, 酒吧, 酒量',
    cases:
      'beer, wine, red wine, whisky, whiskey, vodka, cocktail, cocktails, sake, champagne, gin, rum, 啤酒, 红酒, 白酒, 葡萄酒, 威士忌, 鸡尾酒, 茅台, 清酒, 黄酒',
  },
  {
    id: 'allergy',
    within: ['health', 'food'],
    names: 'allergy, allergies, allergic, intolerant, intolerance, anaphylaxis, 过敏, 过敏原, 不耐受',
    cases: 'peanut allergy, nut allergy, pollen allergy, hay fever, 花粉过敏, 花生过敏, 海鲜过敏',
  },
];
