/** German for what the ways of making a text together say of themselves: who judges, and how `auto` chooses (`src/reasoning/modes/`, `plan/`). */
import type { Sentences } from './said'

/** Where a device guesses and edges judge, or rows travel: why that cannot be, and what a question may not say. */
export const judging: Sentences = [
  [
    'This tab may hold no layer, so it cannot guess. Open it with layers=1 or more.',
    'Dieser Tab darf keine Schicht halten und kann darum nicht raten. Öffne ihn mit layers=1 oder mehr.',
  ],
  ['No other tab can judge this one’s guesses: {why}', 'Kein anderer Tab kann prüfen, was dieser rät: {why}'],
  ['It may not hold the whole model.', 'Er darf nicht das ganze Modell halten.'],
  [
    'It may hold {count} of the model’s {layers} layers, so it cannot judge.',
    'Er darf {count} von {layers} Schichten des Modells halten und kann darum nicht prüfen.',
  ],
  ['It never knows where the text stands.', 'Er weiß nie, wo der Text steht.'],
  [
    'No tab is left that holds the whole model, and this one may hold only {count} of its {layers} layers. Open another tab with the room’s link, then ask again.',
    'Kein Tab ist mehr da, der das ganze Modell hält, und dieser darf nur {count} von {layers} Schichten halten. Öffne einen weiteren Tab mit dem Link des Raums, und frage noch einmal.',
  ],
  [
    'No tab is left that can ask the tabs around it. Let others ask what your tabs learned, then ask again.',
    'Kein Tab ist mehr da, der die Tabs um sich fragen kann. Lass andere fragen, was deine Tabs gelernt haben, und frage noch einmal.',
  ],
  [
    'Two tabs that hold the whole model give different words, and nobody is there to say who is right. Open a third tab with the room’s link, or ask alone.',
    'Zwei Tabs mit dem ganzen Modell geben verschiedene Wörter, und niemand ist da, der sagt, wer recht hat. Öffne einen dritten Tab mit dem Link des Raums, oder frage allein.',
  ],
  [
    'A draft of {draft} tokens cannot be made. Give a whole number from 0 to {most}.',
    'Ein Entwurf von {draft} Tokens lässt sich nicht machen. Gib eine ganze Zahl von 0 bis {most} an.',
  ],
  [
    'A risk of {risk} cannot be used. Give a number between 0 and 1, such as 0.03.',
    'Ein Risiko von {risk} lässt sich nicht verwenden. Gib eine Zahl zwischen 0 und 1 an, etwa 0.03.',
  ],
  [
    'A doubt of {doubt} cannot be used. Give a number from 0 to 1, such as 0.3.',
    'Ein Zweifel von {doubt} lässt sich nicht verwenden. Gib eine Zahl von 0 bis 1 an, etwa 0.3.',
  ],
  [
    'Rows cannot travel as “{codec}”. Choose one of {names}.',
    'Zeilen können nicht als „{codec}“ reisen. Wähle eine von {names}.',
  ],
  ['There are no {tiers} tiers. Give 2 or 3.', 'Es gibt keine {tiers} Ebenen. Gib 2 oder 3 an.'],
  [
    'The model cannot be cut after {cut} of its {layers} layers: this tab may hold {most}, and no other the rest. Choose another place, or none.',
    'Das Modell lässt sich nicht nach {cut} seiner {layers} Schichten teilen: Dieser Tab darf {most} halten, und kein anderer den Rest. Wähle eine andere Stelle oder keine.',
  ],
]

/** What a tab alone sees, and why it works as it does. */
export const choosing: Sentences = [
  [
    'No tab in reach has a view of its own. Give one something to see, under “Reason”, then ask again.',
    'Kein Tab in Reichweite sieht etwas Eigenes. Gib einem unter „Denken“ etwas zu sehen, und frage noch einmal.',
  ],
  [
    'This tab may hold {count} of the model’s {layers} layers, so it cannot bring views together. Ask from another tab.',
    'Dieser Tab darf {count} von {layers} Schichten des Modells halten und kann darum Blicke nicht zusammenbringen. Frage von einem anderen Tab aus.',
  ],
  [
    'No tab that sees something answers any more. Open one, give it something to see, then ask again.',
    'Kein Tab, der etwas sieht, antwortet mehr. Öffne einen, gib ihm etwas zu sehen, und frage noch einmal.',
  ],
  ['It sees nothing of its own.', 'Er sieht nichts Eigenes.'],
  [
    'There is nothing in this view. Say what this tab sees, in a few words.',
    'Da steht nichts. Sag in ein paar Worten, was dieser Tab sieht.',
  ],
  [
    'This view has {count} tokens. At most {most} leave room for a question beside it: make it shorter.',
    'Das sind {count} Tokens. Höchstens {most} lassen Platz für eine Frage daneben: Fass dich kürzer.',
  ],
  [
    'What this tab saw, as this browser kept it, is damaged. It was put aside in this browser’s storage and nothing of it was deleted. Say again what it sees.',
    'Was dieser Tab sah, ist so, wie dieser Browser es aufhob, beschädigt. Es wurde in seinem Speicher beiseitegelegt, gelöscht wurde nichts. Sag noch einmal, was er sieht.',
  ],
  [
    'What this tab sees cannot be kept in this browser, so a reload loses it: {why}',
    'Was dieser Tab sieht, lässt sich in diesem Browser nicht aufheben, also geht es beim Neuladen verloren: {why}',
  ],
  [
    'No way of working together is left in this room. Open another tab with the room’s link, then ask again.',
    'In diesem Raum ist keine Weise mehr übrig, gemeinsam zu arbeiten. Öffne einen weiteren Tab mit dem Link des Raums, und frage noch einmal.',
  ],
  ['Somebody has come: {why}', 'Jemand ist gekommen: {why}'],
  ['Somebody is gone: {why}', 'Jemand ist gegangen: {why}'],
  ['The way before broke off: {why}', 'Die Weise davor brach ab: {why}'],
  ['Tokens took longer than was foreseen: {why}', 'Tokens brauchten länger als vorhergesehen: {why}'],
  ['This tab may compute again: {why}', 'Dieser Tab darf wieder rechnen: {why}'],
  [
    'This tab may hold {count} of the model’s {layers} layers, so others do what it cannot.',
    'Dieser Tab darf {count} von {layers} Schichten des Modells halten, also tun andere, was er nicht kann.',
  ],
  [
    'Nobody who could help has answered, so this tab works alone.',
    'Niemand, der helfen könnte, hat geantwortet, also arbeitet dieser Tab allein.',
  ],
  [
    'This tab’s battery is nearly empty, so others compute what they can.',
    'Der Akku dieses Tabs ist fast leer, also rechnen andere, was sie können.',
  ],
  [
    'This tab is hidden, which its browser slows down, so others compute what they can.',
    'Dieser Tab ist verdeckt und wird von seinem Browser gebremst, also rechnen andere, was sie können.',
  ],
  [
    'By itself this tab takes about {own} ms a token, with others at least {other} ms.',
    'Für sich braucht dieser Tab etwa {own} ms je Token, mit anderen mindestens {other} ms.',
  ],
  [
    'So a token takes about {own} ms, in any other way at least {other} ms.',
    'So braucht ein Token etwa {own} ms, auf jede andere Weise mindestens {other} ms.',
  ],
]
