/** A base model that this server does not ship: one of the hub by its id, or a folder of one's own. */
import { useState } from 'react'
import { hubPresets, isHubId, isLocalModel, type KeptModel } from '../../node/browser/models'
import { Button } from '../ui/controls/Button'
import { TextField } from '../ui/controls/Field'
import { useWords } from '../words/words'
import styles from './AnotherModel.module.css'
import { ModelFolder } from './ModelFolder'

/** Of the weights' files on the hub. */
const presetBytes: Readonly<Record<(typeof hubPresets)[number], number>> = {
  'openai-community/gpt2': 548_105_171,
  'HuggingFaceTB/SmolLM2-135M': 269_060_552,
  'Qwen/Qwen2.5-0.5B': 988_097_824,
  'Qwen/Qwen3-0.6B': 1_503_300_328, // its head is stored once more
}

/** Can this be opened? An empty name is none yet. */
export const isAnotherModel = (model: string): boolean => isHubId(model) || isLocalModel(model)

interface Props {
  readonly model: string
  readonly onChange: (model: string) => void
  /** Somebody wanted to go on: what is missing is said then, not before. */
  readonly tried: boolean
}

export function AnotherModel({ model, onChange, tried }: Props) {
  const words = useWords()
  const [kept, setKept] = useState<KeptModel | null>(null)
  return (
    <div className={styles.another}>
      <div className={styles.hub}>
        <TextField
          label={words.another.hub}
          hint={words.another.hubHint}
          error={tried && !isAnotherModel(model) ? words.another.hubWrong : null}
          value={isLocalModel(model) ? '' : model}
          onChange={(typed) => onChange(typed.trim())}
          placeholder="owner/name"
        />
        <ul className={styles.presets} aria-label={words.another.suggestions}>
          {hubPresets.map((id) => (
            <li key={id}>
              <Button aria-pressed={model === id} onClick={() => onChange(id)}>
                <span>
                  {id} <small>{words.bytes(presetBytes[id])}</small>
                </span>
              </Button>
            </li>
          ))}
        </ul>
      </div>
      <p className={styles.or}>{words.another.or}</p>
      <ModelFolder
        onKept={(newest) => {
          setKept(newest)
          onChange(newest.model)
        }}
      />
      {kept && kept.model === model && (
        <p role="status" className={styles.kept}>
          <strong>
            ✓ {words.another.kept(model, words.number(kept.parameters), words.bytes(kept.bytes))}
          </strong>
          <span>{words.another.elsewhere}</span>
        </p>
      )}
    </div>
  )
}
