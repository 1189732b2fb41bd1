/** German for what coordinators, devices and tabs that gossip say (`src/node/`, `src/federation/`, `src/settings/`). */
import type { Sentences } from './said'

export const runs: Sentences = [
  [
    'The privacy budget of every text here is spent.',
    'Das Budget der Privatheit ist für jeden Text hier verbraucht.',
  ],
  [
    'The privacy budget of this text is spent, so nothing more is learned from it. Choose other text, or a room with a larger budget.',
    'Das Budget der Privatheit ist für diesen Text verbraucht, also wird aus ihm nichts mehr gelernt. Wähle anderen Text, oder einen Raum mit größerem Budget.',
  ],
  [
    'What this browser kept of how much this text has told is damaged. The text counts as told: no budget is left for it. Choose other text.',
    'Was dieser Browser darüber aufbewahrt hat, wie viel dieser Text verraten hat, ist beschädigt. Der Text gilt als verraten: Für ihn ist kein Budget mehr da. Wähle anderen Text.',
  ],
  ['All {rounds} rounds are done.', 'Alle {rounds} Runden sind durch.'],
  ['Stopped by hand.', 'Von Hand beendet.'],
  [
    'Only {some} of {all} devices answered in time.',
    'Nur {some} von {all} Geräten haben rechtzeitig geantwortet.',
  ],
  ['No device sent a usable update.', 'Kein Gerät hat einen brauchbaren Beitrag geschickt.'],
  [
    '{why} Three rounds in a row came to nothing: look at the devices, then resume.',
    '{why} Drei Runden nacheinander sind ausgefallen: Sieh nach den Geräten, dann setze fort.',
  ],
  [
    '{why} Three rounds in a row came to nothing: look at the devices, then resume. With more devices it goes on by itself.',
    '{why} Drei Runden nacheinander sind ausgefallen: Sieh nach den Geräten, dann setze fort. Mit mehr Geräten geht es von selbst weiter.',
  ],
  [
    'Round {round} came to nothing. {why} It is tried again.',
    'Runde {round} ist ausgefallen. {why} Sie wird noch einmal versucht.',
  ],
  ['It comes from no examples.', 'Er stammt aus keinem Beispiel.'],
  [
    'It is {age} versions old, and {most} are allowed.',
    'Er ist {age} Versionen alt, und {most} sind erlaubt.',
  ],
  [
    'The update of order {round} was not merged. {why} The device begins anew.',
    'Der Beitrag zu Auftrag {round} wurde nicht gemischt. {why} Das Gerät beginnt neu.',
  ],
  [
    '{name}: The update of order {round} was not merged. {why} The device begins anew.',
    '{name}: Der Beitrag zu Auftrag {round} wurde nicht gemischt. {why} Das Gerät beginnt neu.',
  ],
  ['The update of round {round} was refused: {why}.', 'Der Beitrag zu Runde {round} wurde abgelehnt: {why}.'],
  [
    '{name}: The update of round {round} was refused: {why}. The round goes on without it.',
    '{name}: Der Beitrag zu Runde {round} wurde abgelehnt: {why}. Die Runde geht ohne ihn weiter.',
  ],
  [
    'The update of edge round {round} was refused: {why}.',
    'Der Beitrag zu Runde {round} des Vermittlers wurde abgelehnt: {why}.',
  ],
  ['Round {round} did not count: {why}.', 'Runde {round} zählte nicht: {why}.'],
  [
    'The adapter of {name} was not mixed in: {why}.',
    'Der Adapter von {name} wurde nicht beigemischt: {why}.',
  ],
  ['The updates could not be merged: {why}', 'Die Beiträge ließen sich nicht mischen: {why}'],
  [
    'Adapters could not be mixed: {why} Reload this tab.',
    'Die Adapter ließen sich nicht mischen: {why} Lade diesen Tab neu.',
  ],
  ['Devices could not be compared: {why}', 'Die Geräte ließen sich nicht vergleichen: {why}'],
  ['A round could not be measured: {why}', 'Eine Runde ließ sich nicht messen: {why}'],
  [
    'Version {version} of the adapter arrived damaged. Nothing is lost: the next round brings a new one.',
    'Version {version} des Adapters kam beschädigt an. Verloren ist nichts: Die nächste Runde bringt eine neue.',
  ],
  [
    '{name} holds another adapter than everybody else. Reload that tab.',
    '{name} hat einen anderen Adapter als alle anderen. Lade jenen Tab neu.',
  ],
]

