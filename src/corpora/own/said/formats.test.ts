/** A file that is not read is refused with what it is, and with how its text is got out of it. */
import { describe, expect, test } from 'vitest'
import { learned, problemOf, read } from '../testing'
import { otherFormats } from './formats'

describe('refused', () => {
  test.each([
    ['letter.docx', /formatted document.*plain text/],
    ['letter.rtf', /formatted document.*plain text/],
    ['letter.odt', /formatted document.*plain text/],
    ['paper.pdf', /PDF.*copy and paste.*pdftotext.*OCR/],
    ['novel.epub', /e-book.*Calibre/],
    ['talk.pptx', /slides.*outline/],
    ['paper.tex', /pandoc/],
    ['table.xlsx', /save the sheet as CSV/],
    ['page.html', /Open it in a browser, copy the text/],
    ['mails.mbox', /mailbox.*Copy the words/],
    ['mail.eml', /mailbox.*Copy the words/],
    ['dates.ics', /calendar.*CSV/],
    ['people.vcf', /address book/],
    ['papers.bib', /bibliography.*Zotero.*abstracts/],
    ['papers.ris', /bibliography/],
    ['de.po', /po2csv/],
    ['film.ass', /ffmpeg/],
    ['deck.apkg', /Notes in Plain Text/],
    ['texts.zip', /Unpack it/],
    ['notes.sqlite', /sqlite3 -header -csv/],
    ['data.parquet', /read_parquet.*JSON|JSON.*read_parquet/],
    ['model.safetensors', /not text/],
    ['config.yaml', /yq/],
    ['photo.heic', /picture.*OCR/],
    ['talk.mp3', /recording.*Whisper/],
    ['main.cpp', /name it .txt/],
    ['a.constructor', /name it .txt/],
  ])('%s', (name, message) => {
    expect(problemOf(() => read(name, 'x')).message).toMatch(message)
  })

  test('each format by other words, which end in what to do', () => {
    const said = Object.values(otherFormats)
    expect(new Set(said).size).toBe(said.length)
    for (const sentence of said) expect(sentence).toMatch(/^\p{L}.*[.:] \p{Lu}.*\.$/u)
  })

  test('what a file holds is seen by its first bytes, whatever its name says', () => {
    expect(problemOf(() => read('a.txt', '%PDF-1.7 x')).message).toMatch(/it is a PDF/)
    expect(problemOf(() => read('a.csv', 'SQLite format 3 x')).message).toMatch(/it is a database/)
    expect(problemOf(() => read('a.jsonl', 'PAR1 x')).message).toMatch(/read_parquet/)
  })
})

test.each(['a.rst', 'a.adoc', 'a.org'])('%s is running text', (name) => {
  expect(learned(read(name, 'Moss\n====\n\nIt grows.'))).toEqual(['Moss\n====', 'It grows.'])
})
