/** Which rows of a long table are shown: a window of a fixed size that is moved by whole windows and never leaves the table. */
export const windowRows = 20

interface TableWindow {
  /** From this row, counted from 0, to the one before `to`. */
  readonly from: number
  readonly to: number
  /** Where the window before and the one after begin; null: there is none. */
  readonly earlier: number | null
  readonly later: number | null
}

/** `chosen` is where somebody has moved the window; null: the first rows, or the last ones of a table that grows. */
export function windowOf(rows: number, chosen: number | null, grows: boolean): TableWindow {
  const last = Math.max(0, rows - windowRows)
  const from = Math.min(chosen ?? (grows ? last : 0), last)
  return {
    from,
    to: Math.min(rows, from + windowRows),
    earlier: from > 0 ? Math.max(0, from - windowRows) : null,
    later: from < last ? Math.min(last, from + windowRows) : null,
  }
}
