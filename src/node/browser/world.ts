/** The world of a node in a browser's tab. */

import { readerInWorker } from '../../corpora/reading/openReader'
import { memoryBytes } from '../../lib/memory'
import { joinEquals } from '../../network/equals'
import { webIdentity } from '../../network/identity/web-crypto'
import { inviteBase, inviteUrl } from '../../network/invite'
import { joinRoom } from '../../network/join'
import { edgePassOf, isEdgePass, makeRoomKeys } from '../../network/keys'
import { openRoom } from '../../network/room'
import { tabClock } from '../../network/time/clock'
import { roomOfTabs } from '../../settings/derived/federationConfig'
import { openCompute } from '../../training/openCompute'
import { openMerging } from '../merging/openMerging'
import { openStorage } from '../stored/indexed'
import type { World } from '../world'
import { keepAwake, watchPower, watchSight } from './awake'
import { tabKey } from './tabKey'

const writtenByPage = ['view', 'mode', 'prompt', 'tokens', 'temperature', 'textSeed']

/** @param coordinates shows another node in this tab */
export const browserWorld = (coordinates: World['coordinates']): World => ({
  coordinates,
  reader: readerInWorker,
  openCompute,
  openMerging,
  get clock() {
    return tabClock()
  },
  crowd: roomOfTabs,
  identity: webIdentity,
  openStorage: () => openStorage(tabClock()),
  makeRoomKeys: (code, secret) => makeRoomKeys(webIdentity, code, secret),
  openRoom,
  joinRoom,
  joinEquals,
  inviteUrl: async (keys, role) =>
    inviteUrl(await inviteBase(), keys, role === 'edge' ? await edgePassOf(webIdentity, keys) : null),
  isEdgePass: (keys, pass) => isEdgePass(webIdentity, keys, pass),
  tabKey,
  memoryBytes,
  keepAwake,
  watchSight,
  watchPower,
  reopen: () => location.reload(),
  showAddress(search, fragment) {
    const shown = new URLSearchParams(search)
    // Which screen is open, and what it asks, the page writes itself.
    for (const name of writtenByPage) {
      const here = new URL(location.href).searchParams.get(name)
      if (here === null) shown.delete(name)
      else shown.set(name, here)
    }
    history.replaceState(null, '', `/?${String(shown).replaceAll('%2C', ',')}#${fragment}`)
  },
})
