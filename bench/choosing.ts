/**
 * The third part of `npm run bench -- reasoning`: a tab that chooses how to work beside every way it could have been told to, in ten drawn
 * rooms; and views of several tabs, by how much each is made to count. On a virtual clock and the base's own held-out text.
 */
import { fileURLToPath } from 'node:url'
import { unreadTexts } from '../src/corpora/pretraining'
import { type Scene, type ViewName, viewsOn } from '../src/lab/reasoning/ensembles/views'
import { askAllIn, drawnSettings } from '../src/lab/reasoning/lossless/choosing'
import { openNodes } from '../src/lab/reasoning/room/nodes'
import { losslessModes } from '../src/reasoning/plan/choose'
import type { Sessions } from '../src/training/session'

const model = `${fileURLToPath(new URL('..', import.meta.url))}public/models/seedling`

type Cells = readonly (string | number)[]
const table = (head: Cells, rows: readonly Cells[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

async function openOne(): Promise<Sessions> {
  const setting = { backend: 'wasm', precision: 'auto', caps: new Map(), own: [], merged: null } as const
  const [{ sessions }] = await openNodes({ ...setting, model, count: 1, millisecondsPerLayer: 1 })
  return sessions
}

async function choices(engines: { readonly own: Sessions; readonly others: Sessions }): Promise<string> {
  const rows: Cells[] = []
  const seeds = [7, 8, 9]
  for (const setting of drawnSettings(10)) {
    const secondsIn = async (mode: (typeof losslessModes)[number] | 'auto') => {
      const outcomes = await askAllIn(engines, mode, setting, { seeds })
      const seconds = outcomes.reduce((sum, { virtualSeconds }) => sum + virtualSeconds, 0)
      return { seconds, outcomes }
    }
    const fixed: number[] = []
    for (const mode of losslessModes) fixed.push((await secondsIn(mode)).seconds)
    const { seconds, outcomes } = await secondsIn('auto')
    const ways = outcomes[0].notes.flatMap((note) => (note.kind === 'mode' ? [note.mode] : []))
    rows.push([
      setting.speeds.join(', '),
      setting.roundTripMs,
      setting.busy ?? 0,
      ...fixed.map((time) => time.toFixed(2)),
      seconds.toFixed(2),
      ways.join(' → '),
      (seconds / Math.min(...fixed)).toFixed(2),
    ])
  }
  const head = [
    'ms a layer',
    'round trip',
    'others asking',
    ...losslessModes,
    'auto',
    'its first text',
    'of the best',
  ]
  return table(head, rows)
}

async function views(sessions: Sessions): Promise<string> {
  const texts = await Promise.all(
    unreadTexts('seedling')
      .slice(0, 60)
      .map((text) => sessions.encode(text)),
  )
  const sets: readonly (readonly ViewName[])[] = [
    ['before'],
    ['before', 'beginning'],
    ['before', 'beginning', 'foreign'],
  ]
  const weighings: readonly Scene['weighing'][] = [0.5, 0.7, 0.9, 1, 1.1, 1.3, 'bearing']
  const scenes = sets.flatMap((views) => weighings.map((weighing) => ({ views, weighing })))
  const { tokens, blind, losses, contradicted } = await viewsOn(sessions, texts, scenes)
  const rows = sets.map(
    (views, row): Cells => [
      views.join(', '),
      ...losses.slice(row * weighings.length, (row + 1) * weighings.length).map((loss) => loss.toFixed(3)),
    ],
  )
  const note = `${tokens} tokens, without any view ${blind.toFixed(3)} nats each; contradicted ${(100 * contradicted).toFixed(2)} %.`
  return `${table(['views', ...weighings], rows)}\n\n${note}`
}

export async function benchChoosing(): Promise<void> {
  const [own, others] = [await openOne(), await openOne()]
  console.log('Ten drawn rooms, seconds for three texts; the first speed is the asker’s:\n')
  console.log(await choices({ own, others }))
  console.log('\nViews of one story, nats a token by how much each view counts:\n')
  console.log(await views(own))
}
