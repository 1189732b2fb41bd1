/** German: what is said of a person's own text. The English sentences stand with the reader, since the command line says them too. */
import type {
  CsvFault,
  JsonFault,
  PastedForm,
  Reason,
  TextProblem,
  TextSentences,
  Unsupported,
} from '../../node/local/ownText'
import { shortened, someOf } from '../../node/local/ownText'
import { count } from '../format'

const L = 'de'
const quoted = (name: string | null): string => (name === null ? 'Das Textfeld' : `„${shortened(name)}“`)
const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1024 / 1024))} MB`

export const germanSentences: TextSentences = {
  problem: (problem: TextProblem): string => {
    switch (problem.kind) {
      case 'empty':
        return `${quoted(problem.name)} enthält keinen Text zum Lernen. Füge wenigstens einen Absatz ein oder lege ihn als Datei ab.`
      case 'too-many-files':
        return `${problem.files} Dateien auf einmal sind zu viele; bis zu ${problem.most} werden gelesen. Nimm weniger, oder füge sie zusammen.`
      case 'unsupported':
        return `${quoted(problem.name)} wurde nicht gelesen: ${otherContent[problem.content]}`
      case 'binary':
        return `${quoted(problem.name)} ist trotz des Namens kein Text, sondern enthält Binärdaten. Öffne die Datei in ihrem Programm, speichere sie als reinen Text und nimm diese Datei.`
      case 'unknown-encoding':
        return `${quoted(problem.name)} verrät ihre Kodierung nicht, und welche Buchstaben gemeint sind, lässt sich nicht sicher sagen. Speichere die Datei noch einmal mit der Kodierung UTF-8.`
      case 'broken-json':
        return `${problem.line === null ? '' : `Zeile ${problem.line} von `}${quoted(problem.name)} ${jsonFaults[problem.fault]}`
      case 'broken-csv':
        return `${quoted(problem.name)} ist in Zeile ${problem.line} kein gültiges CSV: ${csvFault(problem.fault)}`
      case 'too-wide':
        return `${quoted(problem.name)} hat ${problem.width === null ? `mehr als ${count(problem.most, L)} Zellen` : `${count(problem.width, L)} Spalten`}; gelesen werden Tabellen bis ${count(problem.most, L)}. Behalte die Spalten mit Text und versuche es noch einmal.`
      case 'no-text-column':
        return `${quoted(problem.name)} enthält keinen Text zum Lernen: Die Spalten (${someOf(problem.columns, 'weitere')}) sind leer oder enthalten nur Zahlen, Daten, Links und dergleichen. Nenne die Spalte mit dem Text „text“, oder füge eine solche hinzu.`
      case 'no-such-column':
        return `${quoted(problem.name)} hat keine Spalte „${shortened(problem.wanted)}“. Es gibt: ${someOf(problem.columns, 'weitere')}. Wähle eine davon.`
      case 'no-columns':
        return `${quoted(problem.name)} ist reiner Text und hat keine Spalten. Lass die Spalte weg, oder nimm eine CSV- oder JSON-Datei.`
      case 'all-left-out':
        return `In ${quoted(problem.name)} ist nichts zu lernen: Alle Zeilen (${count(problem.rows, L)}) wurden ausgelassen, die meisten, weil ${reasonOf(problem.reason)}. Wähle eine andere Spalte, oder fülle sie aus.`
      case 'too-slow':
        return `Dieser Text ließ sich nicht in ${problem.seconds} s lesen und wurde aufgegeben: Er ist nicht, was der Name sagt, oder beschädigt. Öffne die Datei in ihrem Programm, speichere sie als reinen Text und versuche es mit einem Teil davon.`
    }
  },
  reason: reasonOf,
  note: (note) => {
    switch (note.kind) {
      case 'windows-1252':
        return 'Als Windows-1252 gelesen, weil es kein UTF-8 ist: Sieh nach, ob die Buchstaben stimmen.'
      case 'title-lines':
        return note.count === 1
          ? 'Eine Zeile über der Kopfzeile wurde übersprungen.'
          : `${note.count} Zeilen über der Kopfzeile wurden übersprungen.`
      case 'no-header':
        return 'Es gibt keine Kopfzeile: Die Spalten sind nummeriert.'
      case 'front-matter':
        return 'Der Block mit Angaben am Anfang wurde übersprungen.'
      case 'chat-export':
        return 'Ein exportierter Chat: Die Uhrzeiten wurden weggelassen.'
      case 'subtitles':
        return 'Untertitel: Nummern und Zeiten wurden weggelassen, Stücke zu Sätzen verbunden.'
      case 'parted':
        return 'Lange Texte wurden geteilt, wenn möglich am Ende von Sätzen, in Stücke von etwa 1.000 Zeichen.'
      case 'nested-list':
        return `Nicht gelernt: die Listen in „${shortened(note.column)}“ (${count(note.count, L)} Einträge).`
      case 'pasted-as':
        return `Gelesen als ${pastedForms[note.form]}.`
      case 'refused':
        return germanSentences.problem(note.problem)
      case 'markup':
        return `Aus ${count(note.count, L)} Zellen wurden HTML-Tags entfernt.`
      case 'sounds':
        return `${count(note.count, L)} Zeichen, die für einen Ton stehen, wurden ausgelassen.`
      case 'unread':
        return 'Nicht gelesen: Was davor gelesen wurde, ist alles, was ein Tab nimmt.'
      case 'first-bytes':
        return `Die ersten ${megabytes(note.read)} von ${megabytes(note.of)} wurden gelesen.`
    }
  },
}

const pastedForms: Readonly<Record<PastedForm, string>> = {
  json: 'JSON',
  'json-lines': 'JSON Lines',
  table: 'Tabelle',
}

const otherContent: Readonly<Record<Unsupported, string>> = {
  document:
    'Es ist ein formatiertes Dokument. Öffne es in seinem Programm, speichere es als reinen Text (.txt), oder kopiere den Text und füge ihn ein.',
  spreadsheet: 'Es ist eine Tabelle. Öffne sie und speichere das Blatt als CSV (in Excel: „CSV UTF-8“).',
  'web-page':
    'Es ist eine Webseite oder XML, mit mehr Auszeichnung als Text. Öffne sie im Browser, kopiere den Text und füge ihn ein, oder speichere ihn als .txt.',
  mail: 'Es ist ein Postfach, mit Adressen und Anhängen anderer. Kopiere, was du selbst geschrieben hast, und füge es ein, oder speichere es als .txt.',
  archive: 'Es ist ein Archiv. Entpacke es und nimm die Textdateien darin.',
  data: 'Es ist eine Datendatei. Exportiere ihre Zeilen als CSV oder als JSON Lines (.jsonl).',
  other:
    'Text wird aus .txt-, .md-, .csv-, .tsv-, .json-, .jsonl-, .srt- und .vtt-Dateien gelesen. Ist es reiner Text, nenne die Datei .txt; sonst speichere sie als eine davon.',
}

const jsonFaults: Readonly<Record<JsonFault, string>> = {
  'not-json':
    'ist kein gültiges JSON. Oft fehlt ein Komma oder Anführungszeichen, oder das Ende ist abgeschnitten; bessere es aus und versuche es noch einmal.',
  'not-an-object':
    'ist kein JSON-Objekt. Jede Zeile braucht eines wie {"text": "..."}; bessere die Zeile aus oder entferne sie.',
  'no-rows':
    'enthält keine Liste von Zeilen, Gesprächen oder Texten. Gelesen wird eine Liste wie [{"text": "..."}, ...]; exportiere sie so.',
  cut: 'ist größer als das, was gelesen wird, und keine Liste, von der ein Teil zu lesen wäre. Speichere es als JSON Lines (.jsonl), oder nimm einen Teil davon.',
}

function csvFault(fault: CsvFault): string {
  switch (fault.kind) {
    case 'open-quote':
      return 'Dort beginnt ein Anführungszeichen, das nie endet. Schließe es, oder verdopple es (""), wenn es zum Text gehört.'
    case 'stray-quote':
      return 'Ein Anführungszeichen steht mitten in einem Text in Anführungszeichen. Verdopple es (""), wie es eine Tabellenkalkulation beim Export tut.'
    case 'cells':
      return `Sie hat ${fault.found} Zellen, die Kopfzeile aber ${fault.wanted}, und so ist es bei vielen Zeilen. Setze Text, der das Trennzeichen enthält, in Anführungszeichen (eine Tabellenkalkulation tut das beim Export).`
  }
}

function reasonOf(reason: Reason): string {
  switch (reason.kind) {
    case 'no-value':
      return `in „${shortened(reason.column)}“ nichts steht`
    case 'no-question':
      return `in „${shortened(reason.column)}“ nichts gefragt wird`
    case 'no-answer':
      return `in „${shortened(reason.column)}“ nichts geantwortet wird`
    case 'no-conversation':
      return `in „${shortened(reason.column)}“ kein Gespräch steht`
    case 'no-assistant':
      return 'der Assistent darin nichts sagt'
    case 'cells':
      return `sie mehr Zellen haben als die Kopfzeile (zuerst Zeile ${reason.line}): Text mit dem Trennzeichen darin braucht Anführungszeichen`
    case 'no-words':
      return 'sie Hinweise sind, gelöscht wurden, oder für Bilder und Ton stehen'
    case 'beyond':
      return `nur die ersten ${count(reason.most, L)} genommen werden`
  }
}
