/**
 * Another way to read a file: of a table another column, or a sentence made of several; of running text lines instead of
 * paragraphs.
 */
import { useState } from 'react'
import type { TextReading, Wish } from '../../../node/local/ownText'
import { Button } from '../../ui/controls/Button'
import { ChoiceField, TextField } from '../../ui/controls/Field'
import { useWords } from '../../words/words'
import styles from './Look.module.css'

interface Props {
  readonly reading: TextReading
  readonly wish: Wish
  readonly disabled: boolean
  readonly onWish: (wish: Wish) => void
}

const proposed = 'proposed'
const sentence = 'sentence'
/** A list that is longer nobody reads; a sentence can name all columns. */
const mostOffered = 200
const mostInserted = 12

export function WayChoice(props: Props) {
  const { reading } = props
  if (reading.columns.length > 0) return <ColumnChoice {...props} />
  const isRunning = reading.form === 'paragraphs' || reading.form === 'lines'
  const isText = reading.notes.every(
    ({ kind }) => !['subtitles', 'notebook', 'unread', 'refused'].includes(kind),
  )
  return isRunning && isText ? <PiecesChoice {...props} /> : null
}

function PiecesChoice({ reading, disabled, onWish }: Props) {
  const words = useWords()
  return (
    <ChoiceField
      label={words.own.pieces}
      value={reading.form}
      disabled={disabled}
      options={[
        { value: 'paragraphs', label: words.own.paragraph },
        { value: 'lines', label: words.own.line },
      ]}
      onChange={(value) => onWish({ pieces: value === 'lines' ? 'lines' : 'paragraphs' })}
    />
  )
}

function ColumnChoice({ reading: { columns }, wish, disabled, onWish }: Props) {
  const words = useWords()
  const [isSentence, setIsSentence] = useState(false)
  const [written, setWritten] = useState('')
  const at = wish.column === undefined ? -1 : columns.indexOf(wish.column)
  const value = isSentence ? sentence : at < 0 ? proposed : String(at)

  function choose(chosen: string): void {
    setIsSentence(chosen === sentence)
    if (chosen === proposed) onWish({})
    else if (chosen !== sentence) onWish({ column: columns[Number(chosen)] })
  }

  return (
    <div className={styles.way}>
      <ChoiceField
        label={words.own.column}
        value={value}
        disabled={disabled}
        options={[
          { value: proposed, label: words.own.proposed },
          ...columns.slice(0, mostOffered).map((label, index) => ({ value: String(index), label })),
          { value: sentence, label: words.own.sentence },
        ]}
        onChange={choose}
      />
      {isSentence && (
        <>
          <TextField
            label={words.own.sentenceLabel}
            hint={words.own.sentenceHint}
            placeholder={words.own.sentenceExample}
            value={written}
            onChange={setWritten}
          />
          <div className={styles.columns}>
            {columns.slice(0, mostInserted).map((column) => (
              <Button
                key={column}
                look="quiet"
                onClick={() => setWritten(`${written}${written.trim() === '' ? '' : ' '}{${column}}`)}
              >
                {`{${column}}`}
              </Button>
            ))}
          </div>
          <Button
            look="quiet"
            disabled={disabled || !/\{[^{}]+\}/.test(written)}
            onClick={() => onWish({ column: written })}
          >
            {words.own.sentenceUse}
          </Button>
        </>
      )}
    </div>
  )
}
