/** German: how a room merges, and its clusters, in the shape of `en-schemes.ts`. */
import { count, decimal, percent } from '../format'
import type { enSchemes } from './en-schemes'

const L = 'de'

export const deSchemes: typeof enSchemes = {
  merging: {
    title: 'Zusammenführen',
    lead: 'Was aus vielen Beiträgen einer wird.',
    distortion: 'Vom Mitteln verfehlt',
    distortionLead:
      'Wie weit das gemeinsame Modell vom Mittel der Modelle aller Geräte entfernt ist, als Anteil davon.',
    exact: 'nichts',
    staleness: 'Alter der Beiträge',
    stalenessLead: 'Versionen, die vergingen, während ein Beitrag unterwegs war.',
    stale: (mean, largest) => `${decimal(mean, 1, L)} im Mittel, höchstens ${largest}`,
    picture: (name, latest) => `${name}, Schritt für Schritt. Zuletzt: ${latest}.`,
    share: (value) => (value < 0.001 ? 'unter 0,1 %' : percent(value, L)),
    table: 'Zusammenführungen als Tabelle',
  },
  edges: {
    edge: 'Vermittler',
    column: 'Vermittler',
    at: (edge) => `bei ${edge}`,
    appoint: (name) => `${name} zum Vermittler machen`,
    dismiss: (name) => `${name} wieder Gerät sein lassen`,
    asks: 'würde für andere zusammenführen',
    volunteer: 'Anbieten, für andere zusammenzuführen',
    withdraw: 'Angebot zurückziehen, für andere zusammenzuführen',
    copy: 'Link für einen Vermittler kopieren',
    stepBack: 'Nicht mehr für andere zusammenführen',
    traffic: 'Bytes nah und fern',
    trafficLead: 'Nah: zwischen Vermittlern und ihren Geräten. Fern: mit der Leitung.',
    nearAndFar: (near, far) => `${near} nah, ${far} fern`,
  },
  assigned: {
    title: 'Zugeteilt',
    given: (steps, batch, seconds) =>
      `${count(steps, L)} Schritte zu ${count(batch, L)} Zeilen, in ${seconds}`,
    kept: (rank, precision) => `Rang ${rank}, feste Gewichte in ${precision}`,
    late: 'Zu langsam für die Frist, auch mit den wenigsten Schritten.',
    lead: 'Ab dem nächsten Auftrag. Leer gelassen folgt es aus Tempo und Speicher des Geräts.',
    steps: 'Schritte',
    batch: 'Zeilen',
    rank: 'Rang',
    precision: 'Gewichte',
    column: 'Schritte × Zeilen',
    short: (steps, batch) => `${steps} × ${batch}`,
    set: (name) => `Von Hand für ${name}`,
    own: (steps, batch) =>
      `Dieser Tab bekommt ${count(steps, L)} Schritte zu ${count(batch, L)} Zeilen, wie sein Tempo es erlaubt.`,
  },
  gossip: {
    title: 'Einigkeit',
    lead: 'Niemand leitet: Jeder Tab mischt seinen Adapter mit denen seiner Nachbarn.',
    gap: 'Spektrallücke des Netzes',
    gapLead: (links: number) =>
      `Bei ${links} ${links === 1 ? 'Verbindung' : 'Verbindungen'} zwischen Tabs. 1: alle einig nach einem Mischen; nahe 0: Neues kommt langsam herum.`,
    consensus: 'Konsensfehler',
    consensusLead:
      'Wie weit dieser Tab und seine Nachbarn vor dem letzten Mischen von ihrem Mittel entfernt waren, als Anteil ihrer Länge.',
    anybodyStarts: 'Du bist drin. Wer will, startet den Lauf.',
    neighbours: (names) => `Mischt mit ${names}`,
    nobody: 'Noch niemand zum Mischen',
    apart: (share) => `${share} auseinander`,
    picture: (devices: number, links: number) =>
      `${devices} Tabs als Netz ohne Mitte, mit ${links} Verbindungen zwischen Nachbarn.`,
  },
  clusters: {
    name: (number) => `Gruppe ${number}`,
    everybody: 'Alle gemeinsam',
    column: 'Gruppe',
    title: 'Gruppen: Geräte mit ähnlichem Text teilen einen Adapter',
    members: (name, devices) => `${name}: ${devices}`,
  },
}
