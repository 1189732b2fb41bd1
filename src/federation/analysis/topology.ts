/**
 * Who is whose neighbour where nobody coordinates, and how well such a web mixes. Mixing weights are Metropolis-Hastings',
 * W_ij = 1 / (1 + max(d_i, d_j)) between neighbours and the rest on oneself: symmetric, rows and columns sum to 1, so the
 * mean of all nodes stays where it is. The spectral gap 1 - lambda, lambda the second largest |eigenvalue| of W, says how
 * fast: the consensus error contracts by lambda² with every mixing.
 */
import { random } from '../../lib/rng'

export const topologies = ['ring', 'random-regular', 'full', 'small-world'] as const

export interface WebConfig {
  readonly topology: (typeof topologies)[number]
  /** Neighbours of a node where the topology leaves a choice. */
  readonly degree: number
}

/** For every node the places of its neighbours, ascending. */
export type Neighbours = readonly (readonly number[])[]

/** The web of `count` nodes. Every node computes the same from the same count and seed. */
export function neighboursOf(config: WebConfig, count: number, seed: number): Neighbours {
  const { topology, degree } = config
  const asked = `${topology} ${degree} ${count} ${seed}`
  if (last?.asked !== asked) last = { asked, web: webOf(config, count, seed) }
  return last.web
}

/** Nodes ask for their web with nearly every event, and all for the same. */
let last: { readonly asked: string; readonly web: Neighbours } | null = null

function webOf({ topology, degree }: WebConfig, count: number, seed: number): Neighbours {
  switch (topology) {
    case 'ring':
      return lattice(count, 2)
    case 'full':
      return lattice(count, count - 1)
    case 'small-world':
      return smallWorld(count, degree, seed)
    case 'random-regular':
      return randomRegular(count, degree, seed)
  }
}

/** W [count, count]. */
export function metropolis(neighbours: Neighbours): number[][] {
  return neighbours.map((own, i) => {
    const row = neighbours.map(() => 0)
    for (const j of own) row[j] = 1 / (1 + Math.max(own.length, neighbours[j].length))
    row[i] = 1 - row.reduce((sum, weight) => sum + weight, 0)
    return row
  })
}

/**
 * Second largest |eigenvalue| of a symmetric stochastic matrix: power iteration on what is orthogonal to the ones. It ends
 * by the square, which is what is iterated: the root of a square that is nothing but rounding never stands still.
 */
export function secondEigenvalue(weights: readonly (readonly number[])[]): number {
  const count = weights.length
  if (count < 2) return 0
  const rows = weights.map((row) => [...row.entries()].filter(([, weight]) => weight !== 0))
  const draw = random(0, 'power iteration', count)
  let vector = centred(weights.map(() => draw.gaussian()))
  let square = 0
  for (let turn = 0; turn < mostTurns; turn++) {
    const length = Math.hypot(...vector)
    if (length < 1e-300) return 0
    vector = vector.map((x) => x / length)
    // W², so that eigenvalues of opposite sign do not make it swing.
    const next = centred(times(rows, times(rows, vector)))
    const before = square
    square = Math.hypot(...next)
    if (turn > 20 && Math.abs(square - before) < 1e-13) break
    vector = next
  }
  return square < 1e-14 ? 0 : Math.sqrt(square)
}

export const spectralGap = (neighbours: Neighbours): number => 1 - secondEigenvalue(metropolis(neighbours))

const mostTurns = 20_000

/** Of each row what is not 0, with its place: most webs have few links. */
type Rows = readonly (readonly (readonly [at: number, weight: number])[])[]

const times = (rows: Rows, vector: readonly number[]): number[] =>
  rows.map((row) => row.reduce((sum, [at, weight]) => sum + weight * vector[at], 0))

function centred(vector: readonly number[]): number[] {
  const mean = vector.reduce((sum, x) => sum + x, 0) / vector.length
  return vector.map((x) => x - mean)
}

type Edges = Set<number>[]

const sorted = (edges: Edges): Neighbours => edges.map((own) => [...own].sort((a, b) => a - b))

const noEdges = (count: number): Edges => Array.from({ length: count }, () => new Set())

function join(edges: Edges, a: number, b: number): void {
  edges[a].add(b)
  edges[b].add(a)
}

/** Each node with the `degree / 2` next on either side of a ring. */
function lattice(count: number, degree: number): Neighbours {
  const edges = noEdges(count)
  for (let node = 0; node < count; node++)
    for (let far = 1; far <= Math.ceil(degree / 2); far++)
      if ((node + far) % count !== node) join(edges, node, (node + far) % count)
  return sorted(edges)
}

/** Watts and Strogatz: a lattice of which a fifth of the links, never those of the ring itself, lead somewhere else. */
function smallWorld(count: number, degree: number, seed: number): Neighbours {
  const draw = random(seed, 'small world', count)
  const edges = noEdges(count)
  for (let node = 0; node < count; node++)
    for (let far = 1; far <= Math.ceil(Math.min(degree, count - 1) / 2); far++) {
      const near = (node + far) % count
      const isShortcut = far > 1 && draw.next() < 0.2
      const other = isShortcut ? draw.int(count) : near
      join(edges, node, other === node || edges[node].has(other) ? near : other)
    }
  return sorted(edges)
}

/** A ring, and random matchings on top until every node has `degree` neighbours: connected whatever is drawn. */
function randomRegular(count: number, degree: number, seed: number): Neighbours {
  if (degree >= count - 1) return lattice(count, count - 1)
  const draw = random(seed, 'random regular', count)
  const edges = lattice(count, 2).map((own) => new Set(own))
  const open = (node: number) => edges[node].size < degree
  for (let attempt = 0; attempt < 50 && edges.some((_, node) => open(node)); attempt++) {
    const nodes = draw.shuffle(edges.map((_, node) => node).filter(open))
    for (const a of nodes) {
      const b = nodes.find((other) => other !== a && open(other) && !edges[a].has(other))
      if (b !== undefined && open(a)) join(edges, a, b)
    }
  }
  return sorted(edges)
}
