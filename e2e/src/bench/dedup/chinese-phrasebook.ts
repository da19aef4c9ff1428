import { CHINESE_TOPICS } from './chinese-topics.ts';
import { CHINESE_PAIRS } from './chinese-pairs.ts';
import type { Phrasebook } from './topic.ts';

const NUMBERS = ['2', '3', '4', '5', '6', '8', '10', '12', '15', '20'];

export const CHINESE: Phrasebook = {
  language: 'zh',
  topics: CHINESE_TOPICS,
  pairs: CHINESE_PAIRS,
  measured: [
    { text: '我每天早上跑{n}{u}。', numbers: NUMBERS, units: ['公里', '英里'] },
    { text: '我有{n}个表弟。', numbers: NUMBERS, units: [''] },
    { text: '我的房租是每月{n}00{u}。', numbers: NUMBERS, units: ['元', '美元', '欧元'] },
    { text: '我每天喝{n}{u}水。', numbers: NUMBERS, units: ['杯', '升', '瓶'] },
    { text: '我上班路上要{n}{u}。', numbers: NUMBERS, units: ['分钟', '小时'] },
    { text: '我在这里工作了{n}{u}。', numbers: NUMBERS, units: ['年', '个月', '周'] },
    { text: '我每周游泳{n}{u}。', numbers: NUMBERS, units: ['次', '小时'] },
    { text: '我的院子里有{n}棵苹果树。', numbers: NUMBERS, units: [''] },
    { text: '我买了{n}{u}大米。', numbers: NUMBERS, units: ['公斤', '斤', '袋'] },
    { text: '我家有{n}只鸡。', numbers: ['两', '三', '四', '五', '六', '七'], units: [''] },
  ],
  dated: [
    { text: '我预约了{d}看牙。', days: ['5月3日', '5月4日', '6月9日', '7月21日'] },
    { text: '我{d}有钢琴考试。', days: ['3月2日', '3月3日', '4月2日', '11月15日'] },
    { text: '我的结婚纪念日是{d}。', days: ['6月12日', '6月21日', '7月12日', '9月1日'] },
    { text: '我的租约{d}到期。', days: ['1月31日', '2月28日', '3月31日', '6月30日'] },
    { text: '我订了{d}的餐厅。', days: ['周一', '周二', '周五', '周日'] },
    { text: '我从{d}开始写日记。', days: ['2011年', '2012年', '2018年', '2021年'] },
  ],
  intervals: [
    {
      ended: '2010年到2015年我住在{a}。',
      lasting: '2016年以来我住在{b}。',
      values: ['杭州', '成都', '南京', '青岛', '厦门'],
      ask: '我现在住在哪里？',
    },
    { ended: '我2010年到2015年住在{a}。', lasting: '我现在住在{b}。', values: ['昆明', '西安', '苏州', '大连'], ask: '我住在哪里？' },
    {
      ended: '我2008年到2014年在{a}上班。',
      lasting: '我现在在{b}上班。',
      values: ['华为', '小米', '腾讯', '百度'],
      ask: '我在哪家公司上班？',
    },
    { ended: '我2017年以前开{a}。', lasting: '我开{b}。', values: ['宝马', '丰田', '大众', '特斯拉'], ask: '我开什么车？' },
  ],
  turnabouts: [
    { before: '我每天都抽烟。', after: '我戒烟了。', ask: '我抽烟吗？' },
    { before: '不要给我推荐海鲜。', after: '海鲜又可以了。', ask: '海鲜可以吗？' },
    { before: '我喜欢恐怖片。', after: '我现在讨厌恐怖片。', ask: '我喜欢恐怖片吗？' },
    { before: '我讨厌香菜。', after: '我现在喜欢香菜了。', ask: '我喜欢香菜吗？' },
    { before: '我对花生过敏。', after: '我现在对花生不过敏了。', ask: '我对花生过敏吗？' },
    { before: '我住在北京。', after: '我不再住在北京了。', ask: '我住在北京吗？' },
    { before: '我在腾讯上班。', after: '我不再在腾讯上班了。', ask: '我在腾讯上班吗？' },
    { before: '我喜欢咖啡。', after: '我不再喜欢咖啡了。', ask: '我喜欢咖啡吗？' },
    { before: '我会弹钢琴。', after: '我不再弹钢琴了。', ask: '我弹钢琴吗？' },
    { before: '我吃素。', after: '我不再吃素了。', ask: '我吃素吗？' },
    { before: '我收藏邮票。', after: '我不再收藏邮票了。', ask: '我收藏邮票吗？' },
  ],
};
