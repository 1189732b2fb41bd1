/** German: the first pages and what all pages share, in the shape of `en.ts`. */
import { bytesIn, change, count, durationIn, percent, writtenFor } from '../format'
import { deAttacks } from './de-attacks'
import { deDeparted } from './de-departed'
import { deForgetting } from './de-forgetting'
import { deGuide } from './de-guide'
import { deLab } from './de-lab'
import { deOwn } from './de-own'
import { deParameters } from './de-parameters'
import { dePictures } from './de-pictures'
import { dePrivacy } from './de-privacy'
import { deProof } from './de-proof'
import { deReason } from './de-reason'
import { deRoom } from './de-room'
import { deSchemes } from './de-schemes'
import type { Words } from './en'
import { inGerman } from './said/german'

const L = 'de'

export const de: Words = {
  language: 'Deutsch',
  tagline: 'Gemeinsam lernen. Worte behalten.',
  close: 'Schließen',
  cancel: 'Abbrechen',
  number: (value) => count(value, L),
  bytes: (value) => bytesIn(value, L),
  duration: (seconds) => durationIn(seconds, L),
  percent: (share) => percent(share, L),
  change: (share) => change(share, L),
  devices: (n) => (n === 1 ? '1 Gerät' : `${n} Geräte`),
  rounds: (n) => (n === 1 ? '1 Runde' : `${count(n, L)} Runden`),
  examples: (n) => (n === 1 ? '1 Beispiel' : `${count(n, L)} Beispiele`),
  tokens: (n) => (n === 1 ? '1 Token' : `${count(n, L)} Token`),
  tokensPerSecond: (n) => `${count(Math.round(n), L)} Token/s`,
  said: inGerman,
  written: (text) => writtenFor(text, L),
  andMore: (names, n) => `${names} und ${n} weitere`,
  you: 'du',
  table: {
    earlier: 'Frühere Zeilen',
    later: 'Spätere Zeilen',
    window: (from, to, of) => `${count(from, L)} bis ${count(to, L)} von ${count(of, L)}`,
  },
  coordinator: 'Koordinator',

  head: {
    home: 'Gossamer, zur ersten Seite',
    room: 'Raum',
    theme: 'Hell oder dunkel',
    themes: { auto: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
    language: 'Sprache',
    help: 'Hilfe und Tasten',
    leave: 'Raum verlassen',
    skip: 'Zum Inhalt springen',
  },
  rail: { label: 'Wo wir sind', join: 'Beitreten', train: 'Lernen', takeHome: 'Mitnehmen' },

  landing: {
    lead: 'Jeder Browser-Tab ist ein Gerät. Er liest Text, den sonst niemand sehen darf, lernt daraus und teilt nur, was er gelernt hat. Danach kann jeder Tab über Dinge Auskunft geben, die nur ein anderer gelesen hat.',
    points: [
      'Der Text verlässt seinen Tab nie.',
      'Nichts installieren, kein Konto, kein Internet.',
      'Ein gemeinsames Modell, und du nimmst es mit.',
    ],
    open: 'Föderation eröffnen',
    openLead: 'Dieser Tab wird Koordinator. Du bekommst einen Code für die anderen.',
    join: 'Beitreten',
    joinLead: 'Jemand hat schon eine Föderation eröffnet? Gib den Code ein.',
    code: 'Raumcode',
    codeHint: 'Zum Beispiel 4F7-K2Q. Kleinbuchstaben und fehlende Striche sind in Ordnung.',
    codeWrong:
      'Ein Code hat sechs Buchstaben oder Ziffern, etwa 4F7-K2Q. Schau auf den Bildschirm des Koordinators.',
    wall: 'Alles in einem Fenster zeigen',
    wallLead: 'Ein Koordinator und vier Geräte nebeneinander: das Ganze ohne zweiten Tab.',
    proofNeedsRoom: 'Ein Beweis braucht einen Raum mit ein paar Tabs.',
    proofOnWall: 'Einen in diesem Fenster öffnen',
    preset: 'Was gelernt wird',
    model: 'Modell',
    models: {
      toy: { title: 'Toy', lead: 'Winzig; lernt auf jedem Laptop in etwa einer Minute.' },
      seedling: { title: 'Seedling', lead: 'Größer; möchte eine richtige GPU.' },
      lens: { title: 'Lens', lead: 'Sieht kleine Bilder neben Wörtern.' },
      another: { title: 'Ein anderes Modell', lead: 'Von Hugging Face oder aus einem eigenen Ordner.' },
    },
    advanced: 'Alle Parameter',
    picture:
      'Tabs an den Enden von Fäden schicken ihr Gelerntes in die Mitte und bekommen den gemeinsamen Adapter zurück.',
    recordedRound: (round, of) => `Aufgezeichneter Lauf: Runde ${round} von ${of}`,
    recordedRecall: (merged, alone) =>
      `Von den Fakten der anderen Tabs weiß er jetzt ${merged}${alone === null ? '' : `; ein Tab, der allein lernt, weiß ${alone}`}.`,
  },
  another: {
    hub: 'Modell auf huggingface.co',
    hubHint:
      'Braucht Internet, in jedem Browser, der beitritt. Es wird einmal heruntergeladen und dann behalten.',
    hubWrong:
      'Schreib es als Besitzer/Name, zum Beispiel openai-community/gpt2. Oder lege unten den Ordner eines Modells ab.',
    suggestions: 'Vorschläge',
    or: 'oder ohne Internet',
    kept: (model, parameters, size) => `${model}: ${parameters} Parameter, ${size}`,
    elsewhere:
      'Es liegt jetzt in diesem Browser. Ein Gerät in einem anderen Browser wird beim Beitreten nach demselben Ordner gefragt.',
  },
  modelFolder: {
    label: 'Ordner des Modells',
    drop: 'Lege hier den Ordner eines Hugging-Face-Modells ab',
    choose: 'Ordner wählen',
    holds: 'Mit config.json, tokenizer.json und model.safetensors (GPT-2, LLaMA, Mistral oder Qwen).',
    copying: 'Das Modell wird kopiert',
    tooMany: (most) =>
      `In diesem Ordner liegen mehr als ${count(most, L)} Dateien. Wähle den Ordner des Modells selbst.`,
  },
  presets: {
    facts: {
      title: 'Private Fakten',
      lead: 'Jeder Tab liest ein paar erfundene Fakten. Am Ende kennt jeder Tab alle.',
    },
    quick: {
      title: 'Kurzer Blick',
      lead: 'Dasselbe mit weniger Runden: nach etwa einer Minute fertig.',
    },
    domains: {
      title: 'Jedem sein Thema',
      lead: 'Jeder Tab liest über ein eigenes Thema. Gemeinsam kann ein Modell sie alle.',
    },
    pictures: {
      title: 'Bilder und Wörter',
      lead: 'Manche Tabs sehen Dinge, andere wissen etwas über deren Besitzer. Gemeinsam weiß ein Modell beides.',
    },
  },
  notes: {
    insecure:
      'Diese Seite kam über einfaches http; da schalten Browser GPU und direkte Verbindungen ab. Öffne sie auf diesem Rechner als http://localhost oder starte den Server mit „npm start -- --lan“ und nimm seine https-Adresse.',
    noGpu:
      'Dieser Browser bietet kein WebGPU, also lernt der Tab auf dem Prozessor: langsamer, aber es geht. Für die GPU nimm ein aktuelles Chrome oder Edge.',
  },

  ...deParameters,
  ...deRoom,
  ...deOwn,
  ...deAttacks,
  ...deDeparted,
  ...deForgetting,
  ...deGuide,
  ...deSchemes,
  ...dePictures,
  ...dePrivacy,
  ...deProof,
  ...deReason,
  lab: deLab,
}
