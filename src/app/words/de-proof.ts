/** German: the proof. */
import { count, decimal } from '../format'
import type { enProof } from './en-proof'

const L = 'de'
const tokensOf = (n: number) => (n === 1 ? '1 Token' : `${count(n, L)} Tokens`)
const tabsOf = (n: number) => (n === 1 ? '1 anderen Tab' : `${count(n, L)} andere Tabs`)
const areReady = (n: number) => (n === 0 ? 'keiner ist' : n === 1 ? '1 ist' : `${count(n, L)} sind`)
const more = 'Öffne noch einen Tab mit dem Link des Raums und starte den Beweis neu.'

export const deProof: typeof enProof = {
  proof: {
    title: 'Fünf Wege, ein Text',
    lead: 'Ein Anfang, ein Startwert. Die Tabs dieses Raums machen den Text auf fünf Wegen, und jeder muss dasselbe sagen, bis zum letzten Buchstaben.',
    question: 'Was in jeder Zeile gefragt wird',
    run: 'Beweis starten',
    again: 'Noch einmal',
    running: 'Läuft …',
    rows: 'Die fünf Zeilen',
    row: (n) => `Zeile ${n}`,
    learning:
      'Der Raum lernt gerade, also kann sich das Modell von Zeile zu Zeile ändern. Unterbrich ihn, damit jede Zeile dasselbe Modell fragt.',
    pause: 'Runden unterbrechen',

    alone: 'Ein Tab allein',
    aloneLead: 'Dieser Tab hat das ganze Modell und sagt jedes Wort selbst.',
    split: (tabs) => `Auf ${count(tabs, L)} Tabs verteilt`,
    splitLead: 'Jeder Tab hat einige der Schichten; jedes Wort geht durch alle.',
    fewLayers: (layers) =>
      `Dieses Modell hat nur ${count(layers, L)} Schichten, für jeden der anderen Tabs eine; dieser behält die Wörter.`,
    closed: 'Verteilt, und ein Tab geht zu',
    closedLead:
      'Nach einem Drittel des Textes wird ein Tab mit Schichten geschlossen. Ein anderer übernimmt; der geschlossene öffnet sich von selbst wieder.',
    judged: 'Einer rät, ein anderer prüft',
    judgedLead:
      'Dieser Tab rät mit den ersten Schichten; ein Tab mit dem ganzen Modell prüft und verbessert.',
    switched: 'Der Prüfer geht zu',
    switchedLead:
      'Dasselbe, und nach einem Drittel des Textes wird der Tab geschlossen, der prüft. Von da an prüft ein zweiter.',
    length: 'Tokens',
    tabNames: 'Die Tabs, die sprechen',
    wasClosed: 'Geschlossen',
    closedAfter: (name, after) => `${name}, nach ${tokensOf(after)}`,

    waiting: 'wartet',
    preparing: 'macht sich bereit …',
    beingMade: 'entsteht …',
    first: 'der Maßstab',
    same: 'derselbe Text',
    differs: 'ein anderer Text',
    excused: 'ein anderer Text, entschuldigt',
    unproven: 'lief nicht',
    hash: 'Prüfsumme',

    figures: 'Was es gekostet hat',
    speed: 'Tempo',
    perSecond: (n) => `${n} Tokens/s`,
    computing: 'Rechnen',
    travelling: 'Unterwegs',
    rest: 'Wählen, zurücklesen',
    perToken: (time) => `${time} je Token`,
    hop: 'Auf der Leitung',
    bytesPerHop: (bytes) => `${bytes} je Token und Etappe`,
    bytesPerToken: (bytes) => `${bytes} je Token`,
    detected: 'Bemerkt nach',
    recovered: 'Ersetzt in',
    replayed: 'Noch einmal gelesen',
    tokens: tokensOf,
    accepted: 'Angenommene Tipps',
    perRound: 'Eine Runde gibt',
    roundOf: (tokens) => `${tokens} Tokens`,
    handover: 'Übergeben in',
    roundsLost: 'Verloren',
    atMostRounds: (n) => (n === 1 ? 'höchstens 1 Runde' : `höchstens ${count(n, L)} Runden`),

    parting: (place, first, here) =>
      `Sie trennen sich bei Token ${count(place, L)}: „${first}“ in der ersten Zeile, „${here}“ hier.`,
    over: 'Ende des Textes',
    gaps: (first, here) => `So weit lag jedes vor dem nächsten: ${first} dort, ${here} hier.`,
    gap: (gap) => decimal(gap, gap < 0.01 ? 6 : 2, L),
    noGap: 'nicht gesagt',
    sameArithmetic: 'Alle beteiligten Rechner kommen auf dieselben Bits, also entschuldigt es nichts.',
    otherArithmetic:
      'Die beteiligten Rechner runden verschieden. Das ist nur entschuldigt, wo beide Wörter so gut wie gleich wahrscheinlich waren. Hier waren sie es nicht.',
    nearTie:
      'Die beteiligten Rechner runden verschieden, und beide fanden die zwei Wörter so gut wie gleich wahrscheinlich: Das ist entschuldigt. Gleich sind die Texte trotzdem nicht.',

    why: {
      unspread: `Alle Schichten blieben in diesem Tab. ${more}`,
      learned:
        'Der Raum hat seit der ersten Zeile dazugelernt, also war das ein anderes Modell. Unterbrich die Runden und starte den Beweis neu.',
      stopped: 'Angehalten, bevor sie fertig war.',
      'coordinator-only':
        'Nur der Tab des Koordinators darf einen anderen mitten im Satz schließen. Öffne den Beweis dort, um diese Zeile zu sehen.',
      nobody:
        'In einem Raum ohne Koordinator darf kein Tab einen anderen schließen. Öffne einen Raum mit Koordinator, um diese Zeile zu sehen.',
    },
    tabs: (needed, there) => `Sie braucht ${tabsOf(needed)}, und ${areReady(there)} bereit. ${more}`,
    judges: (needed, there) =>
      `Sie braucht ${tabsOf(needed)} mit dem ganzen Modell, und ${areReady(there)} bereit. ${more}`,
    short: (tokens) =>
      `Der Text hat ${tokensOf(tokens)} und damit keine Mitte, in der ein Tab zugehen könnte. Nimm einen anderen Anfang oder mehr Tokens.`,
    stays: (name) =>
      `${name} ging nicht zu: Der Tab ist beschäftigt, oder sein Browser behält nichts und sein Anteil wäre verloren. Öffne ihn in einem gewöhnlichen Fenster und starte den Beweis neu.`,
    unmissed: (name) =>
      `Der Text war zu Ende, bevor jemand ${name} vermisst hat. Erlaube mehr Tokens und starte den Beweis neu.`,

    proven: 'Fünf von fünf: ein Text, eine Prüfsumme.',
    partly: (same, of) => `${count(same, L)} von ${count(of, L)} sagen dasselbe.`,
    partlyLead: 'Was nicht lief, beweist nichts: Jede Zeile sagt, was sie braucht.',
    differ: (same, of) =>
      `Nicht dasselbe: Nur ${count(same, L)} von ${count(of, L)} stimmen mit der ersten Zeile überein.`,
    differLead: 'Jede rote Zeile sagt, wo sich die Texte trennen.',
    differExcused: (same, of) =>
      `${count(same, L)} von ${count(of, L)}; bei Gleichstand trennten sich die übrigen.`,
    differExcusedLead: 'Jede gelbe Zeile sagt, warum das entschuldigt ist.',
    nothing: 'Keine Zeile lief: Jede sagt, was sie braucht.',
    progress: (row, of) => `Zeile ${count(row, L)} von ${count(of, L)} …`,
    told: (n, what) => `Zeile ${count(n, L)}: ${what}.`,
  },
}
