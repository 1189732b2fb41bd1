/** German for what is wrong with a model's files: configuration and weights (`src/model/`, `src/model/checkpoint/`). */
import type { Sentences } from './said'

/** What follows “config.json: …”. */
export const configuration: Sentences = [
  ['config.json: {place}: {what}. {why}', 'config.json: {place}: {what}. {why}'],
  ['Choose a model of type {types} or {last}.', 'Wähle ein Modell der Art {types} oder {last}.'],
  [
    'Choose another model of type {type}, or download this one again.',
    'Wähle ein anderes Modell der Art {type}, oder lade dieses noch einmal herunter.',
  ],
  [
    'config.json: model_type: "{type}" is unknown here. {why}',
    'config.json: model_type: „{type}“ ist hier unbekannt. {why}',
  ],
  [
    'config.json: {field}: {value} contradicts {other} {otherValue}, which is the same. Download the model again.',
    'config.json: {field}: {value} widerspricht {other} {otherValue}, und beide meinen dasselbe. Lade das Modell noch einmal herunter.',
  ],
  [
    'config.json: {field} is {value}: this setting is not known here, and without it the model might be computed wrongly. Choose another model of type {type}, or take it out of the file if it is a mere note.',
    'config.json: {field} ist {value}: Diese Einstellung ist hier nicht bekannt, und ohne sie könnte das Modell falsch gerechnet werden. Wähle ein anderes Modell der Art {type}, oder nimm sie aus der Datei, wenn sie bloß eine Notiz ist.',
  ],
  [
    'config.json: layer_types: "{kind}" contradicts use_sliding_window {value}. Download the model again.',
    'config.json: layer_types: „{kind}“ widerspricht use_sliding_window {value}. Lade das Modell noch einmal herunter.',
  ],
  [
    'config.json: head_dim: {width} is odd, so rotary positions do not fit it. Choose another model.',
    'config.json: head_dim: {width} ist ungerade, darum passen gedrehte Positionen nicht dazu. Wähle ein anderes Modell.',
  ],
  [
    'config.json: {place}: high_freq_factor {high} is not above low_freq_factor {low}, so nothing lies between them. Download the model again.',
    'config.json: {place}: high_freq_factor {high} liegt nicht über low_freq_factor {low}, und so liegt nichts dazwischen. Lade das Modell noch einmal herunter.',
  ],
  [
    'config.json: its heads are {width} channels wide, and up to {most} can be computed here. Choose another model.',
    'config.json: Die Köpfe sind {width} Kanäle breit, und gerechnet werden hier bis zu {most}. Wähle ein anderes Modell.',
  ],
  [
    'config.json: {whole} {size} is no multiple of {part} {parts}. Download the model again.',
    'config.json: {whole} {size} ist kein Vielfaches von {part} {parts}. Lade das Modell noch einmal herunter.',
  ],
]

export const weights: Sentences = [
  [
    '{model} has no {file}. Choose a model in the safetensors format.',
    '{model} hat keine Datei {file}. Wähle ein Modell im Format safetensors.',
  ],
  ...(['{place}', 'the file'] as const).map(
    (place) =>
      [
        `{index} names no shards: ${place} {what}. Download the model again.`,
        `{index} nennt keine Teile: ${place === '{place}' ? place : 'Die Datei'} {what}. Lade das Modell noch einmal herunter.`,
      ] as const,
  ),
  ['{index} names {count} shards: too many.', '{index} nennt {count} Teile: zu viele.'],
  [
    '{index} names a shard "{shard}", which is no file of this model. Download the model again.',
    '{index} nennt einen Teil „{shard}“, der keine Datei dieses Modells ist. Lade das Modell noch einmal herunter.',
  ],
  [
    '{index} names {shard}, but {model} has no such file. Download all shards.',
    '{index} nennt {shard}, aber {model} hat diese Datei nicht. Lade alle Teile herunter.',
  ],
  [
    '{index} says that {shard} holds "{tensor}", but it does not. Download both again.',
    '{index} sagt, dass in {shard} „{tensor}“ liegt, und das stimmt nicht. Lade beide noch einmal herunter.',
  ],
  [
    'The weights have no tensor "{tensor}". They are no whole {family} model.',
    'Den Gewichten fehlt der Tensor „{tensor}“. Sie sind kein ganzes Modell der Art {family}.',
  ],
  [
    '"{tensor}" is [{shape}], but config.json says [{wanted}]. The files do not belong together.',
    '„{tensor}“ ist [{shape}], aber config.json sagt [{wanted}]. Die Dateien gehören nicht zusammen.',
  ],
  [
    '"{tensor}" is of type {type}; only F32, F16 and BF16 can be read. Choose the unquantised model.',
    '„{tensor}“ hat den Typ {type}; lesbar sind nur F32, F16 und BF16. Wähle das Modell ohne Quantisierung.',
  ],
  [
    'The weights hold a tensor "{tensor}" that this engine would not use, so its results would be wrong. Choose another model.',
    'Die Gewichte enthalten einen Tensor „{tensor}“, der hier nicht benutzt würde, und so kämen falsche Ergebnisse heraus. Wähle ein anderes Modell.',
  ],
  [
    'The weights hold more than {most} tensors. Choose another model.',
    'Die Gewichte enthalten mehr als {most} Tensoren. Wähle ein anderes Modell.',
  ],
  [
    'The weights hold "{tensor}" twice. Download the model again.',
    'Die Gewichte enthalten „{tensor}“ zweimal. Lade das Modell noch einmal herunter.',
  ],
  [
    '"{tensor}" holds the number {number}: the weights are damaged. Choose another model.',
    '„{tensor}“ enthält die Zahl {number}: Die Gewichte sind beschädigt. Wähle ein anderes Modell.',
  ],
]

