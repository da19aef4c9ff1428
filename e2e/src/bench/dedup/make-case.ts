import { pick } from '../../trials/random.ts';
import type { DedupCase, Expectation, Family, Said } from './case.ts';
import { fill, type Pair, type Phrasebook, type Topic } from './topic.ts';
import { variantOf } from './variants.ts';

export type Made = Omit<DedupCase, 'number'>;

interface Draft {
  readonly of: string;
  readonly texts: readonly string[];
  readonly ask: string;
  readonly expectation: Expectation;
  /** In which order they arrive, by index of `texts`, which are in the order of their times; null: as they were said. */
  readonly arrival?: readonly number[];
  readonly sameTime?: boolean;
  readonly users?: readonly number[];
}

const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(2026, 0, 5, 9, 30);
const LONGEST_DRIFT = 6;
/** Of the cases in families that have pairs in words of their own. */
const SHARE_OF_PAIRS = 0.35;

/** Makes cases of one language. */
export class Maker {
  private readonly book: Phrasebook;
  private readonly random: () => number;
  private readonly makers: Readonly<Record<Family, () => Draft>>;

  constructor(book: Phrasebook, random: () => number) {
    this.book = book;
    this.random = random;
    const same = (of: string, ask: string, texts: readonly string[]): Draft => ({ of, ask, texts, expectation: { kind: 'same' } });
    this.makers = {
      repeat: () => this.about(({ name, ask }, said) => same(name, ask, [said, said])),
      variant: () =>
        this.about(({ ask }, said) => {
          const variant = variantOf(said, book.language, random);
          return same(variant.name, ask, [said, variant.text]);
        }),
      paraphrase: () => this.paraphrase(),
      subset: () => this.fuller((plain, more) => [more, plain]),
      superset: () => this.fuller((plain, more) => [plain, more]),
      negation: () => this.unlike('negation'),
      'other person': () => this.unlike('other'),
      'used to': () => this.usedTo(),
      number: () => this.otherNumber(),
      unit: () => this.otherUnit(),
      date: () => this.otherDate(),
      'two items': () => this.twoItems(),
      supersession: () => (random() < 0.25 ? this.turnabout() : this.changes(2)),
      drift: () => this.changes(3 + Math.floor(random() * (LONGEST_DRIFT - 1))),
      'late arrival': () => this.late(),
      intervals: () => this.intervals(),
      'equal times': () => ({ ...this.changes(2), sameTime: true }),
      deletion: () =>
        this.about(({ name, ask }, said) => ({
          of: name,
          ask,
          texts: [said, said, said],
          expectation: { kind: 'deleted' },
          arrival: [1, 0, 2],
        })),
      'one of two erased': () => this.erased(),
    };
  }

  make(family: Family): Made {
    const pairs = this.book.pairs.filter((pair) => pair.family === family);
    const made = pairs.length > 0 && this.random() < SHARE_OF_PAIRS ? this.pair(pick(this.random, pairs)) : this.makers[family]();
    const { of, texts, ask, expectation, arrival, sameTime = false, users } = made;
    let atMs = FIRST_DAY_MS + Math.floor(this.random() * 200) * DAY_MS;
    const timed = texts.map((text): Said => {
      atMs += sameTime ? 0 : (1 + Math.floor(this.random() * 40)) * DAY_MS;
      return { user: 0, conversation: this.random() < 0.3 ? 'one' : `at-${Math.floor(this.random() * 1e9)}`, atMs, text };
    });
    const arriving = (arrival ?? timed.map((_, index) => index)).flatMap((index) => timed[index] ?? []);
    const said = arriving.map((each, index) => ({ ...each, user: users?.[index] ?? 0 }));
    return { family, language: this.book.language, of, said, ask, expectation };
  }

  private pair({ family, one, other, values, both = true }: Pair): Draft {
    const value = values.length === 0 ? '' : pick(this.random, values);
    const texts = [one, other].map((each) => fill(each, value));
    const same = family === 'paraphrase' || family === 'subset' || family === 'superset';
    return { of: `${one} / ${other}`, ask: one, texts, expectation: same ? { kind: 'same' } : { kind: 'unlike', both } };
  }

  private about(make: (topic: Topic, plain: string) => Draft): Draft {
    const topic = pick(this.random, this.book.topics);
    return make(topic, fill(pick(this.random, topic.ways), pick(this.random, topic.values)));
  }

  private topicWith(test: (topic: Topic) => boolean): Topic {
    return pick(this.random, this.book.topics.filter(test));
  }

  /** So many of the items, none twice. */
  private some<Item>(items: readonly Item[], count: number): readonly Item[] {
    const left = [...items];
    return Array.from({ length: Math.min(count, left.length) }, () => {
      const taken = pick(this.random, left);
      left.splice(left.indexOf(taken), 1);
      return taken;
    });
  }

