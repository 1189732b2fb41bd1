/** German for what tabs say that make texts together (`src/reasoning/`, and the sessions of `src/training/`). */
import type { Sentences } from './said'

/** Why a question cannot be answered, or not in this way. */
export const questions: Sentences = [
  [
    'There is no mode “{mode}”. Choose one of {names}.',
    'Es gibt keine Weise „{mode}“. Wähle eine von {names}.',
  ],
  [
    'prompt is missing. Give the text that is to be continued.',
    'prompt fehlt. Gib den Text an, der fortgesetzt werden soll.',
  ],
  [
    'prompt: {value} is not text. Give the text that is to be continued.',
    'prompt: {value} ist kein Text. Gib den Text an, der fortgesetzt werden soll.',
  ],
  [
    '{name}: {value} is not a whole number from {low} to {high}.',
    '{name}: {value} ist keine ganze Zahl von {low} bis {high}.',
  ],
  [
    '{name}: {value} is not a number from {low} to {high}.',
    '{name}: {value} ist keine Zahl von {low} bis {high}.',
  ],
  [
    '{name}: {value} is not a whole number, such as {example}.',
    '{name}: {value} ist keine ganze Zahl wie etwa {example}.',
  ],
  ['{name} is not known here. Ask with {names}.', '{name} ist hier nicht bekannt. Frage mit {names}.'],
  [
    'A question must be an object such as {example}, not {value}.',
    'Eine Frage muss ein Objekt sein wie {example}, nicht {value}.',
  ],
  [
    'What this tab sees must be text, not {value}. Give text, or null for nothing.',
    'Was dieser Tab sieht, muss Text sein, nicht {value}. Gib Text an, oder null für nichts.',
  ],
  [
    'The prompt is empty. Give the model something to continue.',
    'Die Eingabe ist leer. Gib dem Modell etwas, das es fortsetzen kann.',
  ],
  ['Stopped.', 'Angehalten.'],
  [
    'Nobody else is in this room. Open another tab with the room’s link, or ask alone.',
    'In diesem Raum ist sonst niemand. Öffne einen weiteren Tab mit dem Link des Raums, oder frage allein.',
  ],
  ['No other tab can take part: {why}', 'Kein anderer Tab kann mitmachen: {why}'],
  [
    'All tabs together may hold {count} of the model’s {layers} layers. Open another tab.',
    'Alle Tabs zusammen dürfen {count} von {layers} Schichten des Modells halten. Öffne einen weiteren Tab.',
  ],
  [
    'This tab may hold {count} of the model’s {layers} layers. Ask with mode=pipeline, so that other tabs hold the rest.',
    'Dieser Tab darf {count} von {layers} Schichten des Modells halten. Frage mit mode=pipeline, dann halten andere Tabs den Rest.',
  ],
  [
    'This tab may hold {count} of the model’s {layers} layers, so it has no opinion of its own. Ask with mode=pipeline.',
    'Dieser Tab darf {count} von {layers} Schichten des Modells halten und hat darum keine eigene Meinung. Frage mit mode=pipeline.',
  ],
  [
    'No other tab lets others ask what it learned alone. Switch that on there, under “Reason”, or ask with mode=pipeline.',
    'Kein anderer Tab lässt andere fragen, was er allein gelernt hat. Schalte das dort unter „Denken“ ein, oder frage mit mode=pipeline.',
  ],
  [
    'No other tab lent what it has learned. Ask again, or ask alone.',
    'Kein anderer Tab hat verliehen, was er gelernt hat. Frage noch einmal, oder frage allein.',
  ],
  [
    'No tab is left that may hold the missing layers. Open another tab with the room’s link, then ask again.',
    'Kein Tab ist mehr da, der die fehlenden Schichten halten darf. Öffne einen weiteren Tab mit dem Link des Raums, und frage noch einmal.',
  ],
  [
    'A text of a tab that is gone cannot go on: this tab no longer holds that version of the adapter.',
    'Der Text eines Tabs, der fort ist, kann nicht weitergehen: Dieser Tab hält jene Fassung des Adapters nicht mehr.',
  ],
  [
    'An adapter that was folded into the base cannot be mixed.',
    'Ein Adapter, der ins Grundmodell gefaltet wurde, lässt sich nicht mischen.',
  ],
  ['An adapter without factors cannot be mixed.', 'Ein Adapter ohne Faktoren lässt sich nicht mischen.'],
  [
    'An adapter whose factors do not fit together cannot be mixed.',
    'Ein Adapter, dessen Faktoren nicht zueinander passen, lässt sich nicht mischen.',
  ],
  [
    'An adapter whose numbers are not finite cannot be mixed.',
    'Ein Adapter, dessen Zahlen nicht endlich sind, lässt sich nicht mischen.',
  ],
]

