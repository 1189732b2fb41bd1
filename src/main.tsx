/** Reads the URL, opens what it asks for (a first page, a wall of tabs, or this tab's node) and draws it. */
import { createRoot, type Root } from 'react-dom/client'
import { LivePage } from './app/LivePage'
import { Landing } from './app/landing/Landing'
import { pageNode } from './app/node'
import { followPreferences, prefer } from './app/preferences'
import './app/theme/tokens.css'
import './app/theme/base.css'
import { WallPage } from './app/wall/WallPage'
import { browserWorld } from './node/browser-world'
import { createNode } from './node/node'
import { readSettings } from './node/settings'
import type { GossamerNode } from './node/state'

declare global {
  /** The automation surface: see `node/snapshot.ts`. */
  var gossamer: GossamerNode | undefined
}

async function open(root: Root): Promise<void> {
  const { settings, fragment, problems } = readSettings(new URL(location.href))
  if (settings.lang) prefer({ language: settings.lang })
  if (settings.wall !== null) return root.render(<WallPage settings={settings} />)
  if (settings.role === null) return root.render(<Landing />)
  const node = await createNode({ settings, problems, ...fragment }, browserWorld)
  globalThis.gossamer = node
  root.render(<LivePage page={pageNode(node)} view={settings.view} />)
}

followPreferences()
const place = document.querySelector('#root')
if (!place) throw new Error('index.html has lost its #root.')
await open(createRoot(place))
