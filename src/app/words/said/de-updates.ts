/** German for what is wrong with updates, and with merging them (`src/federation/`). */
import type { Sentences } from './said'

/** Why an update does not count (`src/federation/aggregation/check.ts`, `src/node/`). */
export const complaints: Sentences = [
  ['its bytes do not match their hash', 'seine Bytes passen nicht zu ihrem Fingerabdruck'],
  [
    'it was trained on another base model ({offered} instead of {expected}): reload that tab',
    'er stammt von einem anderen Grundmodell ({offered} statt {expected}): Lade jenen Tab neu',
  ],
  [
    'its rank is {offered}, and it was given rank {expected}',
    'sein Rang ist {offered}, und verlangt war {expected}',
  ],
  [
    'its alpha is {offered} instead of {expected}: the same factors would mean another model',
    'sein Alpha ist {offered} statt {expected}: Dieselben Faktoren bedeuteten ein anderes Modell',
  ],
  ['it adapts {offered} instead of {expected}', 'er passt {offered} an statt {expected}'],
  [
    'its numbers are {offered}, and this room sends {expected}',
    'seine Zahlen sind {offered}, und dieser Raum sendet {expected}',
  ],
  ['it claims to come from {count} examples', 'er will aus {count} Beispielen stammen'],
  ['it holds {name}, which this adapter does not have', 'er enthält {name}, was dieser Adapter nicht hat'],
  [
    'it holds {name}, which is not trained in this round',
    'er enthält {name}, was in dieser Runde nicht gelernt wird',
  ],
  ['{name} is missing', '{name} fehlt'],
  [
    '{name} has the shape [{offered}] instead of [{expected}]: it was trained with other settings',
    '{name} hat die Form [{offered}] statt [{expected}]: Gelernt wurde mit anderen Einstellungen',
  ],
  [
    '{name} holds {value}: training diverged on that device (try a smaller learning rate)',
    '{name} enthält {value}: Das Lernen ist auf jenem Gerät entgleist (versuche eine kleinere Lernrate)',
  ],
  [
    'it changes the model by more than a number can say',
    'er ändert das Modell um mehr, als eine Zahl sagen kann',
  ],
  [
    'it started from version {version}, which is no longer kept: it came too late',
    'er ging von Version {version} aus, die nicht mehr da ist: Er kam zu spät',
  ],
  [
    'it is NaN or infinite: training diverged on that device (try a smaller learning rate)',
    'er ist NaN oder unendlich: Das Lernen ist auf jenem Gerät entgleist (versuche eine kleinere Lernrate)',
  ],
  ['its loss is no number', 'sein Verlust ist keine Zahl'],
  ['nobody here asked for it', 'hier hat ihn niemand verlangt'],
  ['it folds one factor without the other', 'er faltet einen Faktor ohne den anderen'],
  ['it folds {layer}, which this adapter does not have', 'er faltet {layer}, was dieser Adapter nicht hat'],
  [
    'what it folds of {layer} is [{b}] times [{a}], for a layer of [{out}] times [{in}]',
    'was er von {layer} faltet, ist [{b}] mal [{a}], für eine Schicht von [{out}] mal [{in}]',
  ],
  ['what it folds of {layer} is not finite', 'was er von {layer} faltet, ist nicht endlich'],
]

/** What is wrong with a compressed update (`src/federation/compression/`). */
export const compression: Sentences = [
  ['The compressed update is cut off.', 'Der komprimierte Beitrag ist abgeschnitten.'],
  [
    'The compressed update holds numbers that are not finite. It was not counted.',
    'Der komprimierte Beitrag enthält Zahlen, die nicht endlich sind. Er zählte nicht.',
  ],
  [
    'A {part} in the compressed update is impossible: it was damaged on its way, or is no update.',
    'Im komprimierten Beitrag ist etwas unmöglich ({part}): Er wurde unterwegs beschädigt, oder ist keiner.',
  ],
  [
    'The compressed update claims {some} of {all} numbers; here it must be {kept} of {count}: the sender uses other settings.',
    'Der komprimierte Beitrag nennt {some} von {all} Zahlen; hier müssen es {kept} von {count} sein: Der Absender hat andere Einstellungen.',
  ],
  [
    '{kept} numbers take {bytes} bytes, and {arrived} arrived: the update is damaged.',
    '{kept} Zahlen brauchen {bytes} Bytes, und {arrived} kamen an: Der Beitrag ist beschädigt.',
  ],
  [
    '{count} numbers as {name} take {bytes} bytes, and {arrived} arrived: the sender uses other settings.',
    '{count} Zahlen als {name} brauchen {bytes} Bytes, und {arrived} kamen an: Der Absender hat andere Einstellungen.',
  ],
  [
    'The positions in the compressed update make no sense: it was damaged, or made with other settings.',
    'Die Stellen im komprimierten Beitrag ergeben keinen Sinn: Er ist beschädigt, oder mit anderen Einstellungen gemacht.',
  ],
  [
    '{name} holds numbers that are not finite. Lower the learning rate.',
    '{name} enthält Zahlen, die nicht endlich sind. Senke die Lernrate.',
  ],
]

/** Why updates cannot be merged (`src/federation/aggregation/`), and the Lab’s ranks not dealt out. */
export const merging: Sentences = [
  ['There is no update to merge.', 'Es gibt keinen Beitrag zu mischen.'],
  ['The merged adapter is not finite.', 'Der gemischte Adapter ist nicht endlich.'],
  ['The merged {name} is not finite.', 'Was gemischt wurde, ist nicht endlich: {name}.'],
  [
    'The aggregation "{aggregation}" writes the adapter in new factors each time, so the memory of the server optimizer "{optimizer}" would mean nothing. Choose fedavg, or another aggregation.',
    'Die Aggregation „{aggregation}“ schreibt den Adapter jedes Mal in neuen Faktoren, und so bedeutete das Gedächtnis des Server-Optimierers „{optimizer}“ nichts. Wähle fedavg, oder eine andere Aggregation.',
  ],
  [
    'The aggregation "{aggregation}" needs rank {rank} on every device, but "{device}" trained rank {other}. Choose flora or flexlora for mixed ranks.',
    'Die Aggregation „{aggregation}“ braucht auf jedem Gerät Rang {rank}, aber „{device}“ hat mit Rang {other} gelernt. Wähle flora oder flexlora für gemischte Ränge.',
  ],
  [
    'This aggregation needs rank {rank} on every device, not {other}. Choose FLoRA or FlexLoRA for mixed ranks.',
    'Diese Aggregation braucht auf jedem Gerät Rang {rank}, nicht {other}. Wähle FLoRA oder FlexLoRA für gemischte Ränge.',
  ],
  [
    'A device cannot have rank {other}: the shared adapter has rank {rank}. Choose smaller ranks, or a larger one for all.',
    'Ein Gerät kann nicht Rang {other} haben: Der gemeinsame Adapter hat Rang {rank}. Wähle kleinere Ränge, oder einen größeren für alle.',
  ],
  [
    'The aggregation “{aggregation}” needs rank {rank} on every device, but some are to have rank {other}. Choose {others}, or the same rank for all.',
    'Die Aggregation „{aggregation}“ braucht auf jedem Gerät Rang {rank}, aber einige sollen Rang {other} haben. Wähle {others}, oder denselben Rang für alle.',
  ],
  [
    '{device} did not come into the room within a minute. Choose faster links, or longer stays.',
    '{device} kam nicht binnen einer Minute in den Raum. Wähle schnellere Verbindungen, oder längere Aufenthalte.',
  ],
]
