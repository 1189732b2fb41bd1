/**
 * The presets of the front page as experiments: real nodes, each beside its yardsticks. The first of them is also what the
 * front page replays while nobody has joined.
 */
import { writeFileSync } from 'node:fs'
import { cached, once, type Place, presetIn } from './cache'
import { mean, percent, signed, spread, table } from './figures'
import { type Centralised, centralise, type Outcome, runRoom } from './room'

const devices = 3
const recordedNames = ['Otter', 'Heron', 'Lynx']
const roomSeeds = [7, 8, 9]
const presets = [
  { preset: 'facts', title: 'Private facts in a room' },
  { preset: 'quick', title: 'A quick look' },
  { preset: 'domains', title: 'A subject each, with the larger base' },
]

type Room = Outcome & { readonly centralised: Centralised }

const queryOf = (preset: string, seed: number) => `preset=${preset}&backend=wasm&seed=${seed}`
const settingOf = (query: string) => ({ query, devices, stands: presetIn(query) })
const placeOf = (preset: string, seed: number): Place => ({ folder: 'rooms', name: preset, seed })

/** Runs what is not cached yet. */
export async function runRooms(): Promise<void> {
  for (const { preset } of presets)
    for (const seed of roomSeeds) {
      const query = queryOf(preset, seed)
      const { history } = await once<Room>(placeOf(preset, seed), settingOf(query), async () => ({
        ...(await runRoom(query, devices)),
        centralised: await centralise(query, devices),
      }))
      console.log(`${preset}, seed ${seed}: held-out loss ${history.at(-1)?.heldOut?.toFixed(4)}`)
    }
}

/** The page's sections, of the presets whose seeds are all cached. */
export function roomSections(): string[] {
  return presets.flatMap(({ preset, title }) => {
    const outcomes = roomSeeds.flatMap(
      (seed) => cached<Room>(placeOf(preset, seed), settingOf(queryOf(preset, seed))) ?? [],
    )
    if (outcomes.length < roomSeeds.length) return []
    if (preset === 'facts') record(outcomes[0])
    return [sectionOf(preset, title, outcomes)]
  })
}

function sectionOf(preset: string, title: string, outcomes: readonly Room[]): string {
  const last = outcomes.map(({ history }) => history.at(-1)!)
  const recalled = (of: 'base' | 'alone' | 'merged' | 'unseen') =>
    percent(
      last.map(({ recall }) => recall![of]!),
      0,
    )
  const general = last.map((record) => record.general!)
  const rows = [
    [
      'base',
      spread(outcomes.map(({ baseLoss }) => baseLoss)),
      recalled('base'),
      spread(general.map(({ base }) => base)),
    ],
    ['alone', spread(last.map(({ alone }) => alone!)), recalled('alone'), ''],
    [
      '**federated**',
      spread(last.map(({ heldOut }) => heldOut!)),
      recalled('merged'),
      `${spread(general.map(({ merged }) => merged))} (${signed(mean(general.map(({ merged, base }) => merged / base - 1)))})`,
    ],
    [
      'centralised',
      spread(outcomes.map(({ centralised }) => centralised.loss)),
      percent(
        outcomes.map(({ centralised }) => centralised.recall!),
        0,
      ),
      spread(outcomes.map(({ centralised }) => centralised.general!)),
    ],
  ]
  return [
    `## ${title}`,
    `\`preset=${preset}\`, ${devices} devices, seeds ${roomSeeds.join(', ')}, ${outcomes[0].history.length} rounds.`,
    table(
      [
        'adapter',
        'held-out loss, nats/token',
        'recall of other devices’ facts',
        'loss on the base’s own world',
      ],
      rows,
    ),
    `In wordings that training never showed, the federated adapter answers ${recalled('unseen')} of all facts. Recall by round:`,
    byRound(outcomes),
  ].join('\n\n')
}

function byRound(outcomes: readonly Outcome[]): string {
  const rounds = outcomes[0].history.map(({ round }) => round)
  const recallAt = ({ history }: Outcome, at: number) =>
    `${Math.round(100 * history.find(({ round }) => round === at)!.recall!.merged)} %`
  return table(
    ['round', ...rounds.map(String)],
    outcomes.map((outcome, index) => [
      `seed ${roomSeeds[index]}`,
      ...rounds.map((round) => recallAt(outcome, round)),
    ]),
  )
}

/** What the front page replays while nobody has joined. */
function record({ history, baseLoss }: Outcome): void {
  writeFileSync(
    'public/recorded-run.json',
    JSON.stringify({ devices: recordedNames.map((name) => ({ name })), baseLoss, history }),
  )
}
