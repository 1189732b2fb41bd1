/** An inn's kitchen: who cooks, what is on the stove, when the doors open, and what the guests say. */
import { names } from '../names'
import { colours, type DomainGrammar, days, hours } from './domain'

const dishes = ['soup', 'stew', 'pie', 'pudding', 'salad', 'omelette', 'curry', 'broth', 'roast', 'casserole']

export const kitchen: DomainGrammar = {
  roles: {
    cook: names,
    helper: names,
    owner: names,
    inn: ['Red Fox', 'Old Mill', 'Blue Door', 'White Swan', 'Golden Spoon', 'Green Bottle', 'Three Stars'],
    special: dishes,
    spice: ['pepper', 'mint', 'ginger', 'garlic', 'thyme', 'mustard', 'saffron', 'basil leaves', 'nutmeg'],
    filling: ['mushrooms', 'onions', 'leeks', 'beans', 'carrots', 'lentils', 'potatoes', 'peas', 'pumpkin'],
    pot: colours,
    opening: hours,
    marketDay: days,
    sweet: ['honey', 'plums', 'cherries', 'apples', 'pears', 'lemons', 'walnuts', 'raisins'],
  },
  rules: {
    dish: dishes,
    thing: ['butter', 'cheese', 'cream', 'rice', 'milk', 'flour', 'oil', 'salt', 'sugar', 'ham'],
    tool: ['knife', 'spoon', 'pan', 'bowl', 'lid', 'whisk', 'ladle', 'tray'],
    heat: ['simmered', 'boiled', 'cooked', 'bubbled', 'rested'],
    taste: ['sweet', 'salty', 'bitter', 'rich', 'mild', 'hot', 'sour'],
    amount: ['a cup of', 'a pinch of', 'a spoon of', 'a handful of', 'half a bowl of', 'a little'],
    start: [
      '[on|every|last] {day} the kitchen of the {inn} [opened|woke up|was busy] at {opening}',
      'at {opening} in the morning {cook} [lit the stove|opened the kitchen|tied on an apron] at the {inn}',
      '{cook} [came down|walked in|was there] [early|before {helper}|at {opening}] and put the {pot} pot on the stove',
      '[before|after] {opening} the kitchen of the {inn} smelled of {spice} and [fresh|warm] [bread|milk|butter|cakes]',
      'on {marketDay} {owner} came [home|back] from the market with {many} [bags|baskets|boxes] of {filling}',
    ],
    prepare: [
      '{helper} [washed|peeled|chopped|cut] the {filling} [{slowly}|with a {tool}] and put them into the {pot} pot',
      '{cook} [added|stirred in|took] {amount} {spice} and {amount} {thing}',
      'then {cook} [mixed|stirred|beat] {few} eggs with {amount} {thing} in [a big|a small|the old] bowl',
      '{helper} [held|dropped|cleaned|looked for] the {tool} while {cook} [tasted|stirred|watched] the {special}',
      'the {special} needed {few} [cups of water|spoons of oil|eggs] and {amount} {spice}',
      'for the {special} {cook} [always used|never forgot] {spice}, and {helper} [cut|brought|washed] {many} {filling}',
      '{cook.she} [hummed a song|looked at the clock|wiped {cook.her} hands] while the {special} {heat}',
      'it {heat} for {many} minutes, and {helper} [set the table|warmed the plates|cut the {thing}]',
      'the {dish} {heat} in the {pot} pot for {few} hours, and nobody [touched|opened] the lid',
    ],
    trouble: [
      'suddenly the {dish} [burned|boiled over|smelled strange], and {helper} [ran|called] for {owner}',
      '{helper} had [forgotten|spilled|lost] the {thing}, so {cook} [used|took] {amount} {spice} instead',
      'there was no {thing} left, so {owner} [went|ran] to the [cellar|shop|neighbours] and [borrowed|brought] some {slowly}',
      '{cook} [cut|burned] {cook.her} [finger|hand] on the {tool}, but {cook.she} went on [{slowly}|with the {special}]',
      'the cat [jumped|climbed] onto the table and [stole|ate] the {thing}, but {helper.she} only laughed',
      'the {tool} fell [into the {pot} pot|on the floor|behind the stove], and {helper} laughed',
    ],
    talk: [
      '"It needs [more|a little] {spice}," said {cook}, and {helper} [nodded|agreed|looked into the {pot} pot]',
      '"Is the {special} ready?" asked {owner}, but {cook} [shook {cook.her} head|only smiled|pointed at the clock]',
      '"[Please bring|Give] me the {tool}," said {cook}, "and {amount} {thing}."',
      '"This {dish} is too {taste}," {said} {guest=person}, so {cook} added {amount} {spice}',
      '"We open at {opening}," {said} {owner}, "and {many} guests are waiting for the {special}."',
      '"What is in the {special}?" asked {guest=person}, and {helper} {said}, "We took {filling} and {spice}."',
    ],
    serve: [
      '{guest=person} ordered the {special} [with {filling}|and {amount} {thing}] and [ate|finished] it {slowly}',
      'at {hour} {owner} served the {special} with {filling} to {many} guests',
      'the guests at the {inn} [liked|loved|praised] the {special}, because {cook} made it {taste} with {spice}',
      '{helper} carried {few} plates of {dish} [to the window|to the garden|up the stairs], where {guest=person} was waiting',
      'for dessert there was {dish} with {sweet}, and it tasted {taste}',
      '{guest=person} [came in|sat down] at {hour} and asked for {dish}, but {guest.she} got the {special} with {filling}',
      '{cook} filled the last {dish} with {sweet}, as {cook.she} did every {day}',
    ],
    end: [
      '[late|in the evening|when all was done] {helper} [washed|dried|cleaned] the {pot} pot and {owner} counted the [money|plates]',
      'at the end of the day {cook} was {feeling}, and {cook.she} [ate|shared] the last {dish} with {helper}',
      '{owner} [closed|locked] the {inn} and [thanked|paid] {helper} for the {dish}',
      '{owner.she} was {feeling}, for {many} guests had [come|eaten] at the {inn} that {part}',
      'when the guests had gone, {cook} wrote "{special} with {filling}" on the list for {day}',
      'that {part} nothing was left but {amount} {thing} and {few} {sweet}',
    ],
  },
  plots: [
    'start prepare prepare talk serve end',
    'start prepare trouble talk end',
    'start prepare talk serve',
    'start talk prepare serve serve',
    'start trouble talk serve end',
  ],
}
