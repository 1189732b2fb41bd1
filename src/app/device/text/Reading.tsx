/** How one file, or what was pasted, is read: "12 conversations, trained on the answers", with three of its examples. */
import { type Example, type TextReading, turnsOfExample, type Wish } from '../../../node/local/ownText'
import { useSentences, useWords } from '../../words/words'
import styles from './Look.module.css'
import { WayChoice } from './WayChoice'

interface Props {
  readonly reading: TextReading
  readonly wish: Wish
  readonly disabled: boolean
  readonly onWish: (wish: Wish) => void
}

const mostShown = 3

export function Reading({ reading, wish, disabled, onWish }: Props) {
  const words = useWords()
  const sentences = useSentences()
  const { name, form, column, examples, leftOut, notes } = reading
  const beyond = leftOut.reduce((sum, { count, reason }) => sum + (reason.kind === 'beyond' ? count : 0), 0)
  return (
    <article className={styles.reading}>
      {name !== null && <h3>{name}</h3>}
      {examples.length > 0 && (
        <p className={styles.form}>
          {words.own.forms[form](examples.length)}
          {column !== null && <> · {words.own.fromColumn(column)}</>}
        </p>
      )}
      <ul className={styles.notes}>
        {beyond > 0 && <li>{words.own.first(examples.length, examples.length + beyond)}</li>}
        {leftOut.map(({ count, reason }) =>
          reason.kind === 'beyond' ? null : (
            <li key={JSON.stringify(reason)}>{words.own.leftOut(count, sentences.reason(reason))}</li>
          ),
        )}
        {notes.map((note) => (
          <li key={JSON.stringify(note)} className={note.kind === 'refused' ? styles.refused : undefined}>
            {sentences.note(note)}
          </li>
        ))}
      </ul>
      <WayChoice reading={reading} wish={wish} disabled={disabled} onWish={onWish} />
      {examples.length > 0 && (
        <ol className={styles.examples} aria-label={words.own.sample}>
          {examples.slice(0, mostShown).map((example, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: examples may be the same.
            <li key={index}>
              <Parts example={example} />
            </li>
          ))}
        </ol>
      )}
    </article>
  )
}

/** What is given stands back, what is learned is marked. */
function Parts({ example }: { readonly example: Example }) {
  return turnsOfExample(example)
    .slice(0, mostTurns)
    .map(({ prompt, completion }, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: turns have no names.
      <span key={index}>
        <span className={styles.given}>{beginningOf(prompt)}</span>
        <mark className={styles.learned}>{beginningOf(completion)}</mark>
      </span>
    ))
}

const longestPart = 240
const mostTurns = 2

/** Without its empty lines: they only part turns here. */
function beginningOf(text: string): string {
  const dense = text.replace(/\n{2,}/g, '\n')
  return dense.length <= longestPart ? dense : `${dense.slice(0, longestPart).trimEnd()} … `
}
