const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
const NO_PLACE_WORD =
  /^(?:这.*|那.*|哪.*|里|里面|外|外面|外地|外国|家|家里|家乡|学校|公司|医院|国外|国内|一.*|几.*|很|不|的|了|吃.*|喝|看|看看|玩|买|做|工作|上班|旅游|旅行|出差|出国|爬|爬山|逛|逛街|参加|找|接|跟|和|同|朋友|我.*|你.*|他.*|她.*|楼|附近|老家|乡下|农村|城里|市区|市中心|郊区|宿舍|店|超市|商场|健身房|健身|跑步|游泳|银行|过|来|某.*|大家|图书馆|公园|餐厅|机场|车站|电影院|海边|山上|山里|网上|两.*|十.*|半.*|三(?!亚|明|门|沙|峡).*|单位|办公室|出租屋|公寓|酒店|民宿|父母|爸妈|婚礼|演唱会|野餐|滑雪|露营|徒步|打.*|学.*|拿|取|办|上(?!海|饶|虞).*|下.*|现在|最近|实践|寻找|查找|攀登|探险|游泳池|很多|自己|门口|晚上|城市|大自然|海滩|计划|这里|那里|一起|咖啡店|博物馆|影院|体检)$/u;
const ENDS = /[，,。；、！？的了过着吧呢啊\s（(]/u;
const SUFFIX = /^(?:市|省|区|县|镇|岛|州|国|路|大学)$/u;

/** The name of a place at the beginning of a Chinese text; null where the first word names none. */
export function chinesePlaceAt(text: string): string | null {
  const latin = /^\s*(?<name>[A-Z][\p{L}'’-]*(?: [A-Z][\p{L}'’-]*)*)/u.exec(text)?.groups?.['name'];
  if (latin !== undefined) return latin;
  let place = '';
  for (const { segment } of segmenter.segment(text.slice(0, 12))) {
    if (ENDS.test(segment) || !/^\p{Script=Han}+$/u.test(segment)) break;
    if (place === '' && NO_PLACE_WORD.test(segment)) return null;
    if (place === '' || SUFFIX.test(segment)) {
      place += segment;
      continue;
    }
    break;
  }
  return place.length >= 2 && place.length <= 8 ? place : null;
}

/** A short name that the dictionary does not know, standing alone up to the end of its piece. */
export function chineseNameAt(text: string): string | null {
  const name = /^(?<name>[\p{Script=Han}]{2,4})(?=$|[，,。了的吧啊呢（(])/u.exec(text)?.groups?.['name'];
  const first = name === undefined ? undefined : [...segmenter.segment(name)][0]?.segment;
  return name === undefined || first === undefined || (first.length > 1 && NO_PLACE_WORD.test(first)) || NO_PLACE_WORD.test(name)
    ? null
    : name;
}
