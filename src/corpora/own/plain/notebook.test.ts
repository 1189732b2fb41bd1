/** Notebooks are read cell by cell; what their code printed is not learned, and that is said. */
import { expect, test } from 'vitest'
import { learned, problemOf, read } from '../testing'

const printed = [{ output_type: 'stream', text: ['42\n'] }]
const cells = [
  { cell_type: 'markdown', source: ['# Moss\n', '\n', 'It grows in the shade.'] },
  { cell_type: 'code', source: 'print(42)', outputs: printed },
  { cell_type: 'code', source: [], outputs: [] },
]

test('texts and code are a piece each, of either version', () => {
  const newer = { nbformat: 4, metadata: {}, cells }
  const older = {
    nbformat: 3,
    worksheets: [{ cells: cells.map(({ source, ...cell }) => ({ ...cell, input: source })) }],
  }
  for (const notebook of [newer, older]) {
    const reading = read('moss.ipynb', JSON.stringify(notebook, null, 1))
    expect(learned(reading)).toEqual(['# Moss\n\nIt grows in the shade.', 'print(42)'])
    expect(reading).toMatchObject({ form: 'paragraphs', notes: [{ kind: 'notebook', outputs: 1 }] })
  }
})

test('what is none is refused with what to do', () => {
  expect(problemOf(() => read('a.ipynb', '{"text": "a"}')).message).toMatch(/no list of cells.*Jupyter/)
  expect(problemOf(() => read('a.ipynb', '{"cells": [\n{"source": "a",}]}')).message).toMatch(
    /^Line 2 .* a comma/,
  )
  expect(problemOf(() => read('a.ipynb', '{"cells": []}', { column: 'a' })).code).toBe('no-columns')
})
