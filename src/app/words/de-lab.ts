/** German: the Lab, in the shape of `en-lab.ts`. */
import { decimal } from '../format'
import type { enLab } from './en-lab'

const L = 'de'

export const deLab: typeof enLab = {
  link: 'Das Labor: eine Föderation nach virtueller Uhr',
  linkLead:
    'Sechzehn simulierte Geräte, echtes Training, in diesem Tab. Verfahren in einem Diagramm vergleichen.',
  title: 'Das Labor',
  lead: 'Simulierte Geräte, Leitungen und Verzögerungen; dieselben Verfahren wie in echten Tabs; echtes Training eines kleinen Modells. Alles folgt aus dem Startwert: dieselbe Adresse gibt dieselben Kurven.',
  questions: 'Eine Frage zum Anfang',
  presets: {
    iid: { name: 'Alle gleich', question: 'Hilft Mitteln überhaupt, wenn alle die gleiche Art Text lesen?' },
    'four-villages': {
      name: 'Vier Dörfer',
      question: 'Vier Themen, je vier Geräte. Reicht ein Adapter, oder braucht jedes Dorf seinen eigenen?',
    },
    stragglers: {
      name: 'Nachzügler',
      question: 'Manche Geräte brauchen viermal so lange. Müssen alle auf sie warten?',
    },
    'edges-save-the-uplink': {
      name: 'Kanten schonen die Leitung',
      question: 'Vier Kanten führen für ihre Nachbarn zusammen. Wie viele Bytes gehen noch ins weite Netz?',
    },
    'nobody-in-charge': {
      name: 'Niemand leitet',
      question: 'Acht Gleiche im Ring, jeder spricht mit zweien. Werden sie ohne Leitung einig?',
    },
  },
  setup: 'Experiment',
  setupLead: 'Eines ändern, noch einmal starten: beide stehen im Diagramm.',
  devices: 'Geräte',
  model: 'Training',
  seeds: 'Startwerte',
  seedsHint: 'Mehrere mit Komma: Mittel und Streuung',
  unusable: 'So nicht verwendbar',
  baselines: 'Auch allein und zentral',
  choices: {
    toy: 'Echt: das Modell toy',
    quadratic: 'Ein quadratisches Modell, sofort',
    hierarchical: 'Kanten dazwischen',
    gossip: 'Gossip, ohne Leitung',
    villages: 'Vier Dörfer',
  },
  run: 'Starten',
  stop: 'Anhalten',
  clear: 'Alles löschen',
  running: (seed, round, of) => `Startwert ${seed}: Runde ${round} von ${of}`,
  runningFree: (seed, version) => `Startwert ${seed}: Version ${version}`,
  preparing: (seed) => `Startwert ${seed}: das Modell wird geöffnet`,
  loss: 'Verlust auf zurückgehaltenem Text',
  lossLead: 'Nats je Token, auf Text, mit dem niemand trainiert hat. Blasse Linien sind einzelne Startwerte.',
  axis: 'Waagerechte Achse',
  axes: { rounds: 'Runden', seconds: 'Virtuelle Zeit', bytes: 'Gesendete Bytes' },
  picture: 'Verlust jedes Laufs auf zurückgehaltenem Text',
  empty: 'Noch ist nichts gelaufen. Auf „Starten“ drücken.',
  base: 'Basis',
  alone: 'allein',
  centralised: 'zentral',
  yardstick: (what, run) => `${what}, ${run}`,
  runs: 'Läufe',
  runsLead: 'Was aus jedem wurde.',
  columns: {
    run: 'Lauf',
    loss: 'Verlust',
    base: 'Basis',
    alone: 'Allein',
    centralised: 'Zentral',
    time: 'Virtuelle Zeit',
    wan: 'Weites Netz',
    lan: 'Nahes Netz',
    clusters: 'Gruppen',
  },
  stopped: 'angehalten',
  failed: 'gescheitert',
  clustersFound: (count, ari) => `${count}, ARI ${decimal(ari, 2, L)}`,
  save: 'Als JSON sichern',
  terms: 'Worauf die Theorie schaut',
  termsLead: (run) =>
    `Gemessen in „${run}“, bei jedem Zusammenführen. Es sind Glieder bekannter Schranken, keine Schranken.`,
  theory: 'Was das bedeutet',
  noTerms: 'Etwas laufen lassen: dann wird hier mitgezeichnet.',
  term: {
    drift: {
      name: 'Drift',
      says: 'Wie weit die Geräte auseinanderziehen, gemessen an ihrem gemeinsamen Weg. Gruppen senken sie.',
    },
    distortion: {
      name: 'Verzerrung',
      says: 'Was getrenntes Mitteln von A und B vom wahren Mittel verfehlt, als Anteil. Genaue Regeln haben keine.',
    },
    staleness: { name: 'Alter', says: 'Versionen, die vergingen, während eine Änderung unterwegs war.' },
    consensus: {
      name: 'Uneinigkeit',
      says: 'Wie weit die Adapter der Gleichen von ihrem Mittel entfernt sind.',
    },
  },
  termPicture: (name, latest) => `${name}, bei jedem Zusammenführen. Zuletzt: ${latest}.`,
  gap: (value) =>
    `Spektrallücke des Netzes: ${decimal(value, 3, L)}. Jedes Mischen verkleinert die Uneinigkeit auf etwa das ${decimal(1 - value, 2, L)}-Fache.`,
  map: 'Wer mit wem',
  mapLead: 'Eine Zeile für jedes Gerät, eine Spalte für jede Runde; eine Farbe ist eine Gruppe.',
  mapPicture: (devices, rounds) => `Gruppen von ${devices} Geräten über ${rounds} Runden`,
}
