/** Before there is a room to show: what is being fetched, waited for, or why it cannot go on. */
import { isLocalModel } from '../../node/browser/models'
import type { NodeState, StartStage } from '../../node/state'
import { shownRoom } from '../format'
import { CodeForm } from '../landing/CodeForm'
import { ModelFolder } from '../models/ModelFolder'
import { useNodeState } from '../node'
import { Problems } from '../problems'
import { Button } from '../ui/controls/Button'
import { Logo } from '../ui/page/Logo'
import { useWords } from '../words/words'
import styles from './Starting.module.css'

export function Starting() {
  const words = useWords()
  const phase = useNodeState((state) => state.phase)
  const room = useNodeState((state) => state.room)
  const model = useNodeState((state) => state.settings.model)
  const lacksModel = useNodeState((state) => state.problems.some(({ code }) => code === 'no-model'))
  const needsFolder = phase.kind === 'failed' && lacksModel && isLocalModel(model)
  const isToBeForgotten = useNodeState((state) => state.forgetting !== null)
  const atTheDoor = useNodeState(isAtTheDoor)
  const [title, lead] = text()
  const share = phase.kind === 'starting' && phase.total > 0 ? phase.done / phase.total : null
  return (
    <main id="content" tabIndex={-1} className={styles.starting}>
      <div className={phase.kind === 'failed' ? styles.still : styles.turning}>
        <Logo size={96} />
      </div>
      <h1>{title}</h1>
      <p role={share === null ? 'status' : undefined}>{lead}</p>
      {isToBeForgotten && <p role="status">{words.forgetting.waitsForRoom}</p>}
      {phase.kind === 'starting' && (
        <progress value={share ?? undefined} max={1} aria-label={title} className={styles.progress} />
      )}
      {room !== '' && phase.kind !== 'starting' && !atTheDoor && (
        <p className={styles.room}>{shownRoom(room)}</p>
      )}
      <Problems lasting />
      {needsFolder && (
        <div className={styles.folder}>
          <ModelFolder model={model} onKept={() => location.reload()} />
        </div>
      )}
      {atTheDoor && (
        <div className={styles.code}>
          <p>{words.starting.otherCode}</p>
          <CodeForm waiting={shownRoom(room)} />
        </div>
      )}
      {phase.kind === 'failed' && (
        <Button look={needsFolder ? 'plain' : 'primary'} onClick={() => location.reload()}>
          {words.starting.retry}
        </Button>
      )}
    </main>
  )

  function text(): readonly [string, string] {
    if (phase.kind === 'waiting-for-room') return [words.starting.waiting, words.starting.waitingLead]
    if (phase.kind === 'knocking') return [words.starting.knocking, words.starting.knockingLead(phase.phrase)]
    if (needsFolder) return [words.starting.needsFolder, words.starting.needsFolderLead(model)]
    if (phase.kind === 'failed') return [words.starting.failed, '']
    if (phase.kind !== 'starting') return [words.starting.loading, '']
    if (phase.total === 0) return [words.starting[phase.stage], words.starting.loading]
    const show = inBytes.has(phase.stage) ? words.bytes : words.number
    return [words.starting[phase.stage], `${show(phase.done)} / ${show(phase.total)}`]
  }
}

const inBytes: ReadonlySet<StartStage> = new Set(['downloading-model', 'reading-model'])

/** What another code would cure. */
const wrongDoor: readonly string[] = [
  'room-not-found',
  'room-of-equals',
  'wrong-secret',
  'knock-refused',
  'locked',
]

/**
 * This tab has never been inside, so it may have come with a wrong code. A pane of a wall was given its own, and of a coordinator that
 * is gone only those know who were inside.
 */
function isAtTheDoor({ phase, role, settings, model, problems }: NodeState): boolean {
  if (role === 'coordinator' || settings.view === 'pane' || model.hash !== null) return false
  if (problems.some(({ code }) => code === 'coordinator-gone')) return false
  if (phase.kind === 'failed') return problems.some(({ code }) => wrongDoor.includes(code))
  return phase.kind === 'waiting-for-room' || phase.kind === 'knocking'
}
