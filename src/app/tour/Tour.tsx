/** A few steps around the page. Offered once, skippable at any time, and to be had again from the help. */
import { Dialog } from 'radix-ui'
import { type CSSProperties, useLayoutEffect, useRef, useState } from 'react'
import { useHasFacts } from '../facts'
import { prefer, usePreferences } from '../preferences'
import { Button } from '../ui/controls/Button'
import { useWords } from '../words/words'
import { tourSteps } from './steps'
import styles from './Tour.module.css'

interface Props {
  /** True: the reader asked for it. Null: nobody asked, so it is offered to those who have not seen it. */
  readonly asked: boolean | null
  readonly onEnd: () => void
}

export function Tour({ asked, onEnd }: Props) {
  const words = useWords()
  const seen = usePreferences((preferences) => preferences.tourSeen)
  const [accepted, setAccepted] = useState(false)
  const end = () => {
    prefer({ tourSeen: true })
    setAccepted(false)
    onEnd()
  }
  if (asked || accepted) return <Steps onEnd={end} />
  if (seen || asked === false) return null
  return (
    <aside className={styles.offer} aria-label={words.tour.start}>
      <Button onClick={() => setAccepted(true)}>{words.tour.start}</Button>
      <Button look="quiet" onClick={end}>
        {words.tour.skip}
      </Button>
    </aside>
  )
}

function Steps({ onEnd }: { readonly onEnd: () => void }) {
  const words = useWords()
  const asksFacts = useHasFacts()
  const [steps] = useState(() => tourSteps.filter(({ aboutFacts }) => asksFacts || !aboutFacts))
  const [index, setIndex] = useState(0)
  const step = steps[index]
  const box = useBoxOf(step.on)
  const next = useRef<HTMLButtonElement>(null)
  const last = index === steps.length - 1
  const { title, text } = words.tour.steps[step.id]
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onEnd()}>
      <Dialog.Portal>
        <Dialog.Overlay className={box ? styles.clear : styles.veil} />
        {box && <div aria-hidden="true" className={styles.spot} style={box} />}
        <Dialog.Content
          className={styles.card}
          style={besides(box)}
          aria-describedby="tour-text"
          onOpenAutoFocus={(event) => {
            event.preventDefault()
            next.current?.focus()
          }}
        >
          <p className={styles.position}>{words.tour.position(index + 1, steps.length)}</p>
          <Dialog.Title>{title}</Dialog.Title>
          <p id="tour-text">{text}</p>
          <div className={styles.buttons}>
            {!last && (
              <Button look="quiet" onClick={onEnd}>
                {words.tour.skip}
              </Button>
            )}
            <Button disabled={index === 0} onClick={() => setIndex(index - 1)}>
              {words.tour.back}
            </Button>
            <Button ref={next} look="primary" onClick={() => (last ? onEnd() : setIndex(index + 1))}>
              {last ? words.tour.done : words.tour.next}
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface Box {
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
}

/** Where the step's element is now; follows scrolling and resizing. Null when the page has no such part. */
function useBoxOf(target: string): Box | null {
  const [box, setBox] = useState<Box | null>(null)
  useLayoutEffect(() => {
    const element = document.querySelector(`[data-tour="${target}"]`)
    if (!element) return setBox(null)
    element.scrollIntoView({ block: 'nearest' })
    const measure = () => {
      const { top, left, width, height } = element.getBoundingClientRect()
      setBox({ top: top - 6, left: left - 6, width: width + 12, height: height + 12 })
    }
    measure()
    addEventListener('resize', measure)
    addEventListener('scroll', measure, true)
    return () => {
      removeEventListener('resize', measure)
      removeEventListener('scroll', measure, true)
    }
  }, [target])
  return box
}

const cardWidth = 380

/** The card stands beside what it explains where there is room, else at the foot of the window. */
function besides(box: Box | null): CSSProperties {
  if (!box || innerWidth < 900) return { bottom: 16, left: '50%', translate: '-50% 0' }
  const top = Math.max(16, Math.min(box.top, innerHeight - 260))
  if (box.left + box.width + cardWidth + 24 < innerWidth) return { top, left: box.left + box.width + 12 }
  if (box.left > cardWidth + 24) return { top, left: box.left - cardWidth - 12 }
  return { bottom: 24, left: '50%', translate: '-50% 0' }
}
