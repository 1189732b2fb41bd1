/**
 * A place to drop files or a folder on. All of it opens the browser's own chooser, too: the input that can lies there unseen,
 * because it would speak the browser's language instead of the page's.
 */
import { type ReactNode, useId, useState } from 'react'
import styles from './DropZone.module.css'

interface Props {
  /** The input's name for those who do not see the zone. */
  readonly label: string
  /** What looks like a button: “Choose files”. */
  readonly choose: string
  readonly accept?: string
  /** A folder with all that lies in it, instead of files. */
  readonly folder?: boolean
  readonly disabled?: boolean
  readonly onDrop: (dropped: DataTransfer) => void
  readonly onPick: (files: readonly File[]) => void
  readonly children: ReactNode
}

export function DropZone({
  label,
  choose,
  accept,
  folder,
  disabled = false,
  onDrop,
  onPick,
  children,
}: Props) {
  const id = useId()
  const [over, setOver] = useState(false)
  return (
    <label
      htmlFor={id}
      className={styles.zone}
      data-over={over}
      aria-disabled={disabled}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(!disabled)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        if (!disabled) onDrop(event.dataTransfer)
      }}
    >
      {children}
      <span className={styles.choose}>{choose}</span>
      <input
        id={id}
        type="file"
        multiple
        {...(folder ? { webkitdirectory: '' } : {})} // every browser's name for it; React's types lack it
        accept={accept}
        disabled={disabled}
        aria-label={label}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])]
          target.value = '' // the same choice again is a new one
          if (files.length > 0) onPick(files)
        }}
      />
    </label>
  )
}
