/** The live page over a fake node, for looking and for tests: `?role=device&ticks=200&phase=lobby&devices=4&live=1`; `role=peer` gossips, `role=guest` too; `view=reason&asked=pipeline` has an answer, `view=proof&odd=pipeline&gap=0.00001&arithmetic=unlike` a row that differs, `layers=3` makes a weak tab, `model=lens` one that sees. */
import { createRoot } from 'react-dom/client'
import { fakeNode } from '../../src/app/fixtures/fakeNode'
import { fakePeer } from '../../src/app/fixtures/fakePeer'
import { keepFocus } from '../../src/app/focus'
import { pageNode } from '../../src/app/node'
import { followPreferences, prefer, wishForLanguage } from '../../src/app/preferences'
import { isPane } from '../../src/app/reason/screen'
import { LivePage } from '../../src/app/room/LivePage'
import { modeNames } from '../../src/node/reasoning/modes'
import type { Phase } from '../../src/node/state'
import '../../src/app/theme/tokens.css'
import '../../src/app/theme/base.css'

const search = new URLSearchParams(location.search)
const number = (name: string, fallback: number) => Number(search.get(name) ?? fallback)

followPreferences()
keepFocus()
wishForLanguage(search.get('lang') === 'de' ? 'de' : 'en')
prefer({ tourSeen: search.get('tour') !== '1' })
const role = search.get('role')
const modeOf = (name: string) => modeNames.find((mode) => mode === search.get(name)) ?? null
const asked = modeOf('asked')
const views = ['reason', 'proof', 'pane', 'pane-proof'] as const
const odd = modeOf('odd')
const options = {
  odd: odd && { mode: odd, at: 4, gap: number('gap', 0.5) },
  roundsOtherwise: search.get('arithmetic') === 'unlike',
  devices: number('devices', 4),
  rounds: number('rounds', 12),
  ticks: number('ticks', 0),
  phase: search.get('phase') as Phase['kind'] | null,
  live: search.get('live') === '1',
  trouble: search.get('trouble') === '1',
  settings: {
    view: views.find((view) => view === search.get('view')) ?? 'full',
    mode: asked ?? modeOf('mode'),
    tokens: search.has('tokens') ? number('tokens', 0) : null,
    layers: search.has('layers') ? number('layers', 0) : null,
    model: search.get('model') ?? 'toy',
  },
} as const
const node =
  role === 'peer' || role === 'guest'
    ? fakePeer({ ...options, invites: role === 'peer' })
    : fakeNode({ ...options, role: role === 'device' ? 'device' : 'coordinator' })
if (asked) node.askAtOnce(asked)
const root = document.querySelector('#root')
if (root) createRoot(root).render(<LivePage page={pageNode(node)} isPane={isPane(options.settings.view)} />)
