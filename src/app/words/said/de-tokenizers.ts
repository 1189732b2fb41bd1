/** German for what is wrong with a model's tokenizer (`src/model/tokenizer.ts`, `src/model/tokenizing/`). */
import type { Sentences } from './said'

/** As the end of “tokenizer.json …”. */
const problems: Sentences = [
  [
    'cannot be used: it is damaged, or of an unknown kind',
    'ist nicht zu gebrauchen: Sie ist beschädigt, oder von unbekannter Art',
  ],
  ['has no token for a part of this text', 'hat kein Token für einen Teil dieses Textes'],
  [
    'holds a token that is no text of up to {most} characters',
    'enthält ein Token, das kein Text von bis zu {most} Zeichen ist',
  ],
  ['holds more than {most} characters of tokens', 'enthält mehr als {most} Zeichen in Tokens'],
  ['adds {count} tokens, more than {most}', 'fügt {count} Tokens hinzu, mehr als {most}'],
  ['adds something that is no token: {place} {what}', 'fügt etwas hinzu, das kein Token ist: {place} {what}'],
  ['adds something that is no token: it {what}', 'fügt etwas hinzu, das kein Token ist: Es {what}'],
  [
    'adds {token} only where it stands alone (single_word), which is not supported here',
    'fügt {token} nur hinzu, wo es allein steht (single_word), und das geht hier nicht',
  ],
  ['names {count} tokens, but the model knows {most}', 'nennt {count} Tokens, aber das Modell kennt {most}'],
  ['holds a token whose score is no number', 'enthält ein Token, dessen Gewicht keine Zahl ist'],
  ['names no tokens', 'nennt keine Tokens'],
  ['has no vocabulary', 'hat kein Vokabular'],
  ['has no list of merges', 'hat keine Liste von Verschmelzungen'],
  ['lists {count} merges, more than {most}', 'nennt {count} Verschmelzungen, mehr als {most}'],
  ['holds a merge that is no pair of tokens', 'enthält eine Verschmelzung, die kein Paar von Tokens ist'],
  ['splits words of any length into all their parts', 'zerlegt beliebig lange Wörter in alle ihre Teile'],
  ['has a {name} that is no short text', 'hat ein {name}, das kein kurzer Text ist'],
  ['has an unk_id that is no token', 'hat eine unk_id, die kein Token ist'],
  ['works in more than {most} steps', 'arbeitet in mehr als {most} Schritten'],
  ['splits text into pieces of no length', 'zerlegt Text in Stücke ohne Länge'],
  ['makes a text many times as long', 'macht einen Text um ein Vielfaches länger'],
  [
    'holds {pattern}: splitting text with it could take for ever',
    'enthält {pattern}: Text damit zu zerlegen könnte ewig dauern',
  ],
  [
    'a pattern of {length} characters (up to {most} are run)',
    'ein Muster von {length} Zeichen (ausgeführt werden bis zu {most})',
  ],
  ['the pattern "{pattern}", {fault}', 'das Muster „{pattern}“, {fault}'],
  ['whose brackets do not match', 'dessen Klammern nicht zusammenpassen'],
  ['which is nested too deeply', 'das zu tief verschachtelt ist'],
  ['which repeats what can match in several ways', 'das wiederholt, was auf mehrere Arten passen kann'],
  ['which repeats without end too often in a row', 'das zu oft nacheinander ohne Ende wiederholt'],
  ['which can match in too many ways', 'das auf zu viele Arten passen kann'],
  ['which repeats too much', 'das zu viel wiederholt'],
  ['which refers back to what it has matched', 'das sich auf schon Gefundenes bezieht'],
  ['which repeats a repetition', 'das eine Wiederholung wiederholt'],
]

const other = 'Choose a model with another tokenizer.'
const otherGerman = 'Wähle ein Modell mit einem anderen Tokenizer.'

