import type { ConceptEntry } from './concept-entry.ts';

/** Health and what ails it, sleep, and the body's measures. */
export const BODY: readonly ConceptEntry[] = [
  {
    id: 'health',
    names:
      'health, healthy, health problem, medical, ~doctor, ~hospital, ~clinic, ~therapy, ~dentist, ~children hospital, 健康, 身体, 身体状况, ~医生, ~看医生, ~看病, ~医院, 体检, ~复查, ~门诊',
    cases: 'blood type, 血型, pacemaker, glasses prescription',
  },
  {
    id: 'illness',
    within: ['health'],
    names:
      'illness, disease, sick, ill, symptom, suffer, diagnosed, diagnosis, medical condition, condition, ache, 生病, 病, 疾病, 症状, 确诊, 慢性病, 毛病, 血压有点高, 血压偏高',
    cases:
      'diabetes, diabetic, asthma, high blood pressure, hypertension, insomnia, depression, anxiety, arthritis, flu, cold sore, covid, cancer, fever, cough, anemia, epilepsy, celiac disease, gout, 糖尿病, 哮喘, 高血压, 血压高, 失眠, 抑郁, 抑郁症, 焦虑, 关节炎, 感冒, 发烧, 咳嗽, 贫血, 胃病, 鼻炎, 新冠, 痛风',
  },
  {
    id: 'pain',
    within: ['illness'],
    names: 'pain, ~hurt, 疼, 痛',
    cases: 'migraine, headache, back pain, toothache, stomach ache, 偏头痛, 头痛, 头疼, 腰疼, 胃疼, 牙疼',
  },
  {
    id: 'injury',
    within: ['health'],
    names: 'injury, injured, break a bone, broken bone, fracture, 受伤, 骨折, 扭伤',
    cases:
      'broke my arm, broke my leg, broke my wrist, broke my ankle, broke my left, broke my right, broke my foot, hurt my knee, hurt my back, sprained, sprain, twisted my ankle',
  },
  {
    id: 'surgery',
    within: ['health'],
    names: 'surgery, operation, 手术, 开刀',
    cases: 'hip replacement, knee replacement, appendix out, transplant, bypass',
  },
  {
    id: 'medication',
    within: ['health'],
    names: 'medicine, medication, pill, prescription, tablets a day, antibiotic, drug, painkiller, 抗生素, 药, 吃药, 用药, 药物',
    cases:
      'metformin, insulin, ibuprofen, aspirin, paracetamol, penicillin, amoxicillin, blood thinners, statins, antidepressants, inhaler, 青霉素, 阿莫西林, 胰岛素, 二甲双胍, 布洛芬, 阿司匹林, 降压药',
  },
  {
    id: 'sleep',
    within: ['health'],
    names:
      'sleep, sleeps, sleeping, slept, asleep, bedtime, wake up, ~wake, woke up, get up, got up, getting up, go to bed, nap, early riser, night owl, 睡觉, 睡眠, 早睡, 晚睡, 早起, 熬夜, 起床, 午睡, 作息, 夜猫子, 睡, 几点睡, 几点起床',
  },
  {
    id: 'smoking',
    within: ['health'],
    names: 'smoke, smokes, smoking, smoker, cigarette, cigarettes, vape, 抽烟, 吸烟, 烟, 香烟, 戒烟, 电子烟',
  },
  {
    id: 'body',
    within: ['health'],
    names: 'height, ~weight, tall, weigh, weighs, lose weight, 身高, 体重, 减肥, 瘦, 胖, 多高, 多重, 鞋码, shoe size, clothing size',
  },
];
