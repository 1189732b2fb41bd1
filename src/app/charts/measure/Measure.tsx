/** One measured quantity: its name, its newest value, its course as a small line, and what it means. */
import styles from './Measure.module.css'
import { type Course, MeasureLine } from './MeasureLine'

interface Props {
  readonly title: string
  /** The newest value in words. */
  readonly latest: string
  readonly lead: string
  /** Null: nothing to draw, or not yet. */
  readonly course: Course | null
}

export function Measure({ title, latest, lead, course }: Props) {
  return (
    <div className={styles.figure}>
      <p>
        <span>{title}</span> <strong>{latest}</strong>
      </p>
      {course && <MeasureLine {...course} />}
      <p className={styles.lead}>{lead}</p>
    </div>
  )
}
