/** A prompt: text to type, behind the pictures that a suggestion may have brought along, which can be taken away. */
import { cutAtPictures, pixelsOf } from '../../node/browser/pictures'
import { Button } from '../ui/controls/Button'
import { TextField } from '../ui/controls/Field'
import { useWords } from '../words/words'
import { Picture } from './Picture'
import styles from './Picture.module.css'

interface Props {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Of what is typed. */
const mostLetters = 400

export function PromptField({ label, hint, value, onChange }: Props) {
  const words = useWords()
  const parts = cutAtPictures(value)
  const pictures = parts.filter((part) => pixelsOf(part) !== null)
  const typed = parts
    .filter((part) => pixelsOf(part) === null)
    .join('')
    .replace(/^\n+/, '')
  const before = pictures.map((picture) => `${picture}\n`).join('')
  return (
    <div className={styles.prompt}>
      {pictures.length > 0 && (
        <div className={styles.before}>
          {pictures.map((picture) => (
            <Picture key={picture} words={picture} isSmall />
          ))}
          <Button look="quiet" onClick={() => onChange(typed)}>
            {words.pictures.takeAway}
          </Button>
        </div>
      )}
      <TextField
        label={label}
        hint={hint}
        value={typed}
        onChange={(text) => onChange(before + text)}
        maxLength={mostLetters}
      />
    </div>
  )
}
