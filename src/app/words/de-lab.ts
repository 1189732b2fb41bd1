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
      name: 'Vermittler schonen die Leitung',
      question:
        'Vier Vermittler führen für ihre Nachbarn zusammen. Wie viele Bytes gehen noch ins weite Netz?',
    },
    'nobody-in-charge': {
      name: 'Niemand leitet',
      question: 'Acht Gleiche im Ring, jeder spricht mit zweien. Werden sie ohne Leitung einig?',
    },
    liars: {
      name: 'Lügner',
      question: 'Drei von zehn Geräten senden das Gelernte verkehrt herum. Hilft es, an ihnen zu zweifeln?',
    },
    'only-sums': {
      name: 'Nur Summen',
      question: 'Niemand sieht einen einzelnen Beitrag, nur die Summe. Was kostet das an Bytes und Verlust?',
    },
  },
  setup: 'Experiment',
  setupLead:
    '„Starten“ zeigt beide Seiten der Frage. Eines ändern, noch einmal starten: auch das steht im Diagramm.',
  model: 'Training',
  seeds: 'Startwerte',
  seedsHint: '1,2,3: ein Band',
  baselines: 'Auch allein und zentral',
  themes: {
    experiment: 'Experiment',
    training: 'Training auf dem Gerät',
    devices: 'Wer mitmacht',
    server: 'Server und Leitung',
    trust: 'Vertrauen',
  },
  changed: (count) => `${count} geändert`,
  run: 'Starten',
  stop: 'Anhalten',
  clear: 'Alles löschen',
  running: (seed, round, of) => `Startwert ${seed}: Runde ${round} von ${of}`,
  runningFree: (seed, time, of, version) =>
    `Startwert ${seed}: ${time} von ${of} virtueller Zeit, Version ${version}`,
  preparing: (seed) => `Startwert ${seed}: das Modell wird geöffnet`,
  loss: 'Verlust auf zurückgehaltenem Text',
  lossLead: 'Nats je Token, auf Text, mit dem niemand trainiert hat.',
  band: 'Band: vom niedrigsten zum höchsten Startwert',
  meanWithin: (mean, low, high) => `${mean} (${low} bis ${high})`,
  axes: { rounds: 'Runden', seconds: 'Virtuelle Zeit', bytes: 'Bytes im weiten Netz' },
  picture: 'Verlust jedes Laufs auf zurückgehaltenem Text',
  empty: 'Noch ist nichts gelaufen. Auf „Starten“ drücken.',
  base: 'Basis',
  alone: 'allein',
  centralised: 'zentral',
  yardstick: (what, run) => `${what}, ${run}`,
  runs: 'Läufe',
  runsLead: 'Was aus jedem wurde.',
  runsTable: 'Die Läufe, einer in jeder Zeile',
  columns: {
    run: 'Lauf',
    loss: 'Verlust',
    base: 'Basis',
    alone: 'Allein',
    centralised: 'Zentral',
    time: 'Virtuelle Zeit',
    general: 'Sonst vergessen',
    fired: 'Versteckter Satz zündet',
    claimed: 'ε laut Rechnung',
    shown: 'ε laut Angriff',
    wan: 'Weites Netz',
    lan: 'Nahes Netz',
    clusters: 'Gruppen',
  },
  verdict: {
    none: {
      iid: '„Starten“ vergleicht das Mitteln mit jedem Gerät allein und mit allem Text an einem Ort.',
      'four-villages': '„Starten“ vergleicht einen Adapter je Gruppe mit einem für alle.',
      stragglers: '„Starten“ vergleicht ohne Warten und mit Warten auf alle, in derselben virtuellen Zeit.',
      'edges-save-the-uplink':
        '„Starten“ vergleicht Vermittler mit einem Koordinator, dem alle Geräte selbst senden.',
      'nobody-in-charge': '„Starten“ vergleicht einen Ring von Gleichen mit einem Raum, den jemand leitet.',
      liars: '„Starten“ vergleicht eine Regel, die fern Liegendes weglässt, mit der Längengrenze allein.',
      'only-sums': '„Starten“ vergleicht Summen unter Masken mit lesbaren Beiträgen.',
    },
    averagingHelps: (together, alone, pooled, share) =>
      `Mitteln hilft: Gemeinsam erreichen die Geräte ${together}, allein ${alone}, mit allem Text an einem Ort ${pooled}. Das sind ${share} des Weges dorthin, und kein Text hat sich bewegt.`,
    averagingFails: (together, alone, pooled) =>
      `Mitteln lohnt sich hier nicht: Gemeinsam erreichen die Geräte ${together}, allein ${alone}, mit allem Text an einem Ort ${pooled}.`,
    found: (count, ari) =>
      ` ${count === 1 ? '1 Gruppe wurde' : `${count} Gruppen wurden`} gefunden; Übereinstimmung mit den Dörfern (ARI): ${decimal(ari, 2, L)}.`,
    clustersHelp: (own, common, found) =>
      `Ein Adapter je Gruppe gewinnt: ${own} gegen ${common} mit einem für alle.${found}`,
    clustersEqual: (own, common, found) =>
      `Ein Adapter reicht hier: ${common}, und ${own} mit einem je Gruppe.${found}`,
    clustersFail: (own, common, found) =>
      `Ein Adapter für alle gewinnt hier: ${common} gegen ${own} mit einem je Gruppe.${found}`,
    waitingCosts: (loss, without, waiting, factor) =>
      `Niemand muss warten: Ein Verlust von ${loss} war nach ${without} da, und nach ${waiting}, wo auf alle gewartet wird. Das ist ${decimal(factor, 1, L)}-mal so schnell.`,
    waitingPays: (loss, without, waiting) =>
      `Warten lohnt sich hier: Ein Verlust von ${loss} war nach ${waiting} da, und ohne Warten erst nach ${without}.`,
    edgesSave: (saved, bytes, flat, loss, flatLoss) =>
      `Vermittler sparen ${saved} der Leitung: ${bytes} gingen ins weite Netz statt ${flat}, bei einem Verlust von ${loss} gegen ${flatLoss}.`,
    edgesCost: (bytes, flat, loss, flatLoss) =>
      `Vermittler sparen hier nichts: ${bytes} gingen ins weite Netz statt ${flat}, bei einem Verlust von ${loss} gegen ${flatLoss}.`,
    doubtPays: (loss, trusting, base) =>
      `Zweifel lohnt sich: Mit Multi-Krum erreicht der Raum ${loss}, nur mit der Längengrenze ${trusting}. Bevor etwas gelernt war, waren es ${base}.`,
    doubtFails: (loss, trusting, base) =>
      `Zweifel lohnt sich hier nicht: Mit Multi-Krum erreicht der Raum ${loss}, nur mit der Längengrenze ${trusting}. Bevor etwas gelernt war, waren es ${base}.`,
    masksCost: (more, bytes, loss, plain) =>
      `Masken kosten ${more} Bytes (${bytes} insgesamt) und lassen den Verlust bei ${loss}, gegen ${plain} ohne.`,
    leaderlessArrives: (loss, led) =>
      `Ohne Leitung geht es auch: ${loss}, und ${led} mit Koordinator in derselben Zeit.`,
    leaderlessLags: (loss, led, share) =>
      `Ohne Leitung kommt man ${share} des Weges, den ein Koordinator in derselben Zeit geht: ${loss} gegen ${led}.`,
  },
  putAway: (n) =>
    n === 1 ? '1 Lauf einer anderen Frage ist weggelegt.' : `${n} Läufe anderer Fragen sind weggelegt.`,
  waiting: 'kommt als Nächstes',
  stopped: 'angehalten',
  failed: 'gescheitert',
  clustersFound: (count, ari) => `${count}, ARI ${decimal(ari, 2, L)}`,
  save: 'Als JSON sichern',
  saveTable: 'Als CSV sichern',
  saveFigure: 'Abbildung als SVG sichern',
  savePicture: 'als PNG',
  lossTable: 'Die Kurven als Tabelle',
  traffic: 'Wohin die Bytes gingen',
  trafficLead: 'Was die nahen Netze verließ, und was in ihnen blieb.',
  terms: 'Worauf die Theorie schaut',
  termsLead: (run) =>
    `Gemessen in „${run}“, bei jedem Zusammenführen. Es sind Glieder bekannter Schranken, keine Schranken.`,
  theory: 'Was das bedeutet: die Schranken dahinter (englisch)',
  termsTable: 'Diese Glieder als Tabelle',
  merge: 'Zusammenführung',
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
    staleness: {
      name: 'Alter',
      says: 'Versionen, die vergingen, während eine Änderung unterwegs war: im Mittel, und höchstens (gepunktet).',
    },
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
  mapTable: 'Die Karte als Tabelle',
  device: 'Gerät',
  given: {
    title: 'Was jedes bekam',
    table: 'Die Geräte, eines in jeder Zeile',
    lead: 'Für eine Runde, nach gemessenem Tempo und dem, was reihum ausgeteilt wurde.',
    device: 'Gerät',
    steps: 'Schritte',
    batch: 'Stapel',
    rank: 'Rang',
    ready: 'Fertig nach',
  },
  inRound: (round) => `Runde ${round}`,
  everybody: 'alle',
  mapPicture: (devices, rounds) => `Gruppen von ${devices} Geräten über ${rounds} Runden`,
}
