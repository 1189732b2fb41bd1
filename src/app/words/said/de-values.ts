/** German for what is wrong with a foreign value (`src/lib/schema.ts`, `src/model/foreignFields.ts`), as the end of “rank …”. */
import type { Sentences } from './said'

const kinds = [
  ['a number', 'eine Zahl'],
  ['a whole number', 'eine ganze Zahl'],
  ['true or false', 'true oder false'],
  ['a list', 'eine Liste'],
  ['an empty list', 'eine leere Liste'],
  ['an object', 'ein Objekt'],
] as const

/** What a value must be. A name of a device may be “text”, so that none of it stands alone. */
const wanted = [
  ['text', 'muss Text sein'],
  ['text with something in it', 'muss ein Text sein, in dem etwas steht'],
  ['a list with something in it', 'muss eine Liste sein, in der etwas steht'],
  ['{bound} or more', 'muss {bound} oder mehr sein'],
  ['{bound} or less', 'muss {bound} oder weniger sein'],
  ['greater than {bound}', 'muss größer als {bound} sein'],
  ['less than {bound}', 'muss kleiner als {bound} sein'],
  ['of {count} characters or more', 'muss wenigstens {count} Zeichen haben'],
  ['of {count} characters or less', 'darf höchstens {count} Zeichen haben'],
  ['of {count} items or more', 'muss wenigstens so viele Einträge haben: {count}'],
  ['of {count} items or less', 'darf höchstens so viele Einträge haben: {count}'],
  ['one of: {names}', 'muss eines von diesen sein: {names}'],
  ['a multiple of {number}', 'muss ein Vielfaches von {number} sein'],
  ['{one} or {other}', 'muss {one} oder {other} sein'],
  ['{wanted}', 'muss {wanted} sein'],
] as const

export const values: Sentences = [
  ...kinds,
  ['the file', 'die Datei'],
  ['is missing', 'fehlt'],
  ['cannot be read', 'lässt sich nicht lesen'],
  ['cannot be {value}', 'kann nicht {value} sein'],
  ['holds {name}, which is not known here', 'enthält {name}, was hier nicht bekannt ist'],
  ...wanted.flatMap(
    ([english, german]): Sentences => [
      [`must be ${english}`, german],
      [`must be ${english}, not {value}`, `${german}, nicht {value}`],
    ],
  ),
  ['{value} is not supported here, only {only}', '{value} geht hier nicht, nur {only}'],
  [
    '{value} is not supported here, only {only} or {other}',
    '{value} geht hier nicht, nur {only} oder {other}',
  ],
  [
    '{value} is not supported here, only {only} or {other} or {third}',
    '{value} geht hier nicht, nur {only} oder {other} oder {third}',
  ],
  ['{value} is not supported here: {instead}', '{value} geht hier nicht: {instead}'],
  ['choose the unquantised model', 'Wähle das Modell ohne Quantisierung'],
  ['choose a model with all its heads', 'Wähle ein Modell mit all seinen Köpfen'],
  ['choose a model whose layers are all alike', 'Wähle ein Modell, dessen Schichten alle gleich sind'],
]
