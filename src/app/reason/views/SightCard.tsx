/**
 * What this tab alone sees: its person says it here, in words, or shows a picture to a model that sees, and takes it back. It stays in the
 * tab; others may ask about it.
 */
import { useEffect, useState } from 'react'
import { messageOf } from '../../../lib/messageOf'
import { cutAtPictures, pixelsOf } from '../../../node/browser/pictures'
import { namedSeeing } from '../../../settings/text'
import { useNode, useNodeState } from '../../node'
import { PictureField } from '../../pictures/PictureField'
import { Button } from '../../ui/controls/Button'
import { TextField } from '../../ui/controls/Field'
import { Fold } from '../../ui/Fold'
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import styles from './views.module.css'

/** In letters: what a person may type; how many tokens there may be, the model decides. */
const mostLetters = 4000

/** A view is a picture, if there is one, and on the next line what is said beside it. */
const pictureIn = (view: string): string | null =>
  cutAtPictures(view).find((part) => pixelsOf(part) !== null) ?? null
const wordsIn = (view: string): string =>
  cutAtPictures(view)
    .filter((part) => pixelsOf(part) === null)
    .join('')
    .trim()

export function SightCard() {
  const words = useWords()
  const { reason } = words
  const node = useNode()
  const { sees, mostSeen } = useNodeState(({ reasoning }) => reasoning)
  const canSee = useNodeState(
    ({ settings, reasoning }) => reasoning.seesPictures ?? namedSeeing(settings.model),
  )
  const [text, setText] = useState(wordsIn(sees?.text ?? ''))
  const [picture, setPicture] = useState(pictureIn(sees?.text ?? ''))
  const [failure, setFailure] = useState<string | null>(null)
  const seen = sees?.text ?? null
  // Kept from before a reload, or given from elsewhere: what is being typed stands.
  useEffect(() => {
    if (seen === null) return
    setText(wordsIn(seen))
    setPicture(pictureIn(seen))
  }, [seen])
  const whole = [picture, text.trim()].filter(Boolean).join('\n')

  const see = async (given: string | null) => {
    setFailure(null)
    try {
      await node.see(given)
      if (given !== null) return
      setText('')
      setPicture(null)
    } catch (problem) {
      setFailure(messageOf(problem))
    }
  }
  return (
    <Panel title={reason.sight}>
      <p className={styles.lead}>{reason.sightLead}</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          void see(whole)
        }}
      >
        <TextField
          label={reason.sightText}
          value={text}
          onChange={setText}
          rows={3}
          maxLength={mostLetters}
          hint={mostSeen === null ? undefined : reason.sightMost(mostSeen)}
          error={failure && words.said(failure)}
        />
        {canSee ? (
          <Fold title={words.pictures.draw} open>
            <PictureField value={picture} onChange={setPicture} />
          </Fold>
        ) : (
          <p className={styles.lead}>{words.pictures.blind}</p>
        )}
        <div className={styles.buttons}>
          <Button type="submit" disabled={whole === '' || whole === seen}>
            {reason.sightKeep}
          </Button>
          {seen !== null && (
            <Button look="quiet" onClick={() => void see(null)}>
              {reason.sightForget}
            </Button>
          )}
          <p role="status" className={styles.kept}>
            {sees ? reason.sightKept(sees.tokens) : reason.sightNone}
          </p>
        </div>
      </form>
    </Panel>
  )
}
