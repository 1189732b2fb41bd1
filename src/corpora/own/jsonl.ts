/** JSON lines: one JSON object a line, empty lines allowed. */
import { OwnTextError } from './errors'
import type { Row } from './rows'

export function rowsOfJsonLines(name: string, text: string): Row[] {
  const rows: Row[] = []
  for (let begin = 0, number = 1; begin < text.length; number++) {
    const end = text.indexOf('\n', begin)
    const line = text.slice(begin, end < 0 ? text.length : end)
    if (line.trim() !== '') rows.push(rowOf(name, line, number))
    begin = end < 0 ? text.length : end + 1
  }
  return rows
}

function rowOf(name: string, line: string, number: number): Row {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch (error) {
    throw brokenLine(name, number, `is not valid JSON (${(error as Error).message})`)
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    throw brokenLine(name, number, 'is not a JSON object')
  return row as Row
}

function brokenLine(name: string, number: number, what: string): OwnTextError {
  return new OwnTextError(
    'broken-json',
    `Line ${number} of "${name}" ${what}. Every line needs one object such as {"text": "..."}; ` +
      'mend or remove the line and drop the file again.',
  )
}
