/**
 * Edges merge for their devices and send one update each, so the wide network carries one adapter where it carried four.
 * Both runs take as many local steps: flat rounds of ten, or two edge rounds of five between two exchanges.
 * That one edge and one edge round are FedAvg to the last bit is a test (hierarchical.test.ts); here the losses say it too.
 */
import { mean, signed } from '../figures'
import { inTheLab } from '../lab'
import type { Result, Rule } from '../rule'

const flat = { scheme: 'synchronous' as const, localSteps: 10 }
const edge = { scheme: 'hierarchical' as const }
const once = { ...edge, localSteps: 10, edges: 1, edgeRounds: 1, devicesPerEdge: 16 }
const perEdge = 4

export const rule: Rule = {
  number: 5,
  title: 'Edges save the uplink',
  claim:
    'WAN bytes at most 1/4 of flat with four devices an edge, at equal loss (± 2 %); κ₂ = 1 is FedAvg to the last bit',
  setting: '16 devices, IID text, ten rounds; 4 edges, κ₁ = 5 steps, κ₂ = 2; flat: 10 steps',
  experiments: {
    flat: inTheLab('edges-save-the-uplink', { settings: flat }),
    edges: inTheLab('edges-save-the-uplink', { settings: edge }),
    'one edge': inTheLab('edges-save-the-uplink', { settings: once }),
  },
  judge(seeds) {
    const shares = seeds.map((of) => adapterBytes(of.edges) / adapterBytes(of.flat))
    const whole = seeds.map((of) => of.edges.bytes.wan / of.flat.bytes.wan)
    const gaps = seeds.map((of) => of.edges.loss! / of.flat.loss! - 1)
    const same = seeds.every((of) => of['one edge'].loss === of.flat.loss)
    const percent = (share: number) => `${(100 * share).toFixed(2)} %`
    return {
      met: mean(shares) <= 1 / perEdge && Math.abs(mean(gaps)) <= 0.02 && same,
      says: `WAN bytes of adapters and updates ${percent(mean(shares))} of flat, loss ${signed(mean(gaps))}; one edge with κ₂ = 1 ${same ? 'gives the very loss of flat rounds, bit for bit' : 'differs from flat rounds'}. Everything counted, with words and with what the room is told of itself, it is ${percent(mean(whole))}: edges have more to tell, and this model’s adapter is only 66 kB.`,
      head: ['seed', 'loss flat', 'loss with edges', 'WAN MB flat', 'WAN MB with edges', 'LAN MB with edges'],
      rows: seeds.map(({ flat, edges }, index) => [
        `${index + 1}`,
        flat.loss!.toFixed(4),
        edges.loss!.toFixed(4),
        ...[flat.bytes.wan, edges.bytes.wan, edges.bytes.lan].map((bytes) => (bytes / 1e6).toFixed(1)),
      ]),
    }
  },
}

/** On the wide network, without the words beside them. */
const adapterBytes = ({ byCargo }: Result): number =>
  ['adapter', 'update', 'forward'].reduce((sum, kind) => sum + (byCargo[`wan ${kind} attached`] ?? 0), 0)
