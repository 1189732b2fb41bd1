/**
 * What a device is given in a round where that follows from what it can do, and the controls with which the coordinator
 * sets any part of it by hand.
 */
import type { DeviceView } from '../../../node/state'
import { mixesRanks } from '../../../settings/derived/federationConfig'
import { orAuto } from '../../../settings/kinds'
import { type Settings, table } from '../../../settings/table'
import { useNode, useNodeState } from '../../node'
import { choiceName } from '../../parameters/names'
import { SettingField, TypedField } from '../../parameters/SettingField'
import { Fold } from '../../ui/Fold'
import { useWords } from '../../words/words'
import styles from './AssignmentForm.module.css'

const numbers = [
  { name: 'steps', kind: orAuto(table.localSteps.kind) },
  { name: 'batch', kind: orAuto(table.batch.kind) },
  { name: 'rank', kind: orAuto(table.rank.kind) },
] as const

export function AssignmentForm({ device }: { readonly device: DeviceView }) {
  const words = useWords()
  const node = useNode()
  const mayAssign = useNodeState((state) => state.role === 'coordinator')
  const ranksMayDiffer = useNodeState((state) => mixesRanks(state.settings))
  const { key, name, assigned } = device
  if (!assigned) return null
  const { byHand, steps, batch, rank, precision, expectedMs, isInTime } = assigned
  const change = (part: Partial<typeof byHand>) =>
    node.assign(key, Object.fromEntries(Object.entries({ ...byHand, ...part }).filter(([, value]) => value)))
  return (
    <section className={styles.assigned}>
      <h4>{words.assigned.title}</h4>
      <p>{words.assigned.given(steps, batch, words.duration(expectedMs / 1000))}</p>
      <p>{words.assigned.kept(rank, choiceName(words, 'precision', precision))}</p>
      {!isInTime && <p className={styles.late}>{words.assigned.late}</p>}
      {mayAssign && (
        <Fold title={words.assigned.set(name)}>
          <p>{words.assigned.lead}</p>
          <div className={styles.fields}>
            {numbers
              .filter((number) => number.name !== 'rank' || ranksMayDiffer)
              .map((number) => (
                <TypedField
                  key={number.name}
                  label={words.assigned[number.name]}
                  kind={number.kind}
                  value={byHand[number.name] ?? null}
                  onChange={(value) => change({ [number.name]: value ?? undefined })}
                />
              ))}
            <SettingField<Settings['precision']>
              name="assigned"
              label={words.assigned.precision}
              kind={table.precision.kind}
              value={byHand.precision ?? 'auto'}
              onChange={(value) => change({ precision: value === 'auto' ? undefined : value })}
            />
          </div>
        </Fold>
      )}
    </section>
  )
}
