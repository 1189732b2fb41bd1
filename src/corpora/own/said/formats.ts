/** Files of other formats: what each is, and how its text is got out of it. As it stands behind “was not read:”. */
import type { Unsupported } from '../problems'

export const otherFormats: Readonly<Record<Unsupported, string>> = {
  document:
    'it is a formatted document. Open it in the program that made it, save it as plain text (.txt), or copy the text and paste it.',
  pdf: 'it is a PDF. Open it, select all, copy and paste the text, or run pdftotext FILE.pdf and use the .txt; of a scan the letters have to be recognised first (OCR).',
  book: 'it is an e-book. Convert it to TXT with Calibre (“Convert books”), and use that file.',
  slides:
    'it holds slides. Open it, copy the text of the outline view and paste it, or save it as PDF and copy the text from there.',
  tex: 'it is LaTeX, and full of commands. Turn it into plain text (pandoc FILE.tex -t plain -o FILE.txt), and use that file.',
  spreadsheet: 'it is a spreadsheet. Open it and save the sheet as CSV (in Excel: “CSV UTF-8”).',
  'web-page':
    'it is a web page or XML, and more of it is markup than text. Open it in a browser, copy the text, and paste it or save it as .txt.',
  mail: 'it is a mailbox, with addresses and attachments of others in it. Copy the words that you wrote, and paste them or save them as .txt.',
  calendar:
    'it is a calendar. Export it as CSV if your calendar can do that, or copy the descriptions of its entries and paste them.',
  contacts:
    'it is an address book: names and numbers of others, and no text to learn from. Choose a file with text in it.',
  bibliography:
    'it is a bibliography. Export it as CSV (in Zotero and JabRef: “Export”), and choose the column with the abstracts.',
  translations:
    'it holds translations. Turn it into CSV with the columns source and target (po2csv or xliff2po of the Translate Toolkit), and use that file.',
  subtitles:
    'it holds subtitles of another kind. Turn them into .srt (ffmpeg -i FILE FILE.srt, or Subtitle Edit), and use that file.',
  anki: 'it is a package of Anki. In Anki choose File, Export, “Notes in Plain Text (.txt)”, and use that file.',
  archive: 'it is an archive. Unpack it and use the text files that are in it.',
  database:
    'it is a database. Export the table with the text as CSV (sqlite3 -header -csv FILE "select * from TABLE" > FILE.csv, or DB Browser), and use that file.',
  columns:
    'it is a table for programs. Turn it into JSON lines (in Python: pandas.read_parquet("FILE").to_json("FILE.jsonl", orient="records", lines=True)), and use that file.',
  numbers:
    'it holds numbers or objects of a program, not text. Write the texts that belong to it as JSON lines (.jsonl), and use that file.',
  settings:
    'it is a file of settings. If there are texts in it, turn it into JSON (yq -o=json FILE > FILE.json), and use that file.',
  picture: 'it is a picture. Recognise the letters in it (OCR), and paste the text or save it as .txt.',
  recording:
    'it is a recording. Write down what is said in it (Whisper and many programs for subtitles do), and use that .srt or .txt.',
  other:
    'text is read from .txt, .md, .csv, .tsv, .json, .jsonl, .ipynb, .srt and .vtt files. If it is plain text, name it .txt; else save it as one of these.',
}