/** What does not go together, and what comes too late. */
export const settings: Sentences = [
  ['{why} What is usual stands instead.', '{why} Es gilt das Übliche.'],
  [
    'Privacy cannot be had where tabs gossip: all that a tab holds goes to its neighbours, and its own training is part of it. Choose a scheme with a coordinator.',
    'Wo niemand leitet, lässt sich nichts verbergen: Alles, was ein Tab hält, geht an seine Nachbarn, und sein eigenes Training ist darin. Wähle einen Ablauf mit Koordinator.',
  ],
  [
    'Privacy cannot be had where devices are grouped by loss: each would tell its loss on private text, without noise. Choose clusterBy=similarity.',
    'Wo Geräte nach dem Verlust gruppiert werden, lässt sich nichts verbergen: Jedes sagte seinen Verlust auf privatem Text, ohne Rauschen. Wähle clusterBy=similarity.',
  ],
  [
    'Privacy cannot be had where devices vote on a merge: each would tell losses on text that it kept back, without noise. Leave out the gate, or choose privacy=none.',
    'Wo Geräte über eine Mischung abstimmen, lässt sich nichts verbergen: Jedes sagte Verluste auf zurückbehaltenem Text, ohne Rauschen. Lass die Abstimmung weg, oder wähle privacy=none.',
  ],
  [
    'A clip that follows lengths is for changes of whole devices, and rows of text are clipped within one. Choose a number for clip.',
    'Ein Clip, der den Längen folgt, ist für Änderungen ganzer Geräte, und Zeilen werden auf dem Gerät gekürzt. Wähle für clip eine Zahl.',
  ],
  [
    'A clip that follows lengths needs each device’s word, and those behind an edge speak to it alone. Choose a number for clip.',
    'Ein Clip, der den Längen folgt, braucht das Wort jedes Geräts, und die hinter einem Vermittler sprechen nur mit ihm. Wähle für clip eine Zahl.',
  ],
  [
    'Noise that follows from the budget needs a budget. Say epsilon, or choose a number for noise.',
    'Rauschen, das aus dem Budget folgt, braucht ein Budget. Sag epsilon, oder wähle für noise eine Zahl.',
  ],
  ['{why} It was read as {aggregation}.', '{why} Gelesen wurde es als {aggregation}.'],
  [
    '“{aggregation}” cannot be merged in two tiers: what an edge made of its devices would not count as they do. Choose one of {others}, or another scheme than {scheme}.',
    '„{aggregation}“ lässt sich nicht in zwei Stufen mischen: Was ein Vermittler aus seinen Geräten macht, zählte nicht wie diese. Wähle eines von {others}, oder einen anderen Ablauf als {scheme}.',
  ],
  [
    '“{aggregation}” needs somebody who coordinates, and where tabs gossip nobody does. Choose one of {others}, or another scheme than {scheme}.',
    '„{aggregation}“ braucht jemanden, der koordiniert, und wo niemand leitet, fehlt der. Wähle eines von {others}, oder einen anderen Ablauf als {scheme}.',
  ],
  [
    '“{aggregation}” leaves on each device what tells it apart from the others, so that nobody can say who belongs together. Choose one of {others}, or another scheme than {scheme}.',
    '„{aggregation}“ lässt auf jedem Gerät, was es von den anderen unterscheidet, und so kann niemand sagen, wer zusammengehört. Wähle eines von {others}, oder einen anderen Ablauf als {scheme}.',
  ],
  [
    'Secure aggregation cannot go with “{value}”, which has no rounds in which several devices send together, so there is no sum to hide in. Choose another value of {name}, or turn it off.',
    'Sichere Aggregation geht nicht mit „{value}“: Dort schicken nie mehrere Geräte gemeinsam, und so gibt es keine Summe, in der sich etwas verbergen ließe. Wähle einen anderen Wert für {name}, oder schalte sie aus.',
  ],
  [
    'Secure aggregation cannot go with “{value}”, which compares what single devices send, and only sums are seen. Choose another value of {name}, or turn it off.',
    'Sichere Aggregation geht nicht mit „{value}“: Das vergleicht, was einzelne Geräte schicken, und zu sehen sind nur Summen. Wähle einen anderen Wert für {name}, oder schalte sie aus.',
  ],
  [
    'Secure aggregation cannot go with “{value}”, which sends other numbers from each device, and only what all send can be summed under masks. Choose another value of {name}, or turn it off.',
    'Sichere Aggregation geht nicht mit „{value}“: Damit schickt jedes Gerät andere Zahlen, und unter Masken lässt sich nur summieren, was alle schicken. Wähle einen anderen Wert für {name}, oder schalte sie aus.',
  ],
  [
    'Secure aggregation cannot go with “{value}”, which beside privacy may tell devices apart neither by what they send nor by their losses. Choose another value of {name}, or turn it off.',
    'Sichere Aggregation geht nicht mit „{value}“: Neben Privatheit darf das Geräte weder nach dem unterscheiden, was sie schicken, noch nach ihren Verlusten. Wähle einen anderen Wert für {name}, oder schalte sie aus.',
  ],
  [
    'Secure aggregation cannot go with “{value}”, which needs what each device sent by itself, and only sums are seen. Choose another value of {name}, or turn it off.',
    'Sichere Aggregation geht nicht mit „{value}“: Das braucht, was jedes Gerät für sich geschickt hat, und zu sehen sind nur Summen. Wähle einen anderen Wert für {name}, oder schalte sie aus.',
  ],
  [
    'The run is over. Open a new federation for another one.',
    'Der Lauf ist vorbei. Eröffne für einen neuen eine neue Föderation.',
  ],
  [
    '“{setting}” stands once a run has begun, because every tab has agreed on it. Open a new federation to change it.',
    '„{setting}“ steht fest, sobald ein Lauf begonnen hat, denn alle Tabs haben sich darauf geeinigt. Eröffne eine neue Föderation, um es zu ändern.',
  ],
  [
    'The run has begun: its settings stand. Open a new federation to change them.',
    'Der Lauf hat begonnen: Seine Einstellungen stehen fest. Eröffne eine neue Föderation, um sie zu ändern.',
  ],
  [
    'A room is opened with or without a coordinator. Open a new one to change that.',
    'Ein Raum wird mit oder ohne Koordinator eröffnet. Eröffne einen neuen, um das zu ändern.',
  ],
  [
    'The scheme “{scheme}” needs no coordinator: choose it in a new room.',
    'Der Ablauf „{scheme}“ braucht keinen Koordinator: Wähle ihn in einem neuen Raum.',
  ],
  [
    'This tab was opened with {own}, and the tabs of this room learn with {room}: adapters of such different kinds cannot be mixed. Open the room’s link without these values, or open another room.',
    'Dieser Tab wurde mit {own} geöffnet, und die Tabs dieses Raums lernen mit {room}: So verschiedene Adapter lassen sich nicht mischen. Öffne den Link des Raums ohne diese Werte, oder eröffne einen anderen Raum.',
  ],
  [
    'Nobody gives out work where tabs gossip: each takes the steps that the room has agreed on.',
    'Wo niemand leitet, verteilt niemand Arbeit: Jeder macht die Schritte, auf die sich der Raum geeinigt hat.',
  ],
  [
    'Nobody merges for others where tabs gossip. Open a room with edges for that.',
    'Wo niemand leitet, mischt niemand für andere. Eröffne dafür einen Raum mit Vermittlern.',
  ],
]

