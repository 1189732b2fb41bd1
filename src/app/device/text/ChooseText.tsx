/** Four sources of private text: given facts, a generated subject, pasted words, dropped files. One's own is looked at first. */
import { Tabs } from 'radix-ui'
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import { learnedFrom, readableEndings } from '../../../node/local/ownText'
import { domains } from '../../domains'
import { useNode } from '../../node'
import { Button } from '../../ui/controls/Button'
import { DropZone } from '../../ui/controls/DropZone'
import { TextField } from '../../ui/controls/Field'
import { useWords } from '../../words/words'
import styles from '../PrivateText.module.css'
import { Look } from './Look'
import { useReadText } from './useReadText'

/** Somebody who types is not interrupted. */
const typingPauseMs = 400

export function ChooseText() {
  const words = useWords()
  const { useCorpus: readCorpus, usePaste: learnPaste, useText: learn } = useNode()
  const reading = useReadText()
  const { looked, failure, busy, look, lookAgain, attempt, forget } = reading
  const [pasted, setPasted] = useState('')

  const pause = useRef<ReturnType<typeof setTimeout>>(undefined)

  const type = (text: string) => {
    setPasted(text)
    clearTimeout(pause.current)
    if (text.trim() === '') forget()
    else pause.current = setTimeout(() => look({ text }), typingPauseMs)
  }
  const choose = async (title: string, use: () => Promise<void>) => {
    clearTimeout(pause.current)
    if (!(await attempt(use))) return
    forget()
    toast.success(words.own.chosen(title))
  }
  const learnTyped = () => choose(words.own.pasted, () => learnPaste(pasted))
  const isPaste = looked !== null && 'text' in looked.source
  const learnLooked = () => {
    if (!looked) return
    // Somebody typed on after the last look.
    if ('text' in looked.source && looked.source.text !== pasted) return learnTyped()
    const names = learnedFrom(looked.readings, words.own.pasted).join(', ')
    void choose(names, () => learn(looked.readings))
  }
  const shown = looked && (
    <Look
      readings={looked.readings}
      wishes={looked.wishes}
      busy={busy}
      onWish={lookAgain}
      onUse={learnLooked}
    />
  )

  return (
    <Tabs.Root defaultValue="facts" aria-busy={busy} onValueChange={forget}>
      <Tabs.List className={styles.tabs} aria-label={words.own.choose}>
        <Tabs.Trigger value="facts">{words.own.facts}</Tabs.Trigger>
        <Tabs.Trigger value="domain">{words.own.domain}</Tabs.Trigger>
        <Tabs.Trigger value="paste">{words.own.paste}</Tabs.Trigger>
        <Tabs.Trigger value="files">{words.own.files}</Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="facts" className={styles.pane}>
        <p>{words.own.factsLead}</p>
        <Button disabled={busy} onClick={() => choose(words.own.facts, () => readCorpus('facts'))}>
          {words.own.use}
        </Button>
      </Tabs.Content>
      <Tabs.Content value="domain" className={styles.pane}>
        <p>{words.own.domainLead}</p>
        <div className={styles.chips}>
          {domains.map((name) => (
            <Button
              key={name}
              disabled={busy}
              onClick={() => choose(words.domains[name], () => readCorpus(name))}
            >
              {words.domains[name]}
            </Button>
          ))}
        </div>
      </Tabs.Content>
      <Tabs.Content value="paste" className={styles.pane}>
        <TextField
          label={words.own.pasteLabel}
          hint={words.own.pasteHint}
          rows={6}
          value={pasted}
          onChange={type}
        />
        {isPaste ? (
          shown
        ) : (
          <Button disabled={busy || pasted.trim() === ''} onClick={learnTyped}>
            {words.own.use}
          </Button>
        )}
      </Tabs.Content>
      <Tabs.Content value="files" className={styles.pane}>
        <DropZone
          label={words.own.filesLabel}
          choose={words.own.filesChoose}
          accept={`${readableEndings.join(',')},text/plain,text/csv,application/json`}
          disabled={busy}
          onDrop={(dropped) => dropped.files.length > 0 && look({ files: [...dropped.files] })}
          onPick={(files) => look({ files })}
        >
          {words.own.filesHint}
        </DropZone>
        {!isPaste && shown}
      </Tabs.Content>
      {failure && (
        <p role="alert" className={styles.failure}>
          {failure}
        </p>
      )}
    </Tabs.Root>
  )
}
