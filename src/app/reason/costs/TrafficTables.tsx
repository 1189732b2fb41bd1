/** What went over the wire, counted as it was written and read: a small table for each other tab, by kind, both ways. */
import type { LinkTraffic, PacketKind } from '../../../node/reasoning/modes'
import type { Asking } from '../../../node/reasoning/view/view'
import { Fold } from '../../ui/Fold'
import { Table } from '../../ui/table/Table'
import { useWords } from '../../words/words'
import type { People } from '../people'
import styles from './costs.module.css'

interface Props {
  readonly traffic: Asking['traffic']
  readonly people: People
}

export function TrafficTables({ traffic, people }: Props) {
  const words = useWords()
  const { reason } = words
  const links = Object.entries(traffic)
  if (links.length === 0) return null
  const amount = (bytes: number): string => (bytes === 0 ? '–' : words.bytes(bytes))
  return (
    <Fold title={reason.wire} quiet open>
      <div className={styles.wire}>
        {links.map(([peer, kinds]) => {
          const { name } = people.of(peer)
          const rows = kindsIn(kinds).map(([kind, { sent, received }]) => [
            reason.kinds[kind],
            amount(sent),
            amount(received),
          ])
          const columns = [name, reason.sent, reason.received]
          return <Table key={peer} title={reason.wireWith(name)} columns={columns} rows={rows} />
        })}
      </div>
    </Fold>
  )
}

const kindsIn = (kinds: LinkTraffic) =>
  Object.entries(kinds) as (readonly [PacketKind, LinkTraffic[PacketKind] & object])[]
