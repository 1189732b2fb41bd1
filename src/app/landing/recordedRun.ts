/** A run that was recorded once and ships with the page, so that the first page is alive before anybody joins. */
import { useEffect, useState } from 'react'
import { z } from 'zod'
import { readBy } from '../../lib/schema'

const share = z.number().min(0).max(1)
/** Of what a device hears of a round, what the picture shows. */
const recorded = z.object({
  round: z.number().int().nonnegative(),
  recall: z.object({ merged: share, alone: share.nullable() }).nullable(),
})
const runSchema = z.object({
  history: z.array(recorded).min(1).max(1000),
  devices: z.array(z.object({ name: z.string().max(40) })).max(64),
})
export type RecordedRun = z.output<typeof runSchema>

const address = '/recorded-run.json'

/** Null until it has come, and for good where none ships: the picture then plays without numbers. */
export function useRecordedRun(): RecordedRun | null {
  const [run, setRun] = useState<RecordedRun | null>(null)
  useEffect(() => {
    const leaving = new AbortController()
    fetch(address, { signal: leaving.signal })
      .then(async (response) => setRun(response.ok ? readRun(await response.json()) : null))
      .catch(() => {
        // No recording, no numbers: nothing is lost by it.
      })
    return () => leaving.abort()
  }, [])
  return run
}

/** Null where it is no recording, or a damaged one. */
export const readRun = (read: unknown): RecordedRun | null => readBy(runSchema, read).data ?? null
