import { ENGLISH_MANY_VALUES } from './english-many-values.ts';
import { ENGLISH_ONE_VALUE } from './english-one-value.ts';
import { ENGLISH_PAIRS } from './english-pairs.ts';
import type { Phrasebook } from './topic.ts';

const NUMBERS = ['2', '3', '4', '5', '6', '8', '10', '12', '15', '20'];

export const ENGLISH: Phrasebook = {
  language: 'en',
  topics: [...ENGLISH_ONE_VALUE, ...ENGLISH_MANY_VALUES],
  pairs: ENGLISH_PAIRS,
  measured: [
    { text: 'I run {n} {u} every morning.', numbers: NUMBERS, units: ['kilometers', 'miles'] },
    { text: 'I have {n} cousins in Portugal.', numbers: NUMBERS, units: [''] },
    { text: 'My rent is {n}00 {u} a month.', numbers: NUMBERS, units: ['euros', 'dollars', 'pounds'] },
    { text: 'I sleep {n} hours a night on {u}.', numbers: ['6', '7', '8', '9'], units: ['weekdays', 'weekends'] },
    { text: 'I drink {n} {u} of water a day.', numbers: NUMBERS, units: ['glasses', 'liters', 'bottles'] },
    { text: 'My train to work takes {n} {u}.', numbers: NUMBERS, units: ['minutes', 'hours'] },
    { text: 'I have worked here for {n} {u}.', numbers: NUMBERS, units: ['years', 'months', 'weeks'] },
    { text: 'I take {n} {u} of vitamin D a week.', numbers: NUMBERS, units: ['drops', 'tablets', 'capsules'] },
    { text: 'My garden has {n} apple trees.', numbers: NUMBERS, units: [''] },
    { text: 'I bought {n} {u} of flour yesterday.', numbers: NUMBERS, units: ['kilos', 'pounds', 'bags'] },
  ],
  dated: [
    { text: 'My dentist appointment is on {d}.', days: ['3 May', '4 May', '9 June', '21 July', '30 August'] },
    { text: 'I have booked a table for {d}.', days: ['Monday', 'Tuesday', 'Friday', 'Sunday'] },
    { text: 'My wedding anniversary is on {d}.', days: ['12 June', '21 June', '12 July', '1 September'] },
    { text: 'I have a piano exam on {d}.', days: ['2 March', '3 March', '2 April', '15 November'] },
    { text: 'My lease ends on {d}.', days: ['31 January', '28 February', '31 March', '30 June'] },
    { text: 'I started my diary in {d}.', days: ['2011', '2012', '2018', '2021'] },
  ],
  intervals: [
    {
      ended: 'I lived in {a} from 2010 to 2015.',
      lasting: 'I have lived in {b} since 2016.',
      values: ['Lyon', 'Oslo', 'Porto', 'Leeds', 'Denver', 'Dublin'],
      ask: 'Where do I live now?',
    },
    {
      ended: 'I worked at {a} from 2008 to 2014.',
      lasting: 'I work at {b} now.',
      values: ['Siemens', 'Nokia', 'Bosch', 'Airbus', 'Ikea'],
      ask: 'Which company do I work for?',
    },
    {
      ended: 'I studied in {a} from 2001 to 2005.',
      lasting: 'I live in {b}.',
      values: ['Lyon', 'Oslo', 'Graz', 'Leeds', 'Kyoto'],
      ask: 'Where do I live?',
    },
    {
      ended: 'I drove a {a} until 2017.',
      lasting: 'I drive a {b}.',
      values: ['Volvo', 'Toyota', 'Skoda', 'Mazda', 'Kia'],
      ask: 'What car do I drive?',
    },
    {
      ended: 'I played the {a} from 2003 to 2009.',
      lasting: 'I play the {b}.',
      values: ['cello', 'flute', 'harp', 'violin'],
      ask: 'Which instrument do I play?',
    },
  ],
  turnabouts: [
    { before: 'I smoke.', after: 'I quit smoking.', ask: 'Do I smoke?' },
    { before: "I don't eat meat.", after: 'I eat meat again.', ask: 'Do I eat meat?' },
    { before: 'Never suggest seafood to me.', after: 'Seafood is fine again.', ask: 'Is seafood fine?' },
    { before: 'I love horror movies.', after: "I can't stand horror movies any more.", ask: 'Do I like horror movies?' },
    { before: 'I hate coriander.', after: 'I love coriander now.', ask: 'Do I like coriander?' },
    { before: "I'm allergic to peanuts.", after: "I'm no longer allergic to peanuts.", ask: 'Am I allergic to peanuts?' },
    { before: "I'm vegan.", after: "I'm no longer vegan.", ask: 'Am I vegan?' },
    { before: 'I live in Paris.', after: "I don't live in Paris any more.", ask: 'Do I live in Paris?' },
    { before: 'I work at Nokia.', after: 'I left Nokia.', ask: 'Do I work at Nokia?' },
    { before: 'I love coffee.', after: 'I stopped drinking coffee.', ask: 'Do I drink coffee?' },
    { before: 'I play the cello.', after: 'I no longer play the cello.', ask: 'Do I play the cello?' },
    { before: 'I own a red bicycle.', after: 'I no longer own a red bicycle.', ask: 'Do I own a bicycle?' },
    { before: 'I speak Polish with my neighbor.', after: "I don't speak Polish with my neighbor any more.", ask: 'Do I speak Polish?' },
    { before: 'I collect stamps.', after: "I don't collect stamps any more.", ask: 'Do I collect stamps?' },
  ],
};
