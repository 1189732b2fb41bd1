/** The live page over a fake node, for looking and for tests: `?role=device&ticks=200&phase=lobby&devices=4&live=1`; `role=peer` gossips, `role=guest` too; `view=reason&asked=pipeline` has an answer, `layers=3` makes a weak tab. */
import { createRoot } from 'react-dom/client'
import { fakeNode } from '../../src/app/fixtures/fakeNode'
import { fakePeer } from '../../src/app/fixtures/fakePeer'
import { keepFocus } from '../../src/app/focus'
import { pageNode } from '../../src/app/node'
import { followPreferences, prefer, wishForLanguage } from '../../src/app/preferences'
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
const options = {
  devices: number('devices', 4),
  rounds: number('rounds', 12),
  ticks: number('ticks', 0),
  phase: search.get('phase') as Phase['kind'] | null,
  live: search.get('live') === '1',
  trouble: search.get('trouble') === '1',
  settings: {
    view: search.get('view') === 'reason' ? 'reason' : 'full',
    mode: asked ?? modeOf('mode'),
    layers: search.has('layers') ? number('layers', 0) : null,
  },
} as const
const node =
  role === 'peer' || role === 'guest'
    ? fakePeer({ ...options, invites: role === 'peer' })
    : fakeNode({ ...options, role: role === 'device' ? 'device' : 'coordinator' })
if (asked) node.askAtOnce(asked)
const root = document.querySelector('#root')
if (root) createRoot(root).render(<LivePage page={pageNode(node)} isPane={search.get('view') === 'pane'} />)
