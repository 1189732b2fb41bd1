/** Flags about nodes and the links between them: `rtt=20,jitter=0.2,loss=0.01,mbps=10`, `1@17`, `2=3`. */
import type { Kill } from '../lab/reasoning/room/asking'
import type { RoomParts } from '../lab/reasoning/room/room'
import { UsageError } from './flags'

const linkParts = {
  rtt: { most: 60_000 },
  jitter: { most: 1 },
  loss: { most: 0.9 },
  mbps: { most: 1e6 },
} as const
type LinkPart = keyof typeof linkParts

/** A link without delay and without end where nothing is said. */
export function readLink(text: string | undefined): RoomParts['link'] {
  const given: Record<LinkPart, number> = { rtt: 0, jitter: 0, loss: 0, mbps: Number.POSITIVE_INFINITY }
  for (const part of text?.split(',') ?? []) {
    const [, name, value] = /^(rtt|jitter|loss|mbps)=([0-9.]+)$/.exec(part) ?? []
    const number = Number(value)
    if (
      !name ||
      !Number.isFinite(number) ||
      number > linkParts[name as LinkPart].most ||
      (name === 'mbps' && number === 0)
    )
      throw new UsageError(
        `--link ${JSON.stringify(part)} is no part of a link. Write rtt=MILLISECONDS,jitter=SHARE,loss=SHARE,mbps=MEGABITS, with jitter up to 1 and loss up to 0.9.`,
      )
    given[name as LinkPart] = number
  }
  const { rtt, jitter, loss, mbps } = given
  return { delayMs: rtt / 2, jitter, loss, bytesPerSecond: (mbps * 1e6) / 8 }
}

/** @param nodes how many there are */
export const readKills = (texts: readonly string[], nodes: number): readonly Kill[] =>
  texts.map((text) => {
    const [node, token] = numbersOf('--kill', text, /^(\d+)@(\d+)$/, 'NODE@TOKEN, such as 1@17')
    return { node: nodeOf('--kill', node, nodes), token }
  })

export const readCaps = (texts: readonly string[], nodes: number): ReadonlyMap<number, number> =>
  new Map(
    texts.map((text) => {
      const [node, layers] = numbersOf('--cap', text, /^(\d+)=(\d+)$/, 'NODE=LAYERS, such as 1=2')
      return [nodeOf('--cap', node, nodes), layers] as const
    }),
  )

function numbersOf(flag: string, text: string, form: RegExp, wanted: string): readonly [number, number] {
  const [, one, other] = form.exec(text) ?? []
  if (one === undefined) throw new UsageError(`${flag} ${JSON.stringify(text)} must be ${wanted}.`)
  return [Number(one), Number(other)]
}

function nodeOf(flag: string, node: number, nodes: number): number {
  if (node >= nodes)
    throw new UsageError(`${flag} speaks of node ${node}, but there are ${nodes}: 0 to ${nodes - 1}.`)
  return node
}
