/** The room as an orb web: threads are connections, drops are adapters on their way, rings are rounds done. */
import { type CSSProperties, useRef } from 'react'
import { largestOf } from '../../../lib/extremes'
import type { DeviceView } from '../../../node/state'
import { useDoing } from '../../doing'
import { useNodeState } from '../../node'
import { useWords } from '../../words/words'
import { clustersIn, seatedByCluster } from '../clusters'
import { DeviceSeat, wordsBelow } from '../seat/DeviceSeat'
import { useDrops, type Way } from './drops'
import { dropRadius, ringShares } from './geometry'
import { middleForm, seat } from './seating'
import styles from './TopologyWeb.module.css'
import { edgeOf, seatedByEdge } from './tiers'
import { useSize } from './useSize'

const mostRings = 30

export function TopologyWeb() {
  const words = useWords()
  const frame = useRef<HTMLDivElement>(null)
  const { width, height } = useSize(frame)
  const everybody = useNodeState((state) => state.devices)
  const round = useNodeState((state) => ({
    done: state.history.length,
    of: state.round.of,
  }))
  const doing = useDoing()
  const devices = seatedByEdge(seatedByCluster(everybody.filter(({ role }) => role !== 'coordinator')))
  const coordinator = everybody.find(({ role }) => role === 'coordinator')
  const longestWord = largestOf(Object.values(words.activity).map(({ length }) => length))
  const seated = devices.map(({ isEdge, isSelf, name }) => ({
    isEdge,
    letters: Math.max(longestWord, name.length + (isSelf ? words.you.length + 3 : 0)),
  }))
  const { form, web, seats } = seat(seated, {
    width,
    height,
    words: Math.max(1, largestOf(devices.map(wordsBelow))),
    hasMiddle: coordinator !== undefined,
  })
  const seatOf = (key: string) => {
    if (key === coordinator?.key) return web.centre
    return seats[devices.findIndex((one) => one.key === key)] ?? null
  }
  const way: Way = ({ fromKey, toKey }) => {
    const [from, to] = [seatOf(fromKey), seatOf(toKey)]
    return from && to ? [from, to] : null
  }
  const { visible, hold } = useDrops(way)
  /** Where nobody coordinates: neighbours; null: everybody's thread leads to the middle. */
  const links = useNodeState((state) => state.web?.edges ?? null)
  const areas = clustersIn(devices, words).map((cluster) => ({
    ...cluster,
    corners: cluster.devices.flatMap(({ key }) => seatOf(key) ?? []),
  }))
  const rings = ringShares(round.done, round.of, mostRings)

  return (
    <div ref={frame} className={styles.frame}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={
            links
              ? words.gossip.picture(devices.length, links.length)
              : words.web.picture(devices.length, round.done)
          }
          className={styles.picture}
        >
          {web.anchors.map((end) => (
            <line key={`${end.x} ${end.y}`} className={styles.bare} {...between(web.centre, end)} />
          ))}
          {areas.map(({ id, colour, dash, corners }) => (
            <polygon
              key={id}
              className={styles.area}
              style={{ '--own': colour } as CSSProperties}
              strokeDasharray={dash}
              points={[web.centre, ...corners].map(({ x, y }) => `${x},${y}`).join(' ')}
            />
          ))}
          <path d={rings.slice(0, -1).map(web.ring).join('')} className={styles.ring} />
          {rings.slice(-1).map((share) => (
            <path
              key={share}
              d={web.ring(share)}
              pathLength={1}
              className={`${styles.ring} ${styles.newest}`}
            />
          ))}
          {links?.map(([a, b]) => {
            const way = [seatOf(a), seatOf(b)]
            return (
              way[0] &&
              way[1] && <line key={`${a} ${b}`} className={styles.thread} {...between(way[0], way[1])} />
            )
          })}
          {(links ? [] : devices).map((device, index) => (
            <line
              key={device.key}
              className={`${styles.thread} ${threadLook(device)}`}
              {...between(seatOf(edgeOf(device, devices)?.key ?? '') ?? web.centre, seats[index])}
            />
          ))}
          {visible.map((transfer) => (
            <g key={transfer.id} ref={hold(transfer.id)} className={styles.drop}>
              <line className={styles.trail} />
              <g className={styles.dew}>
                <circle r={dropRadius(transfer.totalBytes) * 2.1} className={styles.halo} />
                <circle r={dropRadius(transfer.totalBytes)} />
              </g>
            </g>
          ))}
        </svg>
      )}
      {width > 0 && coordinator && (
        <DeviceSeat device={coordinator} at={web.centre} form={middleForm(form)} mark={doing(coordinator)} />
      )}
      {width > 0 &&
        devices.map((device, index) => (
          <DeviceSeat key={device.key} device={device} at={seats[index]} form={form} mark={doing(device)} />
        ))}
      {devices.length === 0 && <p className={styles.empty}>{words.web.empty}</p>}
    </div>
  )
}

const between = (from: { x: number; y: number }, to: { x: number; y: number }) => ({
  x1: from.x,
  y1: from.y,
  x2: to.x,
  y2: to.y,
})

function threadLook({ activity }: DeviceView): string {
  if (activity === 'gone') return styles.cut
  if (activity === 'suspect') return styles.doubtful
  return ''
}