/** What secure rounds say (`src/federation/secure/`, `src/federation/rounds/together.ts`). */
export const secrecy: Sentences = [
  [
    'Only {count} devices took part, and a sum of so few would hide nobody: {least} are needed.',
    'Nur {count} Geräte waren dabei, und eine Summe von so wenigen verbirgt niemanden: Es braucht {least}.',
  ],
  [
    'Only {count} devices told what takes the masks off, and {least} are needed: nobody can read the sum.',
    'Nur {count} Geräte haben gesagt, was die Masken abnimmt, und es braucht {least}: Die Summe kann niemand lesen.',
  ],
  [
    'This device does not go on in round {round}: {why}.',
    'Dieses Gerät macht in Runde {round} nicht weiter: {why}.',
  ],
  [
    'No edge has room for this device, and alone with the coordinator it would have nobody to hide among. It waits until an edge takes it: let an edge take more devices, or let another tab merge for others.',
    'Kein Vermittler hat Platz für dieses Gerät, und allein beim Leiter hätte es niemanden, unter dem es sich verbirgt. Es wartet, bis ein Vermittler es nimmt: Lass einen mehr Geräte nehmen, oder lass einen weiteren Tab für andere mischen.',
  ],
  ['that device does not go on: {why}', 'jenes Gerät macht nicht weiter: {why}'],
  ['its keys could not be made or read', 'seine Schlüssel ließen sich nicht machen oder lesen'],
  ['its keys are those of another device', 'seine Schlüssel sind die eines anderen Geräts'],
  [
    'it has shared its secrets with others than it should',
    'er verteilte seine Geheimnisse an andere, als er sollte',
  ],
  [
    'its vector is of another length than this model’s',
    'sein Vektor hat eine andere Länge als die dieses Modells',
  ],
  ['it has told other shares than it was asked for', 'er nannte andere Teile, als gefragt waren'],
  ['it has answered what nobody has asked yet', 'er antwortete, was noch niemand gefragt hat'],
  [
    'the list of devices names one of them, or a key, twice',
    'die Liste der Geräte nennt eines davon, oder einen Schlüssel, zweimal',
  ],
  [
    '{count} devices take part, and a sum of so few would hide nobody: {least} are needed',
    '{count} Geräte sind dabei, und eine Summe von so wenigen verbirgt niemanden: Es braucht {least}',
  ],
  ['another list of devices was sent', 'es kam eine andere Liste der Geräte'],
  [
    'the list of devices has other keys of this device than its own',
    'die Liste der Geräte nennt für dieses Gerät andere Schlüssel als seine',
  ],
  [
    'only {count} devices have shared their secrets, and {least} are needed',
    'nur {count} Geräte haben ihre Geheimnisse verteilt, und es braucht {least}',
  ],
  ['a vector was asked for out of turn', 'ein Vektor wurde außer der Reihe verlangt'],
  ['masks were asked for out of turn', 'Masken wurden außer der Reihe verlangt'],
  [
    'masks were asked for a second time, of other devices',
    'Masken wurden ein zweites Mal verlangt, von anderen Geräten',
  ],
  [
    'masks were asked for of devices that do not take part',
    'Masken wurden von Geräten verlangt, die nicht dabei sind',
  ],
  [
    'only {count} vectors have come, and {least} are needed',
    'nur {count} Vektoren sind gekommen, und es braucht {least}',
  ],
  [
    'what another device has sealed for this one does not open',
    'was ein anderes Gerät für dieses versiegelt hat, lässt sich nicht öffnen',
  ],
  [
    'only {count} shares of a secret were told, and {least} are needed',
    'nur {count} Teile eines Geheimnisses wurden genannt, und es braucht {least}',
  ],
  [
    'the shares that devices told do not add up to the secrets of others',
    'die Teile, die Geräte nannten, ergeben die Geheimnisse anderer nicht',
  ],
  [
    'the sum of the weights is not that of the devices, so somebody has sent something else',
    'die Summe der Gewichte ist nicht die der Geräte, also hat jemand etwas anderes geschickt',
  ],
  ['nothing was sent under masks', 'unter Masken kam nichts'],
  ['nobody sends under masks here', 'unter Masken schickt hier niemand'],
]