  private paraphrase(): Draft {
    const { name, ways, values, ask } = this.topicWith((topic) => topic.ways.length > 1);
    const value = pick(this.random, values);
    return { of: name, ask, texts: this.some(ways, 2).map((way) => fill(way, value)), expectation: { kind: 'same' } };
  }

  private fuller(order: (plain: string, more: string) => readonly string[]): Draft {
    const topic = this.topicWith(({ more }) => more.length > 0);
    const value = pick(this.random, topic.values);
    const more = pick(this.random, topic.more);
    const plain = topic.ways.findLast((way) => more.startsWith(way.replace(/[.。]$/u, ''))) ?? topic.ways[0] ?? '';
    return { of: topic.name, ask: topic.ask, texts: order(fill(plain, value), fill(more, value)), expectation: { kind: 'same' } };
  }

  private unlike(which: 'negation' | 'other'): Draft {
    const topic = this.topicWith(({ unlike }) => unlike[which] !== undefined);
    const value = pick(this.random, topic.values);
    const pair = [topic.ways[0] ?? '', topic.unlike[which] ?? ''].map((each) => fill(each, value));
    const texts = this.random() < 0.3 ? pair.toReversed() : pair;
    return { of: topic.name, ask: topic.ask, texts, expectation: { kind: 'unlike', both: which === 'other' } };
  }

  /** Of another value it ends nothing; of the same it may. */
  private usedTo(): Draft {
    const topic = this.topicWith(({ unlike }) => unlike.before !== undefined);
    const [now = '', once = ''] = this.some(topic.values, 2);
    const both = this.random() < 0.5;
    const texts = [fill(topic.ways[0] ?? '', now), fill(topic.unlike.before ?? '', both ? once : now)];
    return { of: topic.name, ask: topic.ask, texts, expectation: { kind: 'unlike', both } };
  }

  private twoItems(): Draft {
    const topic = this.topicWith(({ change, name }) => change.length === 0 && !ONE_ALTHOUGH_NEVER_CHANGED.has(name));
    const way = pick(this.random, topic.ways);
    const texts = this.some(topic.values, 2).map((value) => fill(way, value));
    return { of: topic.name, ask: topic.ask, texts, expectation: { kind: 'unlike', both: true } };
  }

  private measured(texts: readonly string[], of: string): Draft {
    return { of, ask: texts[0] ?? '', texts, expectation: { kind: 'unlike', both: false } };
  }

  private otherNumber(): Draft {
    const { text, numbers, units } = pick(this.random, this.book.measured);
    const unit = pick(this.random, units);
    const texts = this.some(numbers, 2).map((number) => text.replace('{n}', number).replace('{u}', unit));
    return this.measured(texts, text);
  }

  private otherUnit(): Draft {
    const { text, numbers, units } = pick(
      this.random,
      this.book.measured.filter((each) => each.units.length > 1),
    );
    const number = pick(this.random, numbers);
    const texts = this.some(units, 2).map((unit) => text.replace('{n}', number).replace('{u}', unit));
    return this.measured(texts, text);
  }

  private otherDate(): Draft {
    const { text, days } = pick(this.random, this.book.dated);
    return this.measured(
      this.some(days, 2).map((day) => text.replace('{d}', day)),
      text,
    );
  }

  private changes(count: number): Draft {
    const { name, ways, values, change, ask } = this.topicWith((topic) => topic.change.length > 0);
    const texts = this.some(values, count).map((value, index) => fill(pick(this.random, index === 0 ? ways : change), value));
    return { of: name, ask, texts, expectation: { kind: 'holds', index: texts.length - 1 } };
  }

  private turnabout(): Draft {
    const { before, after, ask } = pick(this.random, this.book.turnabouts);
    return { of: before, ask, texts: [before, after], expectation: { kind: 'holds', index: 1 } };
  }

  /** What was said last arrives first. */
  private late(): Draft {
    const changed = this.changes(this.random() < 0.7 ? 2 : 3);
    const last = changed.texts.length - 1;
    const arrival = [last, ...this.some([...changed.texts.keys()].slice(0, last), last)];
    return { ...changed, arrival, expectation: { kind: 'holds', index: 0 } };
  }

  private intervals(): Draft {
    const { ended, lasting, values, ask } = pick(this.random, this.book.intervals);
    const [once = '', now = ''] = this.some(values, 2);
    const pair = [ended.replace('{a}', once), lasting.replace('{b}', now)];
    const turned = this.random() < 0.5;
    return { of: ended, ask, texts: turned ? pair.toReversed() : pair, expectation: { kind: 'all-hold', first: turned ? 0 : 1 } };
  }

  private erased(): Draft {
    const { name, ways, values, ask } = pick(this.random, this.book.topics);
    const texts = this.some(values, 2).map((value) => fill(pick(this.random, ways), value));
    return { of: name, ask, texts, expectation: { kind: 'erased' }, users: [0, 1] };
  }
}

/** What nobody has two of, although nobody says that it has changed. */
const ONE_ALTHOUGH_NEVER_CHANGED = new Set(['native language', 'home town', 'studies', '母语', '老家', '专业']);
