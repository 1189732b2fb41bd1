/** German: what is said of a person's own text. The English sentences stand with the reader, since the command line says them too. */
import type {
  CsvFault,
  PastedForm,
  Reason,
  TextProblem,
  TextSentences,
  UnlearnedKind,
} from '../../../node/local/ownText'
import { sentenceOfColumns, shortened, someOf } from '../../../node/local/ownText'
import { count } from '../../format'
import { otherFormats } from './de-formats'
import { jsonFaults } from './de-json'

const L = 'de'
const quoted = (name: string | null): string => (name === null ? 'Das Textfeld' : `„${shortened(name)}“`)
const lineOf = (line: number | null, name: string | null): string =>
  line === null ? quoted(name) : `Zeile ${line} ${name === null ? 'des Textfelds' : `von ${quoted(name)}`}`
const counted = (value: number, one: string, many: string): string =>
  `${count(value, L)} ${value === 1 ? one : many}`
const quotedAll = (names: readonly string[]): string =>
  someOf(
    names.map((name) => `„${shortened(name, 40)}“`),
    'weitere',
  )
const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1024 / 1024))} MB`

export const germanSentences: TextSentences = {
  problem: (problem: TextProblem): string => {
    switch (problem.kind) {
      case 'empty':
        return `${quoted(problem.name)} enthält keinen Text zum Lernen. Füge wenigstens einen Absatz ein oder lege ihn als Datei ab.`
      case 'too-many-files':
        return `${problem.files} Dateien auf einmal sind zu viele; bis zu ${problem.most} werden gelesen. Nimm weniger, oder füge sie zusammen.`
      case 'unsupported':
        return `${quoted(problem.name)} wurde nicht gelesen: ${otherFormats[problem.content]}`
      case 'binary':
        return `${quoted(problem.name)} ist trotz des Namens kein Text, sondern enthält Binärdaten. Öffne die Datei in ihrem Programm, speichere sie als reinen Text und nimm diese Datei.`
      case 'unknown-encoding':
        return `${quoted(problem.name)} verrät ihre Kodierung nicht, und welche Buchstaben gemeint sind, lässt sich nicht sicher sagen. Speichere die Datei noch einmal mit der Kodierung UTF-8.`
      case 'broken-json':
        return `${lineOf(problem.line, problem.name)} ${jsonFaults[problem.fault]}`
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
      case 'bytes-as-letters':
        return 'Die Buchstaben waren als einzelne Bytes geschrieben („Ã©“ für „é“), wie Facebook und Instagram sie exportieren, und wurden wieder zusammengesetzt.'
      case 'title-lines':
        return note.count === 1
          ? 'Eine Zeile über der Kopfzeile wurde übersprungen.'
          : `${note.count} Zeilen über der Kopfzeile wurden übersprungen.`
      case 'mended-rows':
        return `In ${counted(note.count, 'Zeile', 'Zeilen')} (zuerst Zeile ${note.line}) stehen Trennzeichen oder Anführungszeichen in einem Text, der nicht so eingefasst ist, wie CSV es verlangt. Gelesen wurden sie, wie sie gemeint scheinen: Sieh nach, ob es stimmt.`
      case 'no-header':
        return 'Es gibt keine Kopfzeile: Die Spalten sind nummeriert.'
      case 'cards':
        return `Nichts benennt die Spalten: Jede Zeile wird als Karte genommen, deren Vorderseite fragt und deren Rückseite antwortet (${quotedAll(note.first)} zuerst). Ist die erste Zeile eine Kopfzeile, nenne ihre Spalten front und back; soll nur eine Seite gelernt werden, wähle deren Spalte.`
      case 'doubtful-header':
        return `Die erste Zeile (${quotedAll(note.first)}) wird für die Namen der Spalten gehalten. Wenn sie ein Beispiel wie die anderen ist, setze eine Zeile darüber: front und back, oder andere Namen.`
      case 'front-matter':
        return 'Der Block mit Angaben am Anfang wurde übersprungen.'
      case 'chat-export':
        return 'Ein exportierter Chat: Die Uhrzeiten wurden weggelassen.'
      case 'subtitles':
        return 'Untertitel: Nummern und Zeiten wurden weggelassen, Stücke zu Sätzen verbunden.'
      case 'rolling-captions':
        return `Rollende Untertitel: ${counted(note.count, 'Zeile, die noch dastand', 'Zeilen, die noch dastanden')}, während neue kamen, einmal gelesen.`
      case 'notebook':
        return note.outputs === 0
          ? 'Ein Notebook: Jede Zelle ist ein Stück, Texte und Code.'
          : `Ein Notebook: Jede Zelle ist ein Stück, Texte und Code. Nicht gelernt: was ${note.outputs === 1 ? 'eine Zelle' : `${count(note.outputs, L)} Zellen`} ausgegeben oder gezeichnet ${note.outputs === 1 ? 'hat' : 'haben'}.`
      case 'parted':
        return 'Lange Texte wurden geteilt, wenn möglich am Ende von Sätzen, in Stücke von etwa 1.000 Zeichen.'
      case 'nested-list':
        return `Nicht gelernt: die Listen in „${shortened(note.column)}“ (${counted(note.count, 'Eintrag', 'Einträge')}).`
      case 'other-text':
        return `Nicht gelernt: der Text in ${quotedAll(note.others)}. Wähle eine andere Spalte, oder nimm mehrere mit einem Satz wie ${sentenceOfColumns(note.others, note.column)}.`
      case 'beside-list':
        return `Eine Liste wird gelesen. Nicht gelernt: der Text daneben in ${quotedAll(note.columns)}.`
      case 'text-beside':
        return `Weitere Spalten mit viel Text, die nicht mit „${shortened(note.column)}“ gelernt werden: ${quotedAll(note.others)}. Soll alles als ein Text gelernt werden, nimm einen Satz wie ${sentenceOfColumns([note.others[0], note.question], note.column)}.`
      case 'turned-down':
        return `Nicht gelernt: die Antworten in ${quotedAll(note.columns)}, denen andere vorgezogen wurden.`
      case 'picked':
        return `„${shortened(note.column)}“ sagt, welche Auswahl richtig ist, und gelernt wird deren Text (zuerst steht „${shortened(note.sign, 40)}“ für „${shortened(note.text, 40)}“).`
      case 'unlearned':
        return unlearned(note.what, note.count)
      case 'other-branches':
        return `Von jedem Baum von Antworten wird ein Zweig gelesen, der beste oder der erste. Nicht gelernt: ${counted(note.count, 'Nachricht', 'Nachrichten')} der anderen.`
      case 'instead':
        return `Wo „${shortened(note.column)}“ leer ist, wird „${shortened(note.instead)}“ gelesen (${counted(note.count, 'Zeile', 'Zeilen')}).`
      case 'printed-by-python':
        return `„${shortened(note.column)}“ enthält Listen, wie Python sie ausgibt, und sie werden gelesen, wie sie dastehen. Speichere die Tabelle als JSON Lines, damit sie verstanden werden (in pandas: to_json("DATEI.jsonl", orient="records", lines=True)).`
      case 'pasted-as':
        return `Gelesen als ${pastedForms[note.form]}.`
      case 'pasted-broken':
        return `Es beginnt wie JSON und wird als reiner Text gelesen. ${germanSentences.problem(note.problem)}`
      case 'refused':
        return germanSentences.problem(note.problem)
      case 'markup':
        return `Aus ${counted(note.count, 'Zelle', 'Zellen')} wurden HTML-Tags entfernt.`
      case 'sounds':
        return `${counted(note.count, 'Zeichen, das für einen Ton steht, wurde', 'Zeichen, die für einen Ton stehen, wurden')} ausgelassen.`
      case 'unread':
        return 'Nicht gelesen: Was davor gelesen wurde, ist alles, was ein Tab nimmt.'
      case 'first-bytes':
        return `Die ersten ${megabytes(note.read)} von ${megabytes(note.of)} wurden gelesen.`
    }
  },
}

function unlearned(what: UnlearnedKind, many: number): string {
  switch (what) {
    case 'given':
      return `Vorgegeben, nicht gelernt: ${counted(many, 'Antwort', 'Antworten')} des Assistenten, die so markiert ${many === 1 ? 'ist' : 'sind'} („weight“: 0).`
    case 'tools':
      return `Vorgegeben, nicht gelernt: Aufrufe von Werkzeugen und was sie ergaben (${counted(many, 'Beitrag', 'Beiträge')}).`
    case 'thoughts':
      return `Nicht gelesen: was der Assistent dachte, bevor er sprach (${counted(many, 'Mal', 'Mal')}).`
    case 'attachments':
      return `Nicht gelesen: ${counted(many, 'Bild oder Datei', 'Bilder oder Dateien')} in den Gesprächen.`
  }
}

const pastedForms: Readonly<Record<PastedForm, string>> = {
  json: 'JSON',
  'json-lines': 'JSON Lines',
  table: 'Tabelle',
}

function csvFault(fault: CsvFault): string {
  switch (fault.kind) {
    case 'open-quote':
      return 'Dort beginnt ein Anführungszeichen, das nie endet. Schließe es, oder verdopple es (""), wenn es zum Text gehört.'
    case 'stray-quote':
      return 'Ein Anführungszeichen steht mitten in einem Text in Anführungszeichen. Verdopple es (""), wie es eine Tabellenkalkulation beim Export tut.'
    case 'cells':
      return `Sie hat ${fault.found} Zellen, die Kopfzeile aber ${fault.wanted}, und so sind die meisten Zeilen. Wenn an der Stelle der Kopfzeile ein Titel steht, entferne ihn; sonst setze Text, der das Trennzeichen enthält, in doppelte Anführungszeichen ("), wie es eine Tabellenkalkulation beim Export tut.`
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
    case 'all-given':
      return 'alles, was der Assistent darin sagt, als nicht zu lernen markiert ist („weight“: 0)'
    case 'only-tools':
      return 'der Assistent darin nur Werkzeuge aufruft, und Aufrufe nicht gelernt werden'
    case 'turned-down':
      return `ihre Antworten verworfen wurden („${shortened(reason.column)}“ ist false)`
    case 'cells':
      return `sie mehr Zellen haben als die Kopfzeile (zuerst Zeile ${reason.line}): Text mit dem Trennzeichen darin braucht Anführungszeichen`
    case 'no-words':
      return 'sie Hinweise sind, gelöscht wurden, oder für Bilder und Ton stehen'
    case 'beyond':
      return `nur die ersten ${count(reason.most, L)} genommen werden`
  }
}
