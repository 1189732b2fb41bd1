/** A small line without axes, for places where only the direction matters. */
import { useMemo } from 'react'
import styles from './Sparkline.module.css'
import { smooth } from './smoothing'

const size = { width: 240, height: 56 }
const mostPoints = 240

interface MeasureProps {
  readonly values: readonly number[]
  readonly colour: string
  readonly label: string
}

export function MeasureLine({ values, colour, label }: MeasureProps) {
  const path = useMemo(() => pathOf(values), [values])
  return (
    <svg
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={styles.sparkline}
    >
      <path d={path} stroke={colour} />
    </svg>
  )
}

/** From 0 at the foot to the highest loss at the top; a stretch of thin air where points are no numbers. */
export function pathOf(losses: readonly number[]): string {
  const stride = Math.max(1, Math.ceil(losses.length / mostPoints))
  const kept = smooth(
    losses.filter((_, index) => index % stride === 0),
    0.5,
  )
  const highest = Math.max(...kept.map((value) => value ?? 0), 1e-6)
  let pen = 'M'
  return kept
    .map((value, index) => {
      if (value === null) {
        pen = 'M'
        return ''
      }
      const x = (index / Math.max(kept.length - 1, 1)) * size.width
      const y = size.height - 3 - (value / highest) * (size.height - 6)
      const piece = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`
      pen = 'L'
      return piece
    })
    .join('')
}
