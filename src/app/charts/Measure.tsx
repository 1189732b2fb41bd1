/** One measured quantity: its name, its newest value, its course as a small line, and what it means. */
import styles from './Measure.module.css'
import { type CourseProps, MeasureLine } from './MeasureLine'

interface Props extends CourseProps {
  readonly title: string
  /** The newest value in words. */
  readonly latest: string
  readonly lead: string
}

export function Measure({ title, latest, lead, ...course }: Props) {
  return (
    <div className={styles.figure}>
      <p>
        <span>{title}</span> <strong>{latest}</strong>
      </p>
      <MeasureLine {...course} />
      <p className={styles.lead}>{lead}</p>
    </div>
  )
}
