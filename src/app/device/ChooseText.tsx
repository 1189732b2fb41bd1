/** Four sources of private text: given facts, a generated subject, pasted words, dropped files. */
import { Tabs } from 'radix-ui'
import { useState } from 'react'
import { toast } from 'sonner'
import { domains } from '../domains'
import { useNode } from '../node'
import { Button } from '../ui/controls/Button'
import { DropZone } from '../ui/controls/DropZone'
import { TextField } from '../ui/controls/Field'
import { useWords } from '../words/words'
import styles from './PrivateText.module.css'

export function ChooseText() {
  const words = useWords()
  const { useCorpus: readCorpus, usePaste: readPaste, useFiles: readFiles } = useNode()
  const [pasted, setPasted] = useState('')
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const choose = async (title: string, use: () => Promise<void>) => {
    setBusy(true)
    setFailure(null)
    try {
      await use()
      toast.success(words.own.chosen(title))
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  const files = (chosen: readonly File[]) => {
    if (chosen.length > 0) void choose(chosen.map(({ name }) => name).join(', '), () => readFiles(chosen))
  }

  return (
    <Tabs.Root defaultValue="facts" aria-busy={busy}>
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
          onChange={setPasted}
        />
        <Button
          disabled={busy || pasted.trim() === ''}
          onClick={() => choose(words.own.paste, () => readPaste(pasted))}
        >
          {words.own.use}
        </Button>
      </Tabs.Content>
      <Tabs.Content value="files" className={styles.pane}>
        <DropZone
          label={words.own.filesLabel}
          choose={words.own.filesChoose}
          accept=".txt,.md,.csv,.json,.jsonl,text/*"
          disabled={busy}
          onDrop={(dropped) => files([...dropped.files])}
          onPick={files}
        >
          {words.own.filesHint}
        </DropZone>
      </Tabs.Content>
      {failure && (
        <p role="alert" className={styles.failure}>
          {failure}
        </p>
      )}
    </Tabs.Root>
  )
}
