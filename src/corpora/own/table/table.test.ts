/** CSV as spreadsheets, trackers and people write it. */
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { fixture, learned, plain, problemOf, read } from '../testing'

describe('files that people had', () => {
  test.each([
    ['sep-line-2col.csv', ['id', 'text'], ['Hello there my friend', 'Another sentence here'], []],
    ['pipe.csv', ['id', 'text', 'label'], ['Hello there my friend', 'Another sentence, here'], []],
    [
      'title-line.csv',
      ['id', 'text', 'label'],
      ['hello there friend', 'second sentence here'],
      [{ kind: 'title-lines', count: 1 }],
    ],
    ['trailing-delim.csv', ['id', 'text'], ['hello there', 'second'], []],
  ])('%s', (name, columns, texts, notes) => {
    const reading = fixture(name)
    expect(reading).toMatchObject({ form: 'columns', column: 'text', columns, leftOut: [], notes })
    expect(learned(reading)).toEqual(texts)
  })
})

describe('the layout', () => {
  test('may have semicolons between cells and commas in numbers and sentences', () => {
    const csv =
      'Datum;Betrag;Kommentar\n01.02.2024;1.234,50;Schön, danke, gern wieder\n02.02.2024;3,20;Nie, nie wieder\n'
    const reading = read('a.csv', csv)
    expect(reading).toMatchObject({ column: 'Kommentar', columns: ['Datum', 'Betrag', 'Kommentar'] })
    expect(learned(reading)).toEqual(['Schön, danke, gern wieder', 'Nie, nie wieder'])
  })

  test('may have a title of several cells above usual names', () => {
    const csv = 'Sales report,2024-01-01\nid,text,label\n1,Hello there.,a\n2,Good bye.,b\n'
    expect(read('a.csv', csv)).toMatchObject({
      columns: ['id', 'text', 'label'],
      examples: plain('Hello there.', 'Good bye.'),
      notes: [{ kind: 'title-lines', count: 1 }],
    })
    const short = 'id,text\n1,Hello there,friend\n2,Good bye.\n3,Again.\n'
    expect(read('a.csv', short)).toMatchObject({ columns: ['id', 'text'], examples: { length: 2 } })
  })

  test('may be a single column, with commas in its sentences', () => {
    const sentences = ['Hello, you', 'Oh, well', 'Fine, thanks', 'It rains']
    expect(read('a.csv', `text\n${sentences.join('\n')}\n`)).toMatchObject({
      columns: ['text'],
      examples: plain(...sentences),
      notes: [],
    })
  })

  test('may have several titles, in cells of the table or before empty lines', () => {
    const csv = 'Sales report;;\nCreated by Anna, 2024;;\n\nid;text;label\n1;Hello there.;a\n2;Good bye.;b\n'
    expect(read('a.csv', csv)).toMatchObject({
      columns: ['id', 'text', 'label'],
      examples: plain('Hello there.', 'Good bye.'),
      notes: [{ kind: 'title-lines', count: 2 }],
    })
  })

  test('may lack a header: then no row is eaten', () => {
    expect(read('a.csv', '1,Hello there my friend,a\n2,Another sentence,b\n3,A third one,a\n')).toMatchObject(
      {
        column: 'column 2',
        examples: plain('Hello there my friend', 'Another sentence', 'A third one'),
        notes: [{ kind: 'no-header' }],
      },
    )
    const labelled = 'ham\tGo there, now.\nspam\tWin a cup.\nham\tOk, I will.\n'
    expect(read('a.tsv', labelled).examples).toEqual(plain('Go there, now.', 'Win a cup.', 'Ok, I will.'))
    const years = 'comment;2022;2023\nIt rained a lot.;1;2\nIt was dry.;3;4\n'
    expect(read('a.csv', years)).toMatchObject({ columns: ['comment', '2022', '2023'], notes: [] })
  })

  test('may have columns of one name: their cells are one', () => {
    const jira =
      'Summary,Comment,Comment,Labels\nIt crashes,First look.,Second look.,a\nIt hangs,,Only one.,b\n'
    const reading = read('jira.csv', jira, { column: 'comment' })
    expect(reading.columns).toEqual(['Summary', 'Comment', 'Labels'])
    expect(learned(reading)).toEqual(['First look.\nSecond look.', 'Only one.'])
  })
})

describe('cells', () => {
  test('keep their line breaks, as one kind of break', () => {
    for (const newline of ['\n', '\r\n', '\r']) {
      const csv = Papa.unparse(
        [
          { id: 1, text: `One${newline}two.` },
          { id: 2, text: 'Three.' },
        ],
        { newline },
      )
      expect(learned(read('a.csv', csv))).toEqual(['One\ntwo.', 'Three.'])
    }
    const mixed = 'id,text\n1,"One\r\ntwo."\n2,Three.\n'
    expect(learned(read('a.csv', mixed))).toEqual(['One\ntwo.', 'Three.'])
  })

  test('too many of them: the row is left out and counted, or the file refused where many are so', () => {
    const good = 'Rain,me\n'.repeat(30)
    expect(read('a.csv', `text,by\n${good}One,two,three,me\n`)).toMatchObject({
      examples: { length: 30 },
      leftOut: [{ count: 1, reason: { kind: 'cells', line: 32 } }],
    })
    expect(problemOf(() => read('a.csv', 'text,by\n\nOne,two,three,me\n')).message).toMatch(
      /at line 3: it has 4 cells where the header has 2, .* is a title, remove it; else put .* double quotes/,
    )
  })

  test.each([
    ['text\n"never closed\nat all\n', 2],
    ['id,text\n1,fine\n2,"two\nlines"\n3,"never closed\n', 5],
    ['sep=;\nid;text\n1;"never closed\n', 3],
    ['id,text\n1,fine\n2,"two\nlines with a "quoted" word"\n3,fine\n', 4],
    ['id,text\n1,fine\n2,"a "quoted word"\nand more of it"\n3,fine\n', 3],
  ])('whose quotes are astray are named by their line: %j', (csv, line) => {
    const problem = problemOf(() => read('a.csv', csv))
    expect(problem.code).toBe('broken-csv')
    expect(problem.message).toContain(`at line ${line}: a quote`)
  })
})
