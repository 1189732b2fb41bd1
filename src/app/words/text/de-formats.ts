/** German: files of other formats, what each is, and how its text is got out of it. As it stands behind “wurde nicht gelesen:”. */
import type { Unsupported } from '../../../node/local/ownText'

export const otherFormats: Readonly<Record<Unsupported, string>> = {
  document:
    'Es ist ein formatiertes Dokument. Öffne es in seinem Programm, speichere es als reinen Text (.txt), oder kopiere den Text und füge ihn ein.',
  pdf: 'Es ist ein PDF. Öffne es, markiere alles, kopiere den Text und füge ihn ein, oder rufe pdftotext DATEI.pdf auf und nimm die .txt-Datei; bei einem Scan müssen die Buchstaben erst erkannt werden (OCR).',
  book: 'Es ist ein E-Book. Wandle es mit Calibre in TXT um („Bücher konvertieren“), und nimm diese Datei.',
  slides:
    'Es sind Folien. Öffne sie, kopiere den Text der Gliederung und füge ihn ein, oder speichere sie als PDF und kopiere den Text daraus.',
  tex: 'Es ist LaTeX und voller Befehle. Mach reinen Text daraus (pandoc DATEI.tex -t plain -o DATEI.txt), und nimm diese Datei.',
  spreadsheet: 'Es ist eine Tabelle. Öffne sie und speichere das Blatt als CSV (in Excel: „CSV UTF-8“).',
  'web-page':
    'Es ist eine Webseite oder XML, mit mehr Auszeichnung als Text. Öffne sie im Browser, kopiere den Text und füge ihn ein, oder speichere ihn als .txt.',
  mail: 'Es ist ein Postfach, mit Adressen und Anhängen anderer. Kopiere, was du selbst geschrieben hast, und füge es ein, oder speichere es als .txt.',
  calendar:
    'Es ist ein Kalender. Exportiere ihn als CSV, wenn dein Kalender das kann, oder kopiere die Beschreibungen der Einträge und füge sie ein.',
  contacts:
    'Es ist ein Adressbuch: Namen und Nummern anderer, und kein Text zum Lernen. Wähle eine Datei mit Text.',
  bibliography:
    'Es ist ein Literaturverzeichnis. Exportiere es als CSV (in Zotero und JabRef: „Exportieren“), und wähle die Spalte mit den Zusammenfassungen.',
  translations:
    'Es enthält Übersetzungen. Mach CSV mit den Spalten source und target daraus (po2csv oder xliff2po aus dem Translate Toolkit), und nimm diese Datei.',
  subtitles:
    'Es sind Untertitel anderer Art. Mach .srt daraus (ffmpeg -i DATEI DATEI.srt, oder Subtitle Edit), und nimm diese Datei.',
  anki: 'Es ist ein Paket von Anki. Wähle in Anki Datei, Exportieren, „Notizen als reiner Text (.txt)“, und nimm diese Datei.',
  archive: 'Es ist ein Archiv. Entpacke es und nimm die Textdateien darin.',
  database:
    'Es ist eine Datenbank. Exportiere die Tabelle mit dem Text als CSV (sqlite3 -header -csv DATEI "select * from TABELLE" > DATEI.csv, oder DB Browser), und nimm diese Datei.',
  columns:
    'Es ist eine Tabelle für Programme. Mach JSON Lines daraus (in Python: pandas.read_parquet("DATEI").to_json("DATEI.jsonl", orient="records", lines=True)), und nimm diese Datei.',
  numbers:
    'Es enthält Zahlen oder Objekte eines Programms, keinen Text. Schreibe die Texte dazu als JSON Lines (.jsonl), und nimm diese Datei.',
  settings:
    'Es ist eine Datei mit Einstellungen. Stehen Texte darin, mach JSON daraus (yq -o=json DATEI > DATEI.json), und nimm diese Datei.',
  picture:
    'Es ist ein Bild. Lass die Buchstaben darin erkennen (OCR), und füge den Text ein, oder speichere ihn als .txt.',
  recording:
    'Es ist eine Aufnahme. Schreibe auf, was darin gesagt wird (Whisper und viele Programme für Untertitel tun das), und nimm diese .srt- oder .txt-Datei.',
  other:
    'Text wird aus .txt-, .md-, .csv-, .tsv-, .json-, .jsonl-, .ipynb-, .srt- und .vtt-Dateien gelesen. Ist es reiner Text, nenne die Datei .txt; sonst speichere sie als eine davon.',
}
