/** German: a device's own screen, and its text, in the shape of `en-own.ts`. */
import { count } from '../format'
import type { enOwn } from './en-own'
import { inGerman } from './said/german'

const L = 'de'

export const deOwn: typeof enOwn = {
  own: {
    title: 'Dieser Tab',
    name: 'Name',
    rename: 'Namen ändern',
    save: 'Speichern',
    text: 'Mein privater Text',
    never: 'Dieser Text verlässt diesen Tab nie.',
    rehearses: 'Daneben öffentliche Sätze lesen, damit das Modell behält, was es wusste',
    roomRehearses:
      'Daneben liest dieser Tab wieder öffentliche Sätze, damit das Modell behält, was es wusste.',
    leaves:
      'Was hinausgeht: die Zahlen eines LoRA-Adapters, aus wie vielen Beispielen er stammt, und Verluste.',
    leavesMasked:
      'Was hinausgeht: die Zahlen eines LoRA-Adapters unter Masken, sodass andere nur die Summe von mindestens drei Geräten sehen; aus wie vielen Beispielen er stammt, und Verluste.',
    none: 'Noch kein Text: Wähle etwas zum Lernen.',
    sample: 'Ein Blick hinein',
    choose: 'Anderen Text wählen',
    facts: 'Fakten',
    factsLead: 'Ein paar erfundene Fakten, die nur dieser Tab bekommt.',
    domain: 'Thema',
    domainLead: 'Endlos erzeugter Text über eine Sache.',
    paste: 'Einfügen',
    pasteLabel: 'Text zum Lernen',
    pasteHint: 'Am besten eine Seite oder mehr. Leerzeilen trennen die Beispiele.',
    use: 'Diesen Text nehmen',
    files: 'Dateien',
    filesLabel: 'Textdateien zum Lernen',
    filesHint:
      'Lege Text (.txt, .md), Tabellen (.csv, .tsv), JSON (.json, .jsonl) oder Untertitel (.srt, .vtt) hier ab.',
    filesChoose: 'Dateien wählen',
    look: 'Was gelernt würde',
    pasted: 'Eingefügter Text',
    mixed: 'Private Fakten und Geschichten',
    things: 'Bilder von Dingen, oder Fakten über deren Besitzer',
    learnsFrom: (learned, tokens) =>
      `${learned === 1 ? '1 Beispiel' : `${count(learned, L)} Beispiele`} zum Lernen${tokens === null ? '' : ` (${count(tokens, L)} Token: Wörter und Wortteile)`}.`,
    keepsBack: (n) => {
      if (n === 0) return 'Zum Messen ist keines zurückgehalten.'
      return n === 1
        ? '1 weiteres ist zum Messen zurückgehalten.'
        : `${count(n, L)} weitere sind zum Messen zurückgehalten.`
    },
    forms: {
      lines: (n) => (n === 1 ? '1 Zeile' : `${count(n, L)} Zeilen`),
      paragraphs: (n) => (n === 1 ? '1 Absatz' : `${count(n, L)} Absätze`),
      columns: (n) => (n === 1 ? '1 Tabellenzeile' : `${count(n, L)} Tabellenzeilen`),
      chat: (n) => `${n === 1 ? '1 Gespräch' : `${count(n, L)} Gespräche`}, gelernt werden die Antworten`,
      'prompt-answer': (n) =>
        `${n === 1 ? '1 Frage' : `${count(n, L)} Fragen`}, gelernt werden die Antworten`,
      orca: (n) =>
        `${n === 1 ? '1 Frage' : `${count(n, L)} Fragen`} mit Systemvorgabe, gelernt werden die Antworten`,
    },
    fromColumn: (column) => (/\{[^{}]+\}/.test(column) ? `„${column}“` : `Spalte „${column}“`),
    first: (taken, all) => `Die ersten ${count(taken, L)} von ${count(all, L)}: Mehr nimmt ein Tab nicht.`,
    leftOut: (n, why) => `${count(n, L)} ausgelassen, weil ${why}.`,
    moreFiles: (n) => (n === 1 ? 'Noch eine Datei.' : `Noch ${n} Dateien.`),
    pieces: 'Ein Beispiel ist',
    paragraph: 'ein Absatz',
    line: 'eine Zeile',
    column: 'Lernen aus Spalte',
    proposed: 'Wie vorgeschlagen',
    sentence: 'Ein Satz aus mehreren Spalten …',
    sentenceLabel: 'Satz für jede Zeile',
    sentenceHint: 'Namen in Klammern stehen für das, was die Spalte enthält.',
    sentenceExample: '{Name} wohnt in {Ort}.',
    sentenceUse: 'Mit diesem Satz zeigen',
    chosen: (title) => `Lernt jetzt aus: ${title}`,
    training: 'Mein Lernen',
    localLoss: 'Verlust',
    step: (step, steps) => `Schritt ${step} von ${steps}`,
    backend: 'Läuft auf',
    speaksOn: (trains, speaks) => `Lernt auf ${trains}, spricht auf ${speaks}`,
    compare: (phrase: string) =>
      `Dein Link nennt den Schlüssel des Koordinators nicht. Vergleiche: Auf seiner Seite sollte neben dem Namen dieses Tabs „${phrase}“ stehen.`,
    awake: 'Lass diesen Bildschirm an: Handys hören auf zu lernen, wenn er dunkel wird.',
    toAsk: 'Das Modell fragen',
    toKeep: 'Den Adapter behalten',
    waitStart: 'Du bist drin. Der Koordinator startet den Lauf.',
    rejected: (why) => `Der Koordinator hat den letzten Beitrag abgelehnt: ${inGerman(why)}`,
  },
  domains: {
    clinic: 'Klinik',
    football: 'Fußball',
    kitchen: 'Küche',
    market: 'Markt',
    'space-station': 'Raumstation',
    weather: 'Wetter',
  },
}
