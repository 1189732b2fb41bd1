/** One node in the web: a button with a ring of its colour, its state as a mark and a word, and its details behind it. */
import { Popover } from 'radix-ui'
import type { CSSProperties } from 'react'
import type { DeviceView } from '../../../node/state'
import { useDeviceColour } from '../../colours/devices'
import { type Mark, StateMark } from '../../ui/StateMark'
import { useWords } from '../../words/words'
import { clusterName } from '../clusters'
import type { Point } from '../web/geometry'
import type { FormName } from '../web/seating'
import { DeviceDetails } from './DeviceDetails'
import styles from './DeviceSeat.module.css'

interface Props {
  readonly device: DeviceView
  readonly at: Point
  readonly mark: Mark
  readonly form: FormName
}

const circumference = 2 * Math.PI * 22

const markSizes: Readonly<Record<FormName, number>> = { full: 18, tight: 16, small: 13, bare: 12 }

/** How many words stand below a seat's name. */
export const wordsBelow = ({ isEdge, cluster }: DeviceView): number =>
  1 + Number(isEdge) + Number(Boolean(cluster))

export function DeviceSeat({ device, at, mark, form }: Props) {
  const words = useWords()
  const colourOf = useDeviceColour()
  const coordinating = device.role === 'coordinator'
  const name = coordinating ? words.coordinator : device.name
  const share = device.activity === 'training' && device.steps > 0 ? device.step / device.steps : 0
  const place = { left: at.x, top: at.y, '--own': colourOf(device.key) } as CSSProperties
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          style={place}
          className={`${styles.seat} ${coordinating ? styles.middle : ''} ${styles[mark] ?? ''} ${styles[form]}`}
        >
          <span className={styles.disc}>
            <svg viewBox="-25 -25 50 50" aria-hidden="true">
              <circle r="22" className={styles.own} />
              {share > 0 && (
                <circle
                  r="22"
                  className={styles.arc}
                  strokeDasharray={`${share * circumference} ${circumference}`}
                />
              )}
            </svg>
            <StateMark state={mark} size={markSizes[form]} />
          </span>
          <span className={styles.label}>
            <span className={styles.name}>
              {name}
              {device.isSelf && !coordinating && <small> ({words.you})</small>}
            </span>
            <span className={styles.word}>{words.activity[mark]}</span>
            {device.isEdge && <span className={styles.word}>{words.edges.edge}</span>}
            {device.cluster && <span className={styles.word}>{clusterName(device.cluster, words)}</span>}
          </span>
          <span className="visually-hidden">{words.web.details(name)}</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={words.web.details(name)}
          className={styles.card}
          sideOffset={6}
          collisionPadding={12}
        >
          <DeviceDetails deviceKey={device.key} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
