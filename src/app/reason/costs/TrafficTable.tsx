/** What went over the wire, counted as it was written and read: for each other tab and each kind, both ways. */
import type { Asking, LinkTraffic, PacketKind } from '../../../node/reasoning/view'
import { TableBehind } from '../../ui/table/TableBehind'
import { useWords } from '../../words/words'
import type { People } from '../people'

interface Props {
  readonly traffic: Asking['traffic']
  readonly people: People
}

export function TrafficTable({ traffic, people }: Props) {
  const words = useWords()
  const { reason } = words
  if (Object.keys(traffic).length === 0) return null
  return (
    <TableBehind
      title={reason.wire}
      columns={[reason.wireWith, reason.wireKind, reason.sent, reason.received]}
      rows={() =>
        Object.entries(traffic).flatMap(([peer, kinds]) =>
          kindsIn(kinds).map(([kind, { sent, received }]) => [
            people.of(peer).name,
            reason.kinds[kind],
            amount(sent),
            amount(received),
          ]),
        )
      }
      open
    />
  )

  function amount(bytes: number): string {
    return bytes === 0 ? '–' : words.bytes(bytes)
  }
}

const kindsIn = (kinds: LinkTraffic) =>
  Object.entries(kinds) as (readonly [PacketKind, LinkTraffic[PacketKind] & object])[]
