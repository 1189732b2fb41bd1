/** Jupyter's notebooks (.ipynb): the texts and the code of their cells. What the code printed or drew is not read. */
import { OwnTextError } from '../errors'
import { valuesIn, withoutMarks } from '../json/json'
import { isObject } from '../json/object'
import { wordsOf } from '../rows/cells'

export interface Notebook {
  readonly cells: readonly string[]
  /** How many cells have printed or drawn something. */
  readonly outputs: number
}

/** @throws OwnTextError `broken-json` */
export function cellsOfNotebook(name: string | null, written: string): Notebook {
  const [notebook] = valuesIn(name, withoutMarks(written))
  // Before version 4 cells stood in work sheets.
  const { cells, worksheets } = Object(notebook)
  const found = [cells, ...listOf(worksheets).map((sheet) => Object(sheet).cells)]
    .flatMap(listOf)
    .filter(isObject)
  if (found.length === 0) throw new OwnTextError({ kind: 'broken-json', name, line: null, fault: 'no-cells' })
  return {
    cells: found.map(({ source, input }) => textOf(source ?? input)).filter((text) => text !== ''),
    outputs: found.filter(({ outputs }) => listOf(outputs).length > 0).length,
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Lines bring their ends with them. */
const textOf = (source: unknown): string => (Array.isArray(source) ? source.join('') : wordsOf(source)).trim()