/** What is wrong with a safetensors file, and how the sentence goes on. */
export const safetensors: Sentences = [
  ['{file}.safetensors: {why}', '{file}.safetensors: {why}'],
  ['{why} Fetch or export the file again.', '{why} Hol oder exportiere die Datei noch einmal.'],
  [
    'Tensor {tensor} is of type {type}; only F32, F16 and BF16 can be read. Convert the file first.',
    'Tensor {tensor} hat den Typ {type}; lesbar sind nur F32, F16 und BF16. Wandle die Datei zuerst um.',
  ],
  [
    'Tensor {tensor} has {count} numbers but the shape [{shape}].',
    'Tensor {tensor} hat {count} Zahlen, aber die Form [{shape}].',
  ],
  [
    'A safetensors file needs at least 8 bytes, this one has {bytes}.',
    'Eine safetensors-Datei braucht mindestens 8 Bytes, diese hat {bytes}.',
  ],
  [
    'The header claims {bytes} bytes, more than {most}: not a safetensors file of a model or an adapter.',
    'Der Kopf nennt {bytes} Bytes, mehr als {most}: Das ist keine safetensors-Datei eines Modells oder Adapters.',
  ],
  [
    'The header claims {bytes} bytes but the file has {has}: it is cut off.',
    'Der Kopf nennt {bytes} Bytes, die Datei hat aber {has}: Sie ist abgeschnitten.',
  ],
  [
    'The header names {count} tensors; up to {most} can be read.',
    'Der Kopf nennt {count} Tensoren; lesbar sind bis zu {most}.',
  ],
  [
    'The header\'s "__metadata__" has more than {most} entries.',
    '„__metadata__“ im Kopf hat mehr als {most} Einträge.',
  ],
  [
    'The header\'s "__metadata__" holds something other than strings.',
    '„__metadata__“ im Kopf enthält etwas anderes als Texte.',
  ],
  [
    'The header is not a JSON object: not a safetensors file, or a damaged one.',
    'Der Kopf ist kein JSON-Objekt: Das ist keine safetensors-Datei, oder eine beschädigte.',
  ],
  ...(['{place}', 'it'] as const).map(
    (place) =>
      [
        `The header's entry for {tensor} is malformed: ${place} {what}.`,
        `Der Eintrag für {tensor} im Kopf ist missgebildet: ${place === 'it' ? 'Er' : place} {what}.`,
      ] as const,
  ),
  ['Tensor {tensor} has the unknown type "{type}".', 'Tensor {tensor} hat den unbekannten Typ „{type}“.'],
  [
    'Tensor {tensor} of shape [{shape}] needs {bytes} bytes, its offsets hold {held}.',
    'Tensor {tensor} der Form [{shape}] braucht {bytes} Bytes, sein Platz hat {held}.',
  ],
  [
    'Tensor {tensor} ends at byte {end} but the file has {has}: it is cut off.',
    'Tensor {tensor} endet bei Byte {end}, die Datei hat aber {has}: Sie ist abgeschnitten.',
  ],
  ['Tensor {tensor} overlaps the tensor before it.', 'Tensor {tensor} überlappt den Tensor davor.'],
  [
    'There is a gap of {bytes} bytes before tensor {tensor}.',
    'Vor Tensor {tensor} ist eine Lücke von {bytes} Bytes.',
  ],
  [
    '{bytes} bytes after the last tensor belong to nothing.',
    '{bytes} Bytes nach dem letzten Tensor gehören zu nichts.',
  ],
]
