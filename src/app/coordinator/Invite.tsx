/** How others get in: a code to read out, a picture to scan, a link to send, a button for this very browser. */
import { useMemo } from 'react'
import { toast } from 'sonner'
import { renderSVG } from 'uqr'
import { shownRoom } from '../format'
import { useNodeState } from '../node'
import { Button } from '../ui/controls/Button'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import styles from './Invite.module.css'

/** `small`: the room is running, latecomers are the exception. */
export function Invite({ small = false }: { readonly small?: boolean }) {
  const words = useWords()
  const room = useNodeState((state) => state.room)
  const invite = useNodeState((state) => state.invite)
  const picture = useMemo(
    () => (invite ? `data:image/svg+xml,${encodeURIComponent(renderSVG(invite, { border: 2 }))}` : null),
    [invite],
  )
  const edgeInvite = useNodeState((state) =>
    state.settings.scheme === 'hierarchical' ? state.edgeInvite : null,
  )
  const copy = async (link: string) => {
    await navigator.clipboard.writeText(link)
    toast(words.lobby.copied)
  }
  return (
    <Panel title={words.lobby.title} tour="invite">
      <p className={small ? styles.smallCode : styles.code}>
        <span className="visually-hidden">{words.lobby.code}: </span>
        {shownRoom(room)}
      </p>
      <div className={styles.ways}>
        {picture && (
          <img
            className={styles.qr}
            src={picture}
            alt={words.lobby.scan}
            width={small ? 132 : 232}
            height={small ? 132 : 232}
          />
        )}
        <div className={styles.buttons}>
          <Button look="primary" disabled={!invite} onClick={() => invite && window.open(invite, '_blank')}>
            {words.lobby.add}
          </Button>
          <Button disabled={!invite} onClick={() => invite && copy(invite)}>
            {words.lobby.copy}
          </Button>
          {edgeInvite && <Button onClick={() => copy(edgeInvite)}>{words.edges.copy}</Button>}
          {invite && (
            <input
              readOnly
              className={styles.link}
              aria-label={words.lobby.link}
              value={invite}
              onFocus={(event) => event.currentTarget.select()}
            />
          )}
        </div>
      </div>
    </Panel>
  )
}
