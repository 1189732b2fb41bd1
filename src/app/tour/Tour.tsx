/** A few steps around the page. Offered once, skippable at any time, and to be had again from the help. */
import { Dialog } from 'radix-ui'
import { useRef, useState } from 'react'
import { useHasFacts } from '../facts'
import { prefer, usePreferences } from '../preferences'
import { Button } from '../ui/controls/Button'
import { useWords } from '../words/words'
import { tourSteps } from './steps'
import styles from './Tour.module.css'
import { usePlaces } from './usePlaces'

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
  const [card, setCard] = useState<HTMLElement | null>(null)
  const { spot, place } = usePlaces(step.on, card)
  const next = useRef<HTMLButtonElement>(null)
  const last = index === steps.length - 1
  const { title, text } = words.tour.steps[step.id]
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onEnd()}>
      <Dialog.Portal>
        <Dialog.Overlay className={spot ? styles.clear : styles.veil} />
        {spot && <div aria-hidden="true" className={styles.spot} style={spot} />}
        <Dialog.Content
          ref={setCard}
          className={styles.card}
          style={place}
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
                {words.tour.end}
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
