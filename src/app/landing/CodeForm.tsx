/** The field for a room's code: on the first page, and again where a tab waits at a door that does not open. */
import { type FormEvent, useState } from 'react'
import { readRoomCode } from '../format'
import { Button } from '../ui/controls/Button'
import { TextField } from '../ui/controls/Field'
import { useWords } from '../words/words'
import styles from './CodeForm.module.css'
import { joinAddress } from './joining'

interface Props {
  /** The code that this tab waits with. */
  readonly waiting?: string
}

export function CodeForm({ waiting = '' }: Props) {
  const words = useWords()
  const [typed, setTyped] = useState(waiting)
  const [tried, setTried] = useState(false)
  const address = joinAddress(typed, location.search)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    // The same code again: one more try, with the secret that this tab may have.
    if (waiting !== '' && readRoomCode(typed) === readRoomCode(waiting)) location.reload()
    else if (address) location.assign(address)
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextField
        label={words.landing.code}
        hint={words.landing.codeHint}
        error={tried && !address ? words.landing.codeWrong : null}
        value={typed}
        onChange={setTyped}
        placeholder="4F7-K2Q"
        className={styles.code}
      />
      <Button type="submit" className={styles.button}>
        {words.landing.join}
      </Button>
    </form>
  )
}
