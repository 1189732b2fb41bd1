/** Reads the URL and opens what it asks for: the first page, a wall of tabs, the Lab, attacks to watch, or this tab's node. */
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { keepFocus } from './app/focus'
import { followPreferences, wishForLanguage } from './app/preferences'
import { lettersReady } from './app/theme/letters'
import { type Fragment, readSettings, type SettingProblem } from './settings/reading'
import type { Settings } from './settings/table'
import './app/theme/tokens.css'
import './app/theme/base.css'
import type { GossamerNode } from './node/gossamerNode'

declare global {
  /** The automation surface: see `node/tab/snapshot.ts`. */
  var gossamer: GossamerNode | undefined
}

async function page(): Promise<ReactNode> {
  const { settings, fragment, problems } = readSettings(new URL(location.href))
  if (settings.lang) wishForLanguage(settings.lang)
  if (settings.wall !== null) {
    const { WallPage } = await import('./app/wall/WallPage')
    return <WallPage settings={settings} />
  }
  if (settings.view === 'lab') {
    const { LabPage } = await import('./app/lab/LabPage')
    return <LabPage />
  }
  if (settings.view === 'attacks') {
    const { AttacksPage } = await import('./app/attacks/AttacksPage')
    return <AttacksPage seed={settings.seed} />
  }
  if (settings.role === null) {
    const { Landing } = await import('./app/landing/Landing')
    return <Landing settings={settings} />
  }
  return livePage(settings, fragment, problems)
}

async function livePage(
  settings: Settings,
  fragment: Fragment,
  problems: SettingProblem[],
): Promise<ReactNode> {
  const [
    { LivePage },
    { isPane },
    { pageNode },
    { wordsOf },
    { problemIn },
    { createNode },
    { browserWorld },
  ] = await Promise.all([
    import('./app/room/LivePage'),
    import('./app/reason/screen'),
    import('./app/node'),
    import('./app/words/words'),
    import('./app/parameters/names'),
    import('./node/node'),
    import('./node/browser/world'),
  ])
  const said = problems.map((problem) => ({ ...problem, message: problemIn(wordsOf(), problem) }))
  const shown = (node: GossamerNode): ReactNode => {
    globalThis.gossamer = node
    return <LivePage key={node.snapshot().role} page={pageNode(node)} isPane={isPane(settings.view)} />
  }
  // A device that was elected goes on learning, and its page becomes the coordinator’s.
  const world = browserWorld((office) => root.render(shown(office ?? own)))
  const own = await createNode({ settings, problems: said, ...fragment }, world)
  return shown(own)
}

/** Where a page has begun again because it could not be loaded. */
const begunAgain = 'gossamer-begun-again'

/** A network that changes meanwhile, a cable or a Wi-Fi, breaks off what is being loaded: then the page begins again, once. */
async function loaded(): Promise<ReactNode> {
  try {
    const node = await page()
    sessionStorage.removeItem(begunAgain)
    return node
  } catch (error) {
    if (sessionStorage.getItem(begunAgain) !== null) throw error
    sessionStorage.setItem(begunAgain, '1')
    location.reload()
    return new Promise(() => {})
  }
}

const letters = lettersReady()
followPreferences()
keepFocus()
const place = document.querySelector('#root')
if (!place) throw new Error('index.html has lost its #root.')
const root = createRoot(place)
const [first] = await Promise.all([loaded(), letters])
root.render(first)
