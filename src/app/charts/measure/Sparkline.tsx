/** A device's training loss as a small line. */
import { useMemo } from 'react'
import { useSlowState } from '../../node'
import { MeasureLine } from './MeasureLine'

interface Props {
  readonly deviceKey: string
  readonly colour: string
  readonly label: string
}

export function Sparkline({ deviceKey, colour, label }: Props) {
  const points = useSlowState((state) => state.lossPoints[deviceKey])
  const losses = useMemo(() => (points ?? []).map(({ loss }) => loss), [points])
  return <MeasureLine values={losses} colour={colour} label={label} />
}
