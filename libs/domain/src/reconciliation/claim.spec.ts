import { claimOf, contradicts, isEndOf, repeats, saysMore } from './claim.ts';

describe('claims', () => {
  it.each([
    ['I play the trumpet', 'I have been playing the trumpet'],
    ['I collect stamps', 'My hobby is collecting stamps'],
    ['Every morning I take insulin', 'I take insulin each morning'],
    ['My bicycle is red', 'I own a red bike'],
    ['I have two children', "I've got two kids"],
    ['I grew up in Cork', 'I was raised in Cork'],
    ["I'm scared of spiders", "I'm afraid of spiders"],
    ['周末我打网球', '我周末打网球'],
    ['我在大学学历史', '我大学学的是历史'],
    ['我会说法语', '我法语说得很流利'],
    ['我收藏邮票', '我的爱好是收藏邮票'],
    ['我老婆来自四川', '我老婆是四川人'],
    ['我會說法語', '我会讲法语'],
  ])('take "%s" and "%s" for one', (one, other) => {
    expect(repeats(claimOf(one), claimOf(other))).toBe(true);
    expect(repeats(claimOf(other), claimOf(one))).toBe(true);
  });

  it.each([
    ['I eat meat', 'I never eat meat'],
    ['I have a horse called Storm', 'I had a horse called Storm'],
    ['I play chess in a club', 'I played chess in a club'],
    ['I live by the sea', 'I will live by the sea'],
    ['I collect shells', 'I used to collect shells'],
    ['My cat chases my dog', 'My dog chases my cat'],
    ['I have 2 cousins', 'I have 3 cousins'],
    ['I run 5 miles', 'I run 5 kilometers'],
    ['I have an exam on 2 March', 'I have an exam on 3 March'],
    ['My sister plays chess', 'My brother plays chess'],
    ['I play the cello', 'I no longer play the cello'],
    ['我吃早饭', '我从不吃早饭'],
    ['我喝3杯水', '我喝3升水'],
    ['我养鸽子', '我以前养鸽子'],
    ['我的猫追我的狗', '我的狗追我的猫'],
    ['我去过日本', '我打算去日本'],
    ['我有两只猫', '我有三只猫'],
  ])('keep "%s" and "%s" apart', (one, other) => {
    for (const [a, b] of [
      [claimOf(one), claimOf(other)],
      [claimOf(other), claimOf(one)],
    ] as const)
      expect([repeats(a, b), saysMore(a, b)]).toEqual([false, false]);
  });

  it.each([
    ['I play the trumpet', 'I play the trumpet in a small orchestra'],
    ['I ride a motorcycle', 'I ride a motorcycle because parking is easy'],
    ['I speak Polish', 'I speak Polish fluently'],
    ['My cat is called Cleo', 'My cat is called Cleo and is very shy'],
    ['我每天坐地铁上班', '我每天坐地铁上班，要一个小时'],
    ['我的猫叫年糕', '我的猫叫年糕，特别怕生'],
  ])('find "%s" in "%s"', (plain, fuller) => {
    expect(saysMore(claimOf(fuller), claimOf(plain))).toBe(true);
    expect(saysMore(claimOf(plain), claimOf(fuller))).toBe(false);
  });

  it.each([
    ['I drink tea', 'I drink tea or coffee'],
    ['I eat fish', 'I eat fish only on holidays'],
    ['I play the cello', 'I play the cello until June'],
    ['I like green', 'I like green tea'],
    ['我喝茶', '我喝茶，但不喝绿茶'],
  ])('do not find "%s" in "%s", which limits it', (plain, fuller) => {
    expect(saysMore(claimOf(fuller), claimOf(plain))).toBe(false);
  });

  it.each([
    ['I no longer play the cello', 'I play the cello'],
    ["I don't collect stamps any more", 'I collect stamps from the fifties'],
    ['I stopped drinking coffee', 'I drink coffee'],
    ['我不再弹钢琴了', '我会弹钢琴'],
  ])('see in "%s" the end of "%s"', (end, claim) => {
    expect(isEndOf(claimOf(end), claimOf(claim))).toBe(true);
    expect(isEndOf(claimOf(claim), claimOf(end))).toBe(false);
  });

  it('see no end of anything else', () => {
    expect(isEndOf(claimOf('I no longer play the cello'), claimOf('I play the violin'))).toBe(false);
    expect(isEndOf(claimOf('I no longer play the cello'), claimOf('I played the cello'))).toBe(false);
  });

  it.each([
    ['I eat breakfast', 'I never eat breakfast'],
    ["I don't eat meat", 'I eat meat again'],
    ['I have siblings', 'I have no siblings'],
    ['我喝咖啡', '我不喝咖啡'],
    ['我有兄弟姐妹', '我没有兄弟姐妹'],
  ])('see that "%s" and "%s" exclude each other', (one, other) => {
    expect(contradicts(claimOf(one), claimOf(other))).toBe(true);
    expect(contradicts(claimOf(other), claimOf(one))).toBe(true);
  });

  it.each([
    ['I eat breakfast', 'I never eat lunch'],
    ['I eat meat', 'I did not eat meat'],
    ['I have two siblings', 'I have no siblings at school'],
    ['我喝咖啡', '我以前不喝咖啡'],
  ])('see that "%s" and "%s" may both be true', (one, other) => {
    expect(contradicts(claimOf(one), claimOf(other))).toBe(false);
  });
});
