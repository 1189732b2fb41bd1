/** The adapters that a gossiping tab begins with: those that it has stored, or the model's initial one under its own name. */
import { deviceAdapter } from '../../federation/names'
import { termsOf } from '../merging/terms'
import { Peer, type PeerParts, versionsKept } from './peer'

/** Starts from what was stored, or from the model's initial adapter. */
export async function openPeer(parts: PeerParts): Promise<Peer> {
  const { tab, engine, openMerging, saved } = parts
  const { adapter, initialAdapter } = engine.opened
  const merger = openMerging()
  const begun = await merger.merging.begin(adapter, initialAdapter, saved?.adapters ?? [])
  if (saved) return new Peer(parts, merger, begun)
  const { hash, whole } = begun[0]
  const own = { adapter: deviceAdapter(tab.selfKey), version: 0, folds: 0 }
  const terms = termsOf(tab.store.getState().settings, 'peer', versionsKept)
  const first = await merger.merging.adopt(terms, { ...own, hash, bytes: whole.bytes.slice() })
  return new Peer(parts, merger, [...begun, first])
}