/** Why another tab cannot work on the same text, or does not answer. */
export const others: Sentences = [
  [
    'It has another base model. All tabs must load the same one.',
    'Er hat ein anderes Grundmodell. Alle Tabs müssen dasselbe laden.',
  ],
  [
    'Its tokenizer cuts text otherwise. Reload it, so that all tabs have the same files.',
    'Sein Tokenizer zerlegt Text anders. Lade ihn neu, damit alle Tabs dieselben Dateien haben.',
  ],
  [
    'It keeps the model as {its}, this tab as {own}. Open both with the same precision.',
    'Er hält das Modell als {its}, dieser Tab als {own}. Öffne beide mit derselben Genauigkeit.',
  ],
  [
    'Its model has another shape. Reload it, so that all tabs have the same version of this page.',
    'Sein Modell hat eine andere Form. Lade ihn neu, damit alle Tabs dieselbe Fassung dieser Seite haben.',
  ],
  [
    'It holds another version of the adapter. Wait until it has caught up with the room.',
    'Er hält eine andere Fassung des Adapters. Warte, bis er den Raum eingeholt hat.',
  ],
  ['It does not hold that version of the adapter.', 'Er hält jene Fassung des Adapters nicht.'],
  [
    'It may hold {count} of the model’s {layers} layers, so it has no opinion of its own.',
    'Er darf {count} von {layers} Schichten des Modells halten und hat darum keine eigene Meinung.',
  ],
  [
    'Its person has not agreed that this tab answers with what it learned alone. They can switch that on under “Reason”.',
    'Wer vor ihm sitzt, hat nicht zugestimmt, dass dieser Tab mit dem antwortet, was er allein gelernt hat. Das lässt sich unter „Denken“ einschalten.',
  ],
  [
    'It works on as many of your texts as it will. Close one first.',
    'Er arbeitet an so vielen deiner Texte, wie er will. Schließe erst einen.',
  ],
  [
    'It works for as many others as it can. Ask again in a minute.',
    'Er arbeitet schon für so viele andere, wie er kann. Frage in einer Minute noch einmal.',
  ],
  ['Its tab was closed or lost its link.', 'Sein Tab wurde geschlossen oder hat die Verbindung verloren.'],
  ['It did not answer within {count} ms.', 'Er hat nicht innerhalb von {count} ms geantwortet.'],
  ['It answers rubbish: {why}', 'Er antwortet Unsinn: {why}'],
  ['It gave rows of another size.', 'Er gab Zeilen anderer Größe.'],
  ['It answered something else.', 'Er hat etwas anderes geantwortet.'],
  ['This tab ends its part.', 'Dieser Tab beendet seinen Teil.'],
  ['It knows nothing of this text any more.', 'Er weiß nichts mehr von diesem Text.'],
  ['It has not read so far.', 'So weit hat er nicht gelesen.'],
  ['Its engine failed.', 'Seine Maschine hat versagt.'],
  ['It has answered as much as its person allows.', 'Er hat so viel beantwortet, wie erlaubt ist.'],
  ['It does not understand the question.', 'Er versteht die Frage nicht.'],
]

/** What is wrong with a packet. */
export const packets: Sentences = [
  ['It is shorter than its header.', 'Es ist kürzer als sein Kopf.'],
  ['It refuses for no known reason.', 'Es verweigert ohne bekannten Grund.'],
  ['Its type is {type}, which is none.', 'Seine Art ist {type}, und die gibt es nicht.'],
  ['A likelihood in it is none.', 'Eine Wahrscheinlichkeit darin ist keine.'],
  ['Its rows are cut off.', 'Seine Zeilen sind abgeschnitten.'],
  ['A number in it is none that a model gives.', 'Eine Zahl darin ist keine, die ein Modell gibt.'],
  ['Its numbers are cut off.', 'Seine Zahlen sind abgeschnitten.'],
  ['It holds too many tokens at once.', 'Es enthält zu viele Tokens auf einmal.'],
  ['It names a token that the model does not have.', 'Es nennt ein Token, das das Modell nicht hat.'],
  ['Its masses are cut off.', 'Seine Wahrscheinlichkeiten sind abgeschnitten.'],
  ['It holds no token.', 'Es enthält kein Token.'],
  [
    'Its rows are cut off, or a number in them is none.',
    'Seine Zeilen sind abgeschnitten, oder eine Zahl darin ist keine.',
  ],
  ['Its rows are in no known code.', 'Seine Zeilen sind in keiner bekannten Form.'],
  ['It is cut off.', 'Es ist abgeschnitten.'],
  ['It gives more tokens than it holds.', 'Es gibt mehr Tokens, als es enthält.'],
  ['A verdict names one token.', 'Ein Urteil nennt genau ein Token.'],
  ['A gap in it is none.', 'Ein Vorsprung darin ist keiner.'],
  ['A number in it is cut off.', 'Eine Zahl darin ist abgeschnitten.'],
  ['It names a token twice.', 'Es nennt ein Token zweimal.'],
  ['A probability in it is none.', 'Eine Wahrscheinlichkeit darin ist keine.'],
]

