/**
 * What a device is given in a round where that follows from what it can do, and the controls with which the coordinator
 * sets any part of it by hand.
 */
import { type BasePrecision, basePrecisions, mixesRanks } from '../../../node/settings'
import type { DeviceView } from '../../../node/state'
import { useNode, useNodeState } from '../../node'
import { NumberField } from '../../parameters/NumberField'
import { ChoiceField } from '../../ui/controls/Field'
import { Fold } from '../../ui/Fold'
import { useWords } from '../../words/words'
import styles from './AssignmentForm.module.css'

const whole = { low: 1, whole: true, optional: true } as const
const numbers = [
  { name: 'steps', row: { ...whole, high: 1000 } },
  { name: 'batch', row: { ...whole, high: 64 } },
  { name: 'rank', row: { ...whole, high: 64 } },
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
  const { choices } = words.parameters
  return (
    <section className={styles.assigned}>
      <h4>{words.assigned.title}</h4>
      <p>{words.assigned.given(steps, batch, words.duration(expectedMs / 1000))}</p>
      <p>{words.assigned.kept(rank, choices[precision])}</p>
      {!isInTime && <p className={styles.late}>{words.assigned.late}</p>}
      {mayAssign && (
        <Fold title={words.assigned.set(name)}>
          <p>{words.assigned.lead}</p>
          <div className={styles.fields}>
            {numbers
              .filter((number) => number.name !== 'rank' || ranksMayDiffer)
              .map((number) => (
                <NumberField
                  key={number.name}
                  label={words.assigned[number.name]}
                  row={number.row}
                  value={byHand[number.name] ?? null}
                  onChange={(value) => change({ [number.name]: value ?? undefined })}
                />
              ))}
            <ChoiceField
              label={words.assigned.precision}
              value={byHand.precision ?? ''}
              options={['', ...basePrecisions].map((value) => ({
                value,
                label: value === '' ? words.parameters.automatic : choices[value],
              }))}
              onChange={(value) => change({ precision: value === '' ? undefined : (value as BasePrecision) })}
            />
          </div>
        </Fold>
      )}
    </section>
  )
}
