/** What was forgotten here, and what it came to: on the page of the tab that it was of, and on the coordinator's. */
import { type Certificate, isForgotten, type Unlearned } from '../../node/tab/certificates'
import { useNodeState } from '../node'
import { Button } from '../ui/controls/Button'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import styles from './Certificates.module.css'
import { save } from './save'

export function Certificates() {
  const words = useWords()
  const certificates = useNodeState((state) => state.certificates)
  if (certificates.length === 0) return null
  return (
    <Panel title={words.forgetting.certificates} lead={words.forgetting.certificatesLead}>
      <ul className={styles.list}>
        {certificates.map((certificate, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are never reordered, and two may be alike.
          <li key={at}>
            <One {...certificate} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function One(certificate: Certificate) {
  const words = useWords()
  const { device, of, room, unlearned, versions, forgotten, kept } = certificate
  const { loss, auc, change } = words.forgetting
  const done = (unlearned: Unlearned) =>
    unlearned.kind === 'replayed'
      ? words.forgetting.done.replayed(unlearned.rounds, unlearned.steps, unlearned.retrainingSteps)
      : words.forgetting.done[unlearned.kind]
  const rows: readonly (readonly [string, string])[] = [
    ...(forgotten
      ? [
          [loss, change(forgotten.before?.loss ?? null, forgotten.after.loss)] as const,
          [auc, change(forgotten.before?.auc ?? null, forgotten.after.auc)] as const,
        ]
      : []),
    [words.forgetting.kept, change(kept.before, kept.after)],
  ]
  const file = () =>
    save(
      `gossamer-${room}-forgotten-${versions.after}.json`,
      new TextEncoder().encode(`${JSON.stringify(certificate, null, 2)}\n`),
      'application/json',
    )
  return (
    <>
      <h3>{words.forgetting.of[of](device)}</h3>
      <p>
        {done(unlearned)} {words.forgetting.forgotten(isForgotten(certificate))}
      </p>
      <dl className={styles.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Button look="quiet" onClick={file}>
        {words.forgetting.save}
      </Button>
    </>
  )
}
