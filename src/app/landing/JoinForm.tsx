/** Joining by a code read off somebody's screen, or by a pasted invite. */
import { type FormEvent, useState } from 'react'
import { Button } from '../ui/Button'
import { TextField } from '../ui/Field'
import { Panel } from '../ui/Panel'
import { useWords } from '../words/words'
import styles from './JoinForm.module.css'
import { joinAddress } from './joining'

export function JoinForm() {
  const words = useWords()
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const address = joinAddress(typed)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (address) location.assign(address)
  }
  return (
    <Panel title={words.landing.join} lead={words.landing.joinLead}>
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
    </Panel>
  )
}
