/** Giving a model's folder to this browser: dropped or chosen, checked, copied, and then a model by name. */
import { useState } from 'react'
import { messageOf } from '../../lib/messageOf'
import { type FolderFile, type KeptModel, keepModel } from '../../node/browser/models'
import { DropZone } from '../ui/controls/DropZone'
import { useWords } from '../words/words'
import styles from './ModelFolder.module.css'
import { filesDropped, filesPicked, mostFiles } from './readFolder'

interface Props {
  /** The name that a room has given it; without one it is named after its folder. */
  readonly model?: string
  readonly onKept: (kept: KeptModel) => void
}

export function ModelFolder({ model, onKept }: Props) {
  const words = useWords()
  const [copied, setCopied] = useState<{ done: number; total: number } | null>(null)
  const [failure, setFailure] = useState<string | null>(null)

  const keep = async (reading: FolderFile[] | Promise<FolderFile[]>) => {
    setFailure(null)
    setCopied({ done: 0, total: 0 })
    try {
      const files = await reading
      if (files.length > mostFiles) throw new Error(words.modelFolder.tooMany(mostFiles))
      onKept(await keepModel(files, (done, total) => setCopied({ done, total }), model))
    } catch (error) {
      setFailure(words.said(messageOf(error)))
    } finally {
      setCopied(null)
    }
  }

  return (
    <div className={styles.folder}>
      <DropZone
        folder
        label={words.modelFolder.label}
        choose={words.modelFolder.choose}
        disabled={copied !== null}
        onDrop={(dropped) => void keep(filesDropped(dropped))}
        onPick={(files) => void keep(filesPicked(files))}
      >
        <strong>{words.modelFolder.drop}</strong>
        <small>{words.modelFolder.holds}</small>
      </DropZone>
      {copied && (
        <p className={styles.copying}>
          <span role="status">{words.modelFolder.copying}</span>
          {copied.total > 0 && `${words.bytes(copied.done)} / ${words.bytes(copied.total)}`}
          <progress
            value={copied.total > 0 ? copied.done / copied.total : undefined}
            aria-label={words.modelFolder.copying}
          />
        </p>
      )}
      {failure && (
        <p role="alert" className={styles.failure}>
          {failure}
        </p>
      )}
    </div>
  )
}
