/**
 * What is forgotten while private facts are learned: the loss on text of the base's own world, beside recall. Several ways
 * not to forget against each other, on the smallest room, and then what the preset does, in small and larger rooms, with both
 * bases. Real nodes with the coordinator, checks and engine of tabs.
 */
import { mean, percent, signed } from '../figures'
import type { Experiment, Result, Rule } from '../rule'

const inARoom = (query: string, devices: number, corpus = 'facts'): Experiment => ({
  kind: 'room',
  query: `corpus=${corpus}&backend=wasm&baselines=0&${query}`,
  devices,
  centralised: false,
})

/** What a room of three does so as not to forget; ten rounds of 20 steps at 5e-3 otherwise. */
const ways = {
  nothing: 'rounds=10&localSteps=20',
  'fewer steps': 'rounds=10&localSteps=5',
  'gentler steps': 'rounds=10&localSteps=20&lr=5e-4',
  'a pull to where the round began (FedProx)': 'rounds=10&localSteps=20&proximal=1',
  'public text': 'rounds=12&localSteps=20&rehearsal=6',
  'public text, falling rate': 'rounds=12&localSteps=20&rehearsal=6&lrSchedule=cosine',
} as const
/** The larger base is quicker to learn and slower to run. */
const rooms: readonly Room[] = [
  { model: 'toy', devices: 3 },
  { model: 'toy', devices: 8 },
  { model: 'seedling', devices: 3, rounds: 8 },
  { model: 'seedling', devices: 8, rounds: 10 },
  { model: 'lens', devices: 4, preset: 'pictures' },
]

interface Room {
  readonly model: string
  readonly devices: number
  /** As the preset has it where it is not said. */
  readonly rounds?: number
  /** Of which every other device holds pictures of things, the next facts about whose they are. */
  readonly preset?: 'pictures'
}

const wayOf = (way: string) => `way ${way.replaceAll(/[^a-z]+/gi, ' ').trim()}`
const roomOf = ({ model, devices, rounds }: Room) =>
  `${model} ${devices} devices${rounds === undefined ? '' : ` ${rounds} rounds`}`
const queryOf = ({ model, rounds, preset }: Room) =>
  `preset=${preset ?? 'facts'}&model=${model}${rounds === undefined ? '' : `&rounds=${rounds}`}`
const lost = ({ general }: Result): number => general!.merged / general!.base - 1
const recalled = ({ recall }: Result): number => recall!.merged

export const rule: Rule = {
  number: 10,
  title: 'What is forgotten meanwhile',
  claim:
    'private facts, 3 and 8 devices, both bases, and pictures beside facts, 4 devices: at least 95 % recall of other tabs’ facts with the loss on the base’s own world at most 3 % above the base’s',
  setting:
    'six ways on three devices with `toy`; then the preset `facts` as it stands: public text weighs as the preset says, each device draws its own, a rate that falls along a cosine',
  experiments: Object.fromEntries([
    ...Object.entries(ways).map(([way, query]) => [wayOf(way), inARoom(query, 3)] as const),
    ...rooms.map((room: Room) => {
      const corpus = room.preset === 'pictures' ? 'things' : 'facts'
      return [roomOf(room), inARoom(queryOf(room), room.devices, corpus)] as const
    }),
  ]),
  judge(seeds) {
    const over = (name: string) => {
      const results = seeds.map((each) => each[name])
      return { recall: results.map(recalled), lost: results.map(lost) }
    }
    const row = (title: string, { recall, lost: forgotten }: ReturnType<typeof over>) => [
      title,
      percent(recall, 0),
      signed(mean(forgotten)),
      `${signed(Math.min(...forgotten))} to ${signed(Math.max(...forgotten))}`,
    ]
    const measured = rooms.map((room) => ({ room, ...over(roomOf(room)) }))
    const inWords = ({ room, recall, lost: forgotten }: (typeof measured)[number]) =>
      `${roomOf(room)}: ${(100 * mean(recall)).toFixed(0)} %, ${signed(mean(forgotten))}`
    return {
      met: measured.every(({ recall, lost: forgotten }) => mean(recall) >= 0.95 && mean(forgotten) <= 0.03),
      says: measured.map(inWords).join('; '),
      head: ['', 'recall of others’ facts', 'loss on the base’s own world', 'over the seeds'],
      rows: [
        ...Object.keys(ways).map((way) => row(`toy, 3 devices: ${way}`, over(wayOf(way)))),
        ...measured.map((each) => row(`**preset: ${roomOf(each.room)}**`, each)),
      ],
    }
  },
}
