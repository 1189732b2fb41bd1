/** Keys, words and the way to the tour, in one dialog. */
import { Dialog } from 'radix-ui'
import { prefer, usePreferences } from '../preferences'
import { Button } from '../ui/controls/Button'
import { SwitchField } from '../ui/controls/SwitchField'
import { useWords } from '../words/words'
import styles from './Help.module.css'

interface Props {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onTour: () => void
}

export function Help({ open, onOpenChange, onTour }: Props) {
  const words = useWords()
  const keys = usePreferences((preferences) => preferences.keys)
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.veil} />
        <Dialog.Content className={styles.dialog} aria-describedby={undefined}>
          <Dialog.Title>{words.help.title}</Dialog.Title>
          <h3>{words.help.keys}</h3>
          <dl className={styles.keys}>
            <div>
              <dt>
                <kbd>␣</kbd>
              </dt>
              <dd>{words.help.space}</dd>
            </div>
            <div>
              <dt>
                <kbd>.</kbd>
              </dt>
              <dd>{words.help.dot}</dd>
            </div>
            <div>
              <dt>
                <kbd>?</kbd>
              </dt>
              <dd>{words.help.question}</dd>
            </div>
          </dl>
          <SwitchField
            label={words.help.off}
            checked={keys}
            onChange={(checked) => prefer({ keys: checked })}
          />
          <h3>{words.help.words}</h3>
          <dl className={styles.glossary}>
            {words.help.glossary.map(([term, meaning]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
          <div className={styles.buttons}>
            <Button onClick={onTour}>{words.help.tour}</Button>
            <Dialog.Close asChild>
              <Button look="primary">{words.close}</Button>
            </Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
