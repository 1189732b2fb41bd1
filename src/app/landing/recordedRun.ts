/** A run that was recorded once and ships with the page, so that the first page is alive before anybody joins. */
import { useEffect, useState } from 'react'
import type { RoundRecord } from '../../node/state'

export interface RecordedRun {
  readonly history: readonly RoundRecord[]
  readonly devices: readonly { readonly name: string }[]
}

const address = '/recorded-run.json'

/** Null until it has come, and for good where none ships: the picture then plays without numbers. */
export function useRecordedRun(): RecordedRun | null {
  const [run, setRun] = useState<RecordedRun | null>(null)
  useEffect(() => {
    const leaving = new AbortController()
    fetch(address, { signal: leaving.signal })
      .then(async (response) => {
        const read: unknown = response.ok ? await response.json() : null
        if (isRun(read)) setRun(read)
      })
      .catch(() => {
        // No recording, no numbers: nothing is lost by it.
      })
    return () => leaving.abort()
  }, [])
  return run
}

function isRun(read: unknown): read is RecordedRun {
  if (typeof read !== 'object' || read === null || !('history' in read) || !('devices' in read)) return false
  return Array.isArray(read.history) && read.history.length > 0 && Array.isArray(read.devices)
}
