/** A small line without axes, for places where only the direction matters. */

import { useMemo } from 'react'
import { largestOf } from '../../../lib/extremes'
import { smooth } from '../loss/smoothing'
import styles from './Sparkline.module.css'

const size = { width: 240, height: 56 }
const mostPoints = 240
const leastHeight = 1e-6

export interface Course {
  readonly values: readonly number[]
  /** The largest behind each value, drawn thin above it. */
  readonly largest?: readonly number[]
  readonly colour: string
  readonly label: string
}

export function MeasureLine({ values, largest, colour, label }: Course) {
  const [path, upper] = useMemo(() => {
    const [kept, above] = [thinned(values), largest && thinned(largest)]
    const top = Math.max(largestOf((above ?? kept).map((value) => value ?? 0)), leastHeight)
    return [pathOf(kept, top), above && pathOf(above, top)]
  }, [values, largest])
  return (
    <svg
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={styles.sparkline}
    >
      {upper && <path d={upper} stroke={colour} strokeDasharray="2 3" opacity={0.7} />}
      <path d={path} stroke={colour} />
    </svg>
  )
}

/** No more points than the picture is wide, smoothed a little. */
function thinned(values: readonly number[]): (number | null)[] {
  const stride = Math.max(1, Math.ceil(values.length / mostPoints))
  return smooth(
    values.filter((_, index) => index % stride === 0),
    0.5,
  )
}

/** From 0 at the foot to `highest` at the top; a stretch of thin air where points are no numbers. */
function pathOf(values: readonly (number | null)[], highest: number): string {
  let pen = 'M'
  return values
    .map((value, index) => {
      if (value === null) {
        pen = 'M'
        return ''
      }
      const x = (index / Math.max(values.length - 1, 1)) * size.width
      const y = size.height - 3 - (value / highest) * (size.height - 6)
      const piece = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`
      pen = 'L'
      return piece
    })
    .join('')
}
