import { draft, slot, type Draft, type DraftRule } from './draft.ts';
import { cityOf, placeAt } from './english-places.ts';
import { ENGLISH_OCCUPATION } from './occupations.data.ts';
import { preferenceThing } from './things.ts';

const ADVERB =
  '(?:\\s+(?:currently|now|still|just|recently|also|actually|really|already|finally|both|presently|all|only|always|mostly|mainly|usually))*';
const WE = '(?:I|we)';
const NO_LONGER = /\bno longer\b|\b(?:any ?more|any longer)\b/iu;

const homeDraft = (rest: string, negated: boolean): Draft | null => {
  const place = placeAt(rest);
  if (place === null) return null;
  return slot('home.city', cityOf(place), { negated, spheres: ['home'], entities: [place] });
};

const employerOf = (rest: string): string | null => {
  const name = placeAt(rest);
  return name !== null && /^\p{Lu}/u.test(name) ? name : (/^[\p{Script=Han}]{2,10}$/u.exec(rest)?.[0] ?? null);
};

const HOME: readonly DraftRule[] = [
  {
    pattern: new RegExp(
      `^${WE}(?:['’](?:m|re)| am| are)?${ADVERB} (?<no>no longer |do not |don['’]t )?(?:live|living|based|residing|reside|located|settled)${ADVERB} in (?<rest>.+)`,
      'iu',
    ),
    make: (group, clause) => {
      const denies = group('no') !== '' || NO_LONGER.test(clause);
      return homeDraft(group('rest'), denies);
    },
  },
  {
    pattern: /^(?:I|we)(?:['’]ve| have)(?: been)? (?:lived|living) in (?<rest>.+? (?:since|for)\b.*)/iu,
    make: (group) => homeDraft(group('rest'), false),
  },
  {
    pattern: new RegExp(`^(?<past>${WE} used to live|${WE} lived|${WE} (?:was|were) living) in (?<rest>.+)`, 'iu'),
    // No slot: what was once is no claim about today, and must not push today's value out.
    make: (group) =>
      draft({
        negated: /used to/iu.test(group('past')),
        spheres: ['home'],
        entities: [placeAt(group('rest')) ?? ''].filter((name) => name !== ''),
      }),
  },
  {
    pattern: new RegExp(
      `^${WE}(?:['’]ve| have)?${ADVERB} (?:moved|relocated)(?: (?:back|over|out|away|house))*(?: from .+?)? to (?<rest>.+)`,
      'iu',
    ),
    make: (group) => (/^(?:another|a different|team|the next)\b/iu.test(group('rest')) ? null : homeDraft(group('rest'), false)),
  },
  {
    pattern: /^(?:I|we)(?:['’](?:m|re|ll)| am| are| will)? (?:be )?(?:moving|relocating|move|relocate) to (?<rest>.+)/iu,
    make: (group) => draft({ spheres: ['home'], entities: [placeAt(group('rest')) ?? ''].filter((name) => name !== '') }),
  },
  {
    pattern: /^my (?:home ?town|home town) is (?<rest>.+)/iu,
    make: (group) => slot('origin', cityOf(placeAt(group('rest')) ?? group('rest')), { spheres: ['home'] }),
  },
  {
    pattern: /^I(?:['’]m| am| come| came|['’]m originally| am originally)(?: originally)? from (?<rest>.+)/iu,
    make: (group) => {
      const place = placeAt(group('rest'));
      return place === null || !/^\p{Lu}/u.test(place) ? null : slot('origin', cityOf(place), { entities: [place] });
    },
  },
  {
    pattern: /^I (?:was born|grew up|was raised|was born and raised) in (?<rest>\p{Lu}.+)/u,
    make: (group) => draft({ spheres: ['home', 'birthday'], entities: [placeAt(group('rest')) ?? ''].filter((name) => name !== '') }),
  },
];

const WORK: readonly DraftRule[] = [
  {
    pattern: new RegExp(
      `^I(?:['’]m| am)?${ADVERB} (?<no>no longer |don['’]t |do not )?(?:work|working)${ADVERB} (?:at|for) (?<rest>.+)`,
      'iu',
    ),
    make: (group, clause) => {
      const name = employerOf(group('rest'));
      const negated = group('no') !== '' || NO_LONGER.test(clause);
      return name === null
        ? draft({ spheres: ['work'], negated })
        : slot('work.employer', name, { negated, spheres: ['work'], entities: [name] });
    },
  },
  {
    pattern:
      /^I(?:['’]ve| have)?(?: just| recently| finally)? (?:joined|started(?: working| a new job| my new job| a job)? (?:at|with)|got (?:a|the) (?:new )?job (?:at|with)|got hired (?:by|at)|switched to|started (?:working )?for) (?<rest>\p{Lu}.+)/u,
    make: (group) => {
      const name = employerOf(group('rest'));
      return name === null ? null : slot('work.employer', name, { spheres: ['work'], entities: [name] });
    },
  },
  {
    pattern:
      /^I(?:['’]ve| have)?(?: just| recently)? (?:quit|left|stopped working (?:at|for)|resigned from|got fired from|got laid off from|was laid off from) (?:my job at |my position at )?(?<rest>\p{Lu}.+)/u,
    make: (group) => {
      const name = employerOf(group('rest'));
      return name === null ? null : slot('work.employer', name, { negated: true, spheres: ['work'], entities: [name] });
    },
  },
  {
    pattern: new RegExp(
      `^I(?:['’]m| am| work| was promoted to| got promoted to|['’]ve become| became| have become)${ADVERB}(?<no> no longer| not)?(?: working)?(?: as)? (?:an? |the |our )?(?<role>${ENGLISH_OCCUPATION})s?\\b(?<rest>.*)$`,
      'iu',
    ),
    make: (group, clause) => {
      const at = /\b(?:at|for|with) (?<name>.+)/u.exec(group('rest'))?.groups?.['name'];
      const negated = group('no') !== '' || NO_LONGER.test(clause);
      if (/\b(?:fan|user|lover|person|bit|great|bad|terrible|good) /iu.test(`${group('role')} `)) return null;
      const employer = at === undefined ? null : employerOf(at);
      const entities = employer === null ? [] : [employer];
      return slot('work.role', group('role').replace(/^(?:currently|now|working as|as)\s+/iu, ''), {
        negated,
        spheres: ['work'],
        entities,
      });
    },
  },
  {
    pattern: /^my (?:job|profession|occupation|job title|role) is (?:an? |the )?(?<role>.+)/iu,
    make: (group) => slot('work.role', group('role'), { spheres: ['work'] }),
  },
  {
    pattern: /^my (?:employer|company) is (?<name>\p{Lu}.*)/iu,
    make: (group) => slot('work.employer', group('name'), { spheres: ['work'], entities: [group('name')] }),
  },
];

const SELF: readonly DraftRule[] = [
  {
    pattern: /^my (?:full |first |real )?name(?:['’]s| is) (?<name>\p{L}[\p{L}'’ -]{0,40})$/iu,
    make: (group) => slot('name', group('name'), { entities: [group('name')] }),
  },
  {
    pattern: /^(?:[Pp]lease )?(?:[Jj]ust )?[Cc]all me (?<name>\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*)?)(?: from now on| please)?$/u,
    make: (group) => slot('name.called', group('name'), { kind: 'preference', entities: [group('name')] }),
  },
  {
    pattern: /^(?:I am|I['’]m) (?<name>\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?)(?:,.*)?$/u,
    make: (group) =>
      /(?:ese|ish|ian|ean|ic|ist|an|tarian|ing|ed|egan|ewish|uslim|indu|ench|utch|erman|reek|wiss|hai|ndian|appy|usy|ine|ngle|ired)$/u.test(
        group('name'),
      )
        ? null
        : slot('name', group('name'), { entities: [group('name')] }),
  },
  {
    pattern:
      /^I(?:['’]m| am| just turned| turned|['’]ve just turned)(?: now| already)? (?<age>\d{1,3}|twenty|thirty|forty|fifty|sixty|seventy|eighty)(?: years? old| years of age|-years?-old| now| today| yesterday| last \w+| this \w+)?$/iu,
    make: (group) => slot('age', group('age'), {}),
  },
  {
    pattern: /^(?:my|I was) (?:birthday(?: is|['’]s)|born)(?: on)? (?<date>.*\d.*|(?:today|tomorrow|yesterday).*)$/iu,
    make: (group) => slot('birthday', group('date').replace(/\s+in\s.*$/iu, ''), { spheres: ['birthday'] }),
  },
  { pattern: /^(?:today|tomorrow|it)(?: is|['’]s) my birthday\b/iu, make: () => draft({ spheres: ['birthday'] }) },
  {
    pattern:
      /^(?:I['’]m|I am|we['’]re|we are)(?: now| happily| still| newly)* (?<status>married|single|divorced|engaged|widowed|separated)\b/iu,
    make: (group) => slot('marital.status', group('status'), { spheres: ['family'] }),
  },
  {
    pattern: /^(?:I|we)(?:['’]ve| have)?(?: just| recently| finally)? (?:got|gotten) (?<status>married|divorced|engaged)\b/iu,
    make: (group) => slot('marital.status', group('status'), { spheres: ['family'] }),
  },
  {
    pattern: /^my (?:native language|mother tongue|first language) is (?<value>.+)/iu,
    make: (group) => slot('language.native', group('value'), { spheres: ['language'] }),
  },
  {
    pattern: /^my (?:e-?mail(?: address)?) is (?<value>\S+@\S+)/iu,
    make: (group) => slot('contact.email', group('value'), { spheres: ['contact'] }),
  },
  {
    pattern: /^my (?:phone|mobile|cell)(?: phone)? number is (?<value>[+\d][\d ()-]{4,})/iu,
    make: (group) => slot('contact.phone', group('value').replace(/[^\d+]/gu, ''), { spheres: ['contact'] }),
  },
  {
    pattern: /^(?:I['’]m|I am) (?<value>\d(?:[.,]\d+)? ?m|\d{3} ?cm|\d(?:'| foot | feet )\d{0,2}"?)(?: tall)?$/iu,
    make: (group) => slot('body.height', group('value')),
  },
  {
    pattern: /^I weigh (?:about |around )?(?<value>\d{2,3}(?:\.\d)? ?(?:kg|kilos?|pounds|lbs))/iu,
    make: (group) => slot('body.weight', group('value'), { spheres: ['health'] }),
  },
];

const HEALTH: readonly DraftRule[] = [
  {
    // Two words that the general rule would take for a mood.
    pattern:
      /^(?:I['’]m|I am|we['’]re|we are)(?<no>(?: no longer| not)?)(?: also| both| partially| slightly| legally| currently| now)* (?:(?<health>pregnant|diabetic|asthmatic|epileptic|an[a]?emic)|colou?r[- ]?blind|deaf|blind|left-handed|autistic|dyslexic|retired|unemployed|bilingual|jewish|muslim|christian|catholic|buddhist|hindu|an atheist|gay|lesbian|bisexual)\b/iu,
    make: (group) => draft({ negated: group('no') !== '', spheres: group('health') === '' ? [] : ['health'] }),
  },
  {
    pattern:
      /^(?:I['’]m|I am|I have been|I['’]ve been)(?<no>(?: no longer| not)?)(?: really| very| severely| deathly| also| mildly| highly| badly)* allergic to (?<what>[^,;(（]+)/iu,
    make: (group, clause) => {
      const thing = group('what').replace(/\s*\b(?:any ?more|any longer|since|because|so|and I|after)\b.*$/iu, '');
      return slot(`health.allergy.${preferenceThing(thing)}`, preferenceThing(thing), {
        negated: group('no') !== '' || NO_LONGER.test(clause),
        spheres: ['health', 'food'],
      });
    },
  },
  {
    pattern: /^(?:I have|I['’]ve got) an? (?<what>[\p{L} ]+?) allergy/iu,
    make: (group) =>
      slot(`health.allergy.${preferenceThing(group('what'))}`, preferenceThing(group('what')), { spheres: ['health', 'food'] }),
  },
  {
    pattern:
      /^(?:I['’]ve|I have|I)(?: finally| recently| just)? (?:quit|stopped|given up|gave up) (?<what>smoking|drinking(?: alcohol)?|vaping|eating [\p{L} ]+|drinking [\p{L} ]+)/iu,
    make: (group) => slot(`habit.${normaliseThing(group('what'))}`, 'stopped', { negated: true, spheres: ['health'] }),
  },
  {
    pattern: /^I (?<no>don['’]t |do not |never |no longer )(?<what>smoke|vape|drink)(?: alcohol)?(?: any ?more| at all| any longer)?$/iu,
    make: (group) => slot(`habit.${group('what').toLowerCase().replace(/e?$/u, 'ing')}`, 'stopped', { negated: true, spheres: ['health'] }),
  },
  {
    pattern: /^I(?: still| now)? (?<what>smoke|vape)\b/iu,
    make: (group) => slot(`habit.${group('what').toLowerCase().replace(/e$/u, 'ing')}`, 'does', { spheres: ['health'] }),
  },
];

/** "My car is red" and "my phone is broken" tell what it is like, and not which one it is. */
const namesOne = (group: (name: string) => string): boolean => group('article') !== '' || /^\p{Lu}|\d/u.test(group('value'));

const POSSESSIONS: readonly DraftRule[] = [
  {
    pattern: /^my (?:new |current )?phone is (?<article>an? |the )?(?<value>[^,;]+)/iu,
    make: (group) => (namesOne(group) ? slot('phone.model', group('value'), { spheres: ['device'] }) : null),
  },
  {
    pattern:
      /^I(?:['’]ve| have)?(?: just| recently| now)? (?:use|got|bought|switched to|upgraded to|own|have) (?:an? |the |my )?(?:new )?(?<value>(?:iPhone|Pixel|Galaxy|Xiaomi|Huawei|OnePlus|Fairphone)[\p{L}\d +]*)/iu,
    make: (group) =>
      slot('phone.model', group('value').replace(/\s+(?:last|yesterday|today|this|and|for|because|since)\b.*$/iu, ''), {
        spheres: ['device'],
      }),
  },
  {
    pattern: /^my (?:new |current )?car is (?!called|named)(?<article>an? |the )?(?<value>[^,;]+)/iu,
    make: (group) => (namesOne(group) ? slot('car', group('value'), { spheres: ['car'] }) : null),
  },
  {
    pattern: /^I(?: now| currently)? drive (?:an? )(?<value>[\p{Lu}\d][\p{L}\d -]*)/u,
    make: (group) => slot('car', group('value').replace(/\s+(?:to|and|because|for|since|now)\b.*$/iu, ''), { spheres: ['car'] }),
  },
];

const normaliseThing = (thing: string): string =>
  thing
    .toLowerCase()
    .replace(/^(?:all |any |the |some )/u, '')
    .trim();

/** What an English speaker says of themself in a form that fills a slot or names its sphere. */
export const ENGLISH_SLOTS: readonly DraftRule[] = [...HOME, ...WORK, ...SELF, ...HEALTH, ...POSSESSIONS];
