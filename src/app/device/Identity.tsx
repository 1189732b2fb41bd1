/** Who this tab is in the room: its colour, its name (to be changed), and what it is doing. */
import { type CSSProperties, type FormEvent, useState } from 'react'
import { useDeviceColour } from '../colours/devices'
import { useDoing } from '../doing'
import { useNode, useNodeState } from '../node'
import { Heirs } from '../room/Heirs'
import { Button } from '../ui/controls/Button'
import { StateMark } from '../ui/StateMark'
import { useWords } from '../words/words'
import styles from './Identity.module.css'

export function Identity() {
  const words = useWords()
  const colourOf = useDeviceColour()
  const doing = useDoing()
  const self = useNodeState((state) => state.devices.find(({ isSelf }) => isSelf))
  const phase = useNodeState((state) => state.phase)
  const hasEdges = useNodeState((state) => state.settings.scheme === 'hierarchical')
  const gossips = useNodeState((state) => state.settings.scheme === 'gossip')
  const phrase = useNodeState(({ devices, phrases }) => {
    const coordinator = devices.find(({ role }) => role === 'coordinator')
    return coordinator ? phrases[coordinator.key] : undefined
  })
  const node = useNode()
  if (!self) return null
  const note = () => {
    if (phase.kind === 'lobby') return gossips ? words.gossip.anybodyStarts : words.own.waitStart
    if (phase.kind === 'paused') return words.run.pausedBecause(phase.why)
    return phase.kind === 'finished' ? words.run.finished(phase.why) : null
  }
  return (
    <section
      aria-label={words.own.title}
      className={styles.identity}
      style={{ '--own': colourOf(self.key) } as CSSProperties}
    >
      <span className={styles.drop} aria-hidden="true" />
      <Name name={self.name} />
      <p className={styles.state}>
        <StateMark state={doing(self)} size={18} />
        {words.activity[doing(self)]}
      </p>
      {hasEdges && (
        <Button
          look="quiet"
          aria-pressed={self.isEdge || self.volunteers}
          onClick={() => node.appoint(self.key, !(self.isEdge || self.volunteers))}
        >
          {self.isEdge
            ? words.edges.stepBack
            : self.volunteers
              ? words.edges.withdraw
              : words.edges.volunteer}
        </Button>
      )}
      {phrase && <p className={styles.note}>{words.own.compare(phrase)}</p>}
      {note() && <p className={styles.note}>{note()}</p>}
      <Heirs />
      {phase.kind === 'finished' ? <Afterwards /> : <p className={styles.awake}>{words.own.awake}</p>}
    </section>
  )
}

/** What there is to do once the rounds are over: both stand further down this page. */
function Afterwards() {
  const words = useWords()
  const learned = useNodeState((state) => state.version > 0)
  if (!learned) return null
  return (
    <span className={styles.afterwards}>
      <Button onClick={() => leadTo('[data-tour="ask"] input')}>{words.own.toAsk}</Button>
      <Button onClick={() => leadTo('[data-tour="take-home"] button')}>{words.own.toKeep}</Button>
    </span>
  )
}

/** Where the focus goes the page scrolls. */
const leadTo = (control: string): void => document.querySelector<HTMLElement>(control)?.focus()

function Name({ name }: { readonly name: string }) {
  const words = useWords()
  const node = useNode()
  const [draft, setDraft] = useState<string | null>(null)
  if (draft === null)
    return (
      <h1 className={styles.name}>
        {name}
        <Button look="quiet" aria-label={words.own.rename} onClick={() => setDraft(name)}>
          <svg aria-hidden="true" viewBox="0 0 16 16" width="16" height="16">
            <path
              d="M2.5 13.5 3.2 10.3 11 2.5 13.5 5 5.7 12.8Z"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.4"
            />
          </svg>
        </Button>
      </h1>
    )
  const save = (event: FormEvent) => {
    event.preventDefault()
    const chosen = draft.trim().slice(0, 24)
    if (chosen) node.rename(chosen)
    setDraft(null)
  }
  return (
    <form className={styles.edit} onSubmit={save}>
      <input
        // biome-ignore lint/a11y/noAutofocus: the field opens because the person asked to type here
        autoFocus
        aria-label={words.own.name}
        value={draft}
        maxLength={24}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && setDraft(null)}
      />
      <Button type="submit" look="primary">
        {words.own.save}
      </Button>
    </form>
  )
}
