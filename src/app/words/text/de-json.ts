/** German: what is wrong with JSON, and how it is mended. As it stands behind “Zeile 3 von „a.json“”. */
import type { JsonFault, JsonSyntaxFault } from '../../../node/local/ownText'

const syntaxFaults: Readonly<Record<JsonSyntaxFault, string>> = {
  comment: 'Dort steht ein Kommentar, und JSON hat keine. Entferne ihn.',
  'trailing-comma': 'Dort steht ein Komma hinter dem letzten Eintrag. Entferne es.',
  'single-quotes':
    'Dort steht ein Text in einfachen Anführungszeichen. Setze alle Texte und Namen in doppelte ("); Python schreibt sie so mit json.dumps.',
  'curly-quotes':
    'Dort steht ein typografisches Anführungszeichen, wie Textprogramme es machen. Ersetze alle um Texte und Namen durch gerade (").',
  'foreign-blank':
    'Dort steht ein ungewöhnliches Leerzeichen, wie Webseiten und Textprogramme es machen. Ersetze es durch ein gewöhnliches.',
  'no-number': 'Dort steht NaN oder Infinity, und JSON kennt beide nicht. Schreibe stattdessen null.',
  'foreign-word':
    'Dort steht ein Wort, wie eine Programmiersprache es schreibt. Schreibe true, false oder null (für None oder undefined), und Texte in doppelten Anführungszeichen.',
  'bare-name': 'Dort steht ein Name ohne Anführungszeichen. Setze alle Namen in doppelte (").',
  'no-comma': 'Dahinter fehlt ein Komma. Setze eines zwischen die Einträge.',
  'no-colon': 'Hinter einem Namen fehlt ein Doppelpunkt. Schreibe "name": "text".',
  'no-value': 'Dort fehlt ein Wert. Schreibe "" oder null, wo es keinen gibt.',
  'inner-quote': 'Mitten in einem Text steht ein Anführungszeichen. Setze einen Backslash davor (\\").',
  'open-quote':
    'Dort beginnt ein Text, der in seiner Zeile nicht endet. Schließe ihn mit einem Anführungszeichen ("); ein Zeilenumbruch in einem Text wird \\n geschrieben.',
  control:
    'Mitten in einem Text steht ein Tabulator oder ein anderes Steuerzeichen. Schreibe \\t für einen Tabulator, und entferne die anderen.',
  backslash: 'Mitten in einem Text steht ein Backslash, der dort nichts bedeutet. Verdopple ihn (\\\\).',
  brackets:
    'Dort schließt eine Klammer, die so nicht geöffnet wurde: { gehört zu }, und [ zu ]. Bessere das Paar aus.',
  'cut-off':
    'Der Text endet, bevor alles geschlossen ist, was geöffnet wurde. Vielleicht wurde die Datei abgeschnitten: Hole oder exportiere sie noch einmal, oder ergänze, was fehlt, etwa ] oder }.',
  'no-brackets':
    'Mehrere Werte stehen hintereinander, mit Kommas dazwischen. Setze [ vor den ersten und ] hinter den letzten, oder entferne die Kommas (JSON Lines).',
  'web-page':
    'Es ist eine Webseite, vielleicht eine, auf der steht, warum die Datei nicht zu holen war. Öffne sie im Browser, und hole die Datei noch einmal.',
  'not-json': 'Was dort steht, ist keines. Bessere es aus, oder entferne es.',
}

const contentFaults: Readonly<Record<Exclude<JsonFault, JsonSyntaxFault>, string>> = {
  'not-an-object':
    'ist kein JSON-Objekt. Jede Zeile braucht eines wie {"text": "..."}; bessere die Zeile aus oder entferne sie.',
  'no-rows':
    'enthält keine Liste von Zeilen, Gesprächen oder Texten. Gelesen wird eine Liste wie [{"text": "..."}, ...]; exportiere sie so.',
  'no-cells':
    'ist kein Notebook: Es gibt keine Liste von Zellen. Speichere es in Jupyter noch einmal, oder nenne die Datei .json, wenn es anderes JSON ist.',
  cut: 'ist größer als das, was gelesen wird, und keine Liste, von der ein Teil zu lesen wäre. Speichere es als JSON Lines (.jsonl), oder nimm einen Teil davon.',
}

export const jsonFaults: Readonly<Record<JsonFault, string>> = {
  ...contentFaults,
  ...(Object.fromEntries(
    Object.entries(syntaxFaults).map(([fault, said]) => [fault, `ist kein gültiges JSON: ${said}`]),
  ) as Record<JsonSyntaxFault, string>),
}