/** What an engine refuses while texts are being made. */
export const sessions: Sentences = [
  ['Session {session} is over.', 'Sitzung {session} ist vorbei.'],
  ['Session {session} lost its machine: {why}', 'Sitzung {session} hat ihre Maschine verloren: {why}'],
  [
    '{count} sessions are open in this tab. Close some first.',
    'In diesem Tab sind {count} Sitzungen offen. Schließe erst einige.',
  ],
  ['This session gives {its}, not {other}.', 'Diese Sitzung gibt {its}, nicht {other}.'],
  [
    'This session reads tokens. Only one that reads rows can keep them for layers that they skip.',
    'Diese Sitzung liest Tokens. Nur eine, die Zeilen liest, kann sie für Schichten behalten, die sie überspringen.',
  ],
  [
    'This tab may hold {most} layers. {more} more beside {held} that texts still need are too many.',
    'Dieser Tab darf {most} Schichten halten. {more} weitere neben {held}, die Texte noch brauchen, sind zu viele.',
  ],
  [
    'This tab holds at most {most} layers of the model, so it can lend them but not train. Open it without layers={count}.',
    'Dieser Tab hält höchstens {most} Schichten des Modells: Er kann sie verleihen, aber nicht trainieren. Öffne ihn ohne layers={count}.',
  ],
  [
    'This tab was opened with layers=N: it lends a part of the model to others and trains nothing. Open it without that to train on text.',
    'Dieser Tab wurde mit layers=N geöffnet: Er verleiht einen Teil des Modells und trainiert nichts. Öffne ihn ohne das, um auf Text zu trainieren.',
  ],
  [
    'What this room has trained for drafts cannot be kept in this browser: {why}. The room goes on; take its adapter home if you need it.',
    'Was dieser Raum für Entwürfe trainiert hat, lässt sich in diesem Browser nicht aufheben: {why}. Der Raum macht weiter; nimm seinen Adapter mit nach Hause, wenn du ihn brauchst.',
  ],
  [
    'A draft cannot be made with “{what}”. Choose kept or none.',
    'Mit „{what}“ lässt sich kein Entwurf machen. Wähle kept oder none.',
  ],
  [
    'What this browser kept of a room that trained for drafts is damaged. It was put aside in this browser’s storage and nothing of it was deleted. This tab guesses without it until such a room trains again.',
    'Was dieser Browser von einem Raum aufhob, der für Entwürfe trainiert hat, ist beschädigt. Es wurde in seinem Speicher beiseitegelegt, gelöscht wurde nichts. Dieser Tab rät ohne es, bis wieder ein solcher Raum trainiert.',
  ],
  [
    'The model has {count} layers, so its first {depth} cannot be trained by themselves. Choose a depth from 1 to {most}, or none for the whole model.',
    'Das Modell hat {count} Schichten, also lassen sich die ersten {depth} nicht allein trainieren. Wähle eine Tiefe von 1 bis {most}, oder keine für das ganze Modell.',
  ],
  [
    'This draft adapter was trained on the first {layers} layers, and this tab may hold {most}. Let it hold more, or guess without the adapter.',
    'Dieser Entwurfsadapter wurde auf den ersten {layers} Schichten trainiert, und dieser Tab darf {most} halten. Lass ihn mehr halten, oder rate ohne den Adapter.',
  ],
  [
    'The adapter names no layer of a model. Export it again.',
    'Der Adapter nennt keine Schicht eines Modells. Exportiere ihn noch einmal.',
  ],
  ['There are no layers from {from} to {to}.', 'Es gibt keine Schichten von {from} bis {to}.'],
  [
    'Layers {from} to {to} are not held here, only {first} to {last}.',
    'Die Schichten {from} bis {to} sind nicht hier, nur {first} bis {last}.',
  ],
  [
    'Embedding and head are not held here, only layers between them.',
    'Einbettung und Kopf sind nicht hier, nur Schichten dazwischen.',
  ],
  ['Rows of {width} numbers cannot be {count}.', 'Zeilen von {width} Zahlen können nicht {count} sein.'],
  [
    'The model gave numbers that are none. Ask again; reload this tab if it goes on.',
    'Das Modell gab Zahlen, die keine sind. Frage noch einmal; lade diesen Tab neu, wenn es so bleibt.',
  ],
  ['This device does not speak.', 'Dieses Gerät spricht nicht.'],
]
