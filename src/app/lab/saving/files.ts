/** The runs of the Lab as files: everything as JSON, the curves as a table for a spreadsheet. */
import { labSearch } from '../labSettings'
import type { LabRun } from '../runs'

const addressOf = ({ settings }: LabRun): string => `/?${labSearch(settings)}`

/** Settings with the address that repeats them, curves and terms as they were measured. */
export const runsAsJson = (runs: readonly LabRun[]): string =>
  JSON.stringify(
    runs.map((run) => ({ address: addressOf(run), settings: run.settings, curves: run.curves })),
    null,
    1,
  )

/** A line for each point of each seed. What was not measured stays empty. */
export function runsAsCsv(runs: readonly LabRun[]): string {
  const lines = runs.flatMap((run) =>
    run.curves.flatMap(({ seed, points }) =>
      points.map(({ round, version, seconds, bytes, wanBytes, loss }) =>
        [`"${addressOf(run)}"`, seed, round, version, seconds, bytes, wanBytes, loss ?? ''].join(','),
      ),
    ),
  )
  return ['address,seed,round,version,seconds,bytes,wanBytes,loss', ...lines, ''].join('\r\n')
}

export function saveFile(name: string, type: string, content: BlobPart): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
