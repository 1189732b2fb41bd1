/**
 * The closed lists that people and private facts are drawn from. Every name and every value is one token, with its
 * leading space, under the tokenizers of both shipped models (`names.test.ts` checks it), so that a fact is right or
 * wrong by one greedy token.
 */
const list = (words: string) => words.trim().split(/\s+/)

const women = list(`
  Ada Alma Amy Anna Bea Bella Carla Cleo Cora Daisy Dana Dora Edith Ella Elsa Emma
  Erin Eva Faye Fiona Flora Freya Gina Greta Gwen Hana Heidi Helen Ida Ines Iris Isla
  Ivy Jana Jane Judy June Kira Lara Lena Lily Lisa Lola Lucy Luna Maria Maya Mila
  Mira Mona Nadia Nina Nora Olga Petra Rosa Ruby Ruth Sara Tara Uma Vera Yara Zoe`)

const men = list(`
  Abel Adam Alan Amir Arlo Axel Basil Ben Boris Bruno Carl Cyrus Dan David Dean Diego
  Eli Emil Eric Ethan Felix Finn Frank Fred George Glen Hans Harry Hugo Ian Igor Ivan
  Jack Jacob Jonas Juan Karl Kofi Lars Leo Liam Luis Marco Mark Max Milo Nils Noah
  Omar Oscar Otto Owen Paul Pedro Peter Ravi Sam Simon Sven Theo Tim Tom Victor Walter`)

/** 64 women and 64 men, in turn. */
export const names: readonly string[] = women.flatMap((woman, index) => [woman, men[index]])

const setOfWomen = new Set(women)
export const isWoman = (name: string) => setOfWomen.has(name)

export const secretWords = list(`
  amber anchor arrow basket bridge button candle copper cotton crystal ember feather garden hammer island ladder
  lantern marble meadow mirror needle ocean pebble ribbon shadow silver spiral thunder timber velvet whistle winter`)

export const animals = list(`
  badger beetle cat cow crab crow dog donkey duck eagle fox frog goat goose hare hen
  horse lamb lizard mouse otter owl parrot pig pony rabbit raven seal snail spider swan turtle`)

export const foods = list(`
  bacon beans bread cake carrots cheese cherries corn eggs fish ham honey jam leeks lemons melons
  noodles nuts olives onions pears peas pie plums potatoes pudding rice salad sausage soup stew toast`)

export const towns = list(`
  Alder Ashton Barrow Bexley Calder Corby Denby Elmton Fenton Garth Hexham Hilton Kelso Kirby Langley Marlow
  Melton Norton Oakham Penrith Ripley Rugby Selby Seaton Stroud Thorpe Tilbury Upton Walton Wells Whitby Yarm`)
