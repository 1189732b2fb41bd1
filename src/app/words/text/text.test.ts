/** What is said of a person's own text is there in German, and is German. */
import { describe, expect, it } from 'vitest'
import { english, type Note, type Reason } from '../../../node/local/ownText'
import { otherFormats } from './de-formats'
import { jsonFaults } from './de-json'
import { germanSentences } from './de-sentences'

/** Words that hardly any English sentence does without, and no German one has. */
const englishWords =
  /\b(the|this|that|it|its|is|are|of|and|with|without|holds|put|there|write|not|to|taken|read)\b/i

const isGerman = (sentence: string, inEnglish: string) => {
  expect(sentence).not.toBe(inEnglish)
  // Commands and names of menus stay as they are.
  expect(sentence.replace(/\([^)]*\)|„[^“]*“/g, '')).not.toMatch(englishWords)
}

describe('in German', () => {
  it.each(Object.keys(otherFormats) as (keyof typeof otherFormats)[])(
    'a format is refused: %s',
    (content) => {
      const problem = { kind: 'unsupported', name: 'a.b', content } as const
      isGerman(germanSentences.problem(problem), english.problem(problem))
    },
  )

  it.each(Object.keys(jsonFaults) as (keyof typeof jsonFaults)[])('broken JSON is named: %s', (fault) => {
    const problem = { kind: 'broken-json', name: 'a.json', line: 3, fault } as const
    expect(germanSentences.problem(problem)).toMatch(/^Zeile 3 von „a.json“ (ist|enthält) /)
    isGerman(germanSentences.problem(problem), english.problem(problem))
  })

  it.each<[Note, string]>([
    [
      { kind: 'cards', first: ['Hund', 'dog'] },
      'Nichts benennt die Spalten: Jede Zeile wird als Karte genommen, deren Vorderseite fragt und deren Rückseite antwortet („Hund“, „dog“ zuerst). Ist die erste Zeile eine Kopfzeile, nenne ihre Spalten front und back; soll nur eine Seite gelernt werden, wähle deren Spalte.',
    ],
    [
      { kind: 'doubtful-header', first: ['Hund', 'dog'] },
      'Die erste Zeile („Hund“, „dog“) wird für die Namen der Spalten gehalten. Wenn sie ein Beispiel wie die anderen ist, setze eine Zeile darüber: front und back, oder andere Namen.',
    ],
    [
      { kind: 'notebook', outputs: 1 },
      'Ein Notebook: Jede Zelle ist ein Stück, Texte und Code. Nicht gelernt: was eine Zelle ausgegeben oder gezeichnet hat.',
    ],
    [
      { kind: 'other-text', column: 'text', others: ['titel'] },
      'Nicht gelernt: der Text in „titel“. Wähle eine andere Spalte, oder nimm mehrere mit einem Satz wie {titel} {text}.',
    ],
    [
      { kind: 'instead', column: 'selftext', instead: 'body', count: 1 },
      'Wo „selftext“ leer ist, wird „body“ gelesen (1 Zeile).',
    ],
    [
      { kind: 'printed-by-python', column: 'm' },
      '„m“ enthält Listen, wie Python sie ausgibt, und sie werden gelesen, wie sie dastehen. Speichere die Tabelle als JSON Lines, damit sie verstanden werden (in pandas: to_json("DATEI.jsonl", orient="records", lines=True)).',
    ],
    [
      {
        kind: 'pasted-broken',
        problem: { kind: 'broken-json', name: null, line: 1, fault: 'trailing-comma' },
      },
      'Es beginnt wie JSON und wird als reiner Text gelesen. Zeile 1 des Textfelds ist kein gültiges JSON: Dort steht ein Komma hinter dem letzten Eintrag. Entferne es.',
    ],
    [
      { kind: 'turned-down', columns: ['rejected'] },
      'Nicht gelernt: die Antworten in „rejected“, denen andere vorgezogen wurden.',
    ],
    [
      { kind: 'picked', column: 'answer', sign: 'B', text: 'Riga' },
      '„answer“ sagt, welche Auswahl richtig ist, und gelernt wird deren Text (zuerst steht „B“ für „Riga“).',
    ],
    [
      { kind: 'text-beside', question: 'frage', column: 'antwort', others: ['artikel'] },
      'Weitere Spalten mit viel Text, die nicht mit „antwort“ gelernt werden: „artikel“. Soll alles als ein Text gelernt werden, nimm einen Satz wie {artikel} {frage} {antwort}.',
    ],
    [
      { kind: 'other-branches', count: 1 },
      'Von jedem Baum von Antworten wird ein Zweig gelesen, der beste oder der erste. Nicht gelernt: 1 Nachricht der anderen.',
    ],
    [
      { kind: 'beside-list', columns: ['text'] },
      'Eine Liste wird gelesen. Nicht gelernt: der Text daneben in „text“.',
    ],
    [
      { kind: 'bytes-as-letters' },
      'Die Buchstaben waren als einzelne Bytes geschrieben („Ã©“ für „é“), wie Facebook und Instagram sie exportieren, und wurden wieder zusammengesetzt.',
    ],
    [
      { kind: 'unlearned', what: 'given', count: 1 },
      'Vorgegeben, nicht gelernt: 1 Antwort des Assistenten, die so markiert ist („weight“: 0).',
    ],
    [
      { kind: 'unlearned', what: 'tools', count: 2 },
      'Vorgegeben, nicht gelernt: Aufrufe von Werkzeugen und was sie ergaben (2 Beiträge).',
    ],
    [
      { kind: 'unlearned', what: 'thoughts', count: 1 },
      'Nicht gelesen: was der Assistent dachte, bevor er sprach (1 Mal).',
    ],
    [
      { kind: 'unlearned', what: 'attachments', count: 3 },
      'Nicht gelesen: 3 Bilder oder Dateien in den Gesprächen.',
    ],
    [
      { kind: 'rolling-captions', count: 2 },
      'Rollende Untertitel: 2 Zeilen, die noch dastanden, während neue kamen, einmal gelesen.',
    ],
    [
      { kind: 'mended-rows', count: 2, line: 3 },
      'In 2 Zeilen (zuerst Zeile 3) stehen Trennzeichen oder Anführungszeichen in einem Text, der nicht so eingefasst ist, wie CSV es verlangt. Gelesen wurden sie, wie sie gemeint scheinen: Sieh nach, ob es stimmt.',
    ],
    [{ kind: 'markup', count: 1 }, 'Aus 1 Zelle wurden HTML-Tags entfernt.'],
    [{ kind: 'sounds', count: 1 }, '1 Zeichen, das für einen Ton steht, wurde ausgelassen.'],
  ])('what was done to a text is said: %#', (note, said) => {
    expect(germanSentences.note(note)).toBe(said)
    isGerman(said, english.note(note))
  })

  it.each<[Reason, string]>([
    [
      { kind: 'all-given' },
      'alles, was der Assistent darin sagt, als nicht zu lernen markiert ist („weight“: 0)',
    ],
    [{ kind: 'only-tools' }, 'der Assistent darin nur Werkzeuge aufruft, und Aufrufe nicht gelernt werden'],
    [{ kind: 'turned-down', column: 'label' }, 'ihre Antworten verworfen wurden („label“ ist false)'],
  ])('why something is left out is said: %#', (reason, said) => {
    expect(germanSentences.reason(reason)).toBe(said)
    isGerman(said, english.reason(reason))
  })
})
