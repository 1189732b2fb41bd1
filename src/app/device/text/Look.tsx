/** A look at text before it is trained on: in which form each file is read, what is left out, a few examples, and other ways. */
import { ownShare, type TextReading, type Wish } from '../../../node/local/ownText'
import { Button } from '../../ui/controls/Button'
import { useWords } from '../../words/words'
import styles from './Look.module.css'
import { Reading } from './Reading'

interface Props {
  readonly readings: readonly TextReading[]
  readonly wishes: readonly Wish[]
  readonly busy: boolean
  readonly onWish: (index: number, wish: Wish) => void
  readonly onUse: () => void
}

/** Of many files the first are enough to see how they are read; every one that was not read is named. */
const mostShown = 4

const isRefused = ({ notes }: TextReading): boolean => notes.some(({ kind }) => kind === 'refused')

export function Look({ readings, wishes, busy, onWish, onUse }: Props) {
  const words = useWords()
  const examples = readings.flatMap((reading) => reading.examples)
  const shown = readings
    .map((reading, index) => ({ reading, index }))
    .filter(({ reading, index }) => index < mostShown || isRefused(reading))
  const hidden = readings.length - shown.length
  return (
    <section className={styles.look} aria-label={words.own.look} aria-busy={busy}>
      {shown.map(({ reading, index }) => (
        <Reading
          // Two files may have one name; their order is theirs.
          key={index}
          reading={reading}
          wish={wishes[index] ?? {}}
          disabled={busy}
          onWish={(wish) => onWish(index, wish)}
        />
      ))}
      {hidden > 0 && <p className={styles.note}>{words.own.moreFiles(hidden)}</p>}
      <div className={styles.use}>
        <Button look="primary" disabled={busy || examples.length === 0} onClick={onUse}>
          {words.own.use}
        </Button>
        <p role="status">{examples.length > 0 && <Parted examples={examples} />}</p>
      </div>
    </section>
  )
}

/** How many would be learned and kept back: their number is the same with every seed where no text comes twice. */
function Parted({ examples }: Pick<TextReading, 'examples'>) {
  const words = useWords()
  const { train, heldOut } = ownShare(examples, 0)
  return `${words.own.learnsFrom(train.length, null)} ${words.own.keepsBack(heldOut.length)}`
}