export const tokenizers: Sentences = [
  ...problems,
  ['tokenizer.json {problem}. Choose another model.', 'tokenizer.json {problem}. Wähle ein anderes Modell.'],
  [
    '{model} has no tokenizer.json. Choose a model with one, or save it with a fast tokenizer of transformers.',
    '{model} hat keine tokenizer.json. Wähle ein Modell mit einer, oder speichere es mit einem schnellen Tokenizer von transformers.',
  ],
  [
    'generation_config.json: {place}: {what}. Download the model again.',
    'generation_config.json: {place}: {what}. Lade das Modell noch einmal herunter.',
  ],
  ...(
    [
      ['{place}', '{place}'],
      ['the file', 'Die Datei'],
    ] as const
  ).flatMap(
    ([place, german]): Sentences => [
      [
        `tokenizer_config.json is damaged: ${place} {what}. Download the model again.`,
        `tokenizer_config.json ist beschädigt: ${german} {what}. Lade das Modell noch einmal herunter.`,
      ],
      [
        `tokenizer.json is damaged, or of an unknown kind: ${place} {what}. Download the model again, or choose another.`,
        `tokenizer.json ist beschädigt, oder von unbekannter Art: ${german} {what}. Lade das Modell noch einmal herunter, oder wähle ein anderes.`,
      ],
    ],
  ),
  [
    'The tokenizer gives "{token}" the number {number}, but the model knows {count} tokens. The files do not belong together.',
    'Der Tokenizer gibt „{token}“ die Nummer {number}, aber das Modell kennt {count} Tokens. Die Dateien gehören nicht zusammen.',
  ],
  [
    `tokenizer.json: normalizer: the type "{type}" is not computed here as Hugging Face's own library does. ${other}`,
    `tokenizer.json: normalizer: Die Art „{type}“ wird hier nicht so gerechnet wie von Hugging Faces eigener Bibliothek. ${otherGerman}`,
  ],
  [
    'tokenizer.json: normalizer: precompiled_charsmap is damaged. Download the model again, or choose another.',
    'tokenizer.json: normalizer: precompiled_charsmap ist beschädigt. Lade das Modell noch einmal herunter, oder wähle ein anderes.',
  ],
  [
    `tokenizer.json: pre_tokenizer: the type "{type}" is not known here. ${other}`,
    `tokenizer.json: pre_tokenizer: Die Art „{type}“ ist hier nicht bekannt. ${otherGerman}`,
  ],
  [
    `tokenizer.json: pre_tokenizer: the behaviour "{behaviour}" of a split is not known here. ${other}`,
    `tokenizer.json: pre_tokenizer: Das Verhalten „{behaviour}“ beim Zerlegen ist hier nicht bekannt. ${otherGerman}`,
  ],
  [
    `tokenizer.json: post_processor: the type "{type}" is not known here. ${other}`,
    `tokenizer.json: post_processor: Die Art „{type}“ ist hier nicht bekannt. ${otherGerman}`,
  ],
  [
    'tokenizer.json: {field} is {value}: this setting is not known here, and without it texts might get other ids. Choose a model with another tokenizer, or take it out of the file if it is a mere note.',
    'tokenizer.json: {field} ist {value}: Diese Einstellung ist hier nicht bekannt, und ohne sie könnten Texte andere Nummern bekommen. Wähle ein Modell mit einem anderen Tokenizer, oder nimm sie aus der Datei, wenn sie nur ein Vermerk ist.',
  ],
  [
    `tokenizer.json: continuing_subword_prefix: {value} is not supported here. ${other}`,
    `tokenizer.json: continuing_subword_prefix: {value} geht hier nicht. ${otherGerman}`,
  ],
  [
    'tokenizer.json: dropout: {value} would leave out merges by chance. Set it to null, as for everything but training from scratch.',
    'tokenizer.json: dropout: {value} ließe Verschmelzungen zufällig aus. Setze es auf null, wie für alles außer Lernen von Grund auf.',
  ],
  [
    `tokenizer.json loses text: {why} comes back as {said}. ${other}`,
    `tokenizer.json verliert Text: {why} kommt als {said} zurück. ${otherGerman}`,
  ],
]
