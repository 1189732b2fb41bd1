/**
 * How components read this tab's node. The store changes with every training step; the page redraws at most ten times a
 * second, so that drawing never competes with training.
 */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { GossamerNode } from '../node/gossamerNode'
import type { NodeState } from '../node/state'

type Store = GossamerNode['store']

export interface PageNode {
  readonly node: GossamerNode
  readonly calm: Store
  readonly slow: Store
}

const Context = createContext<PageNode | null>(null)
export const NodeProvider = Context.Provider

export const pageNode = (node: GossamerNode): PageNode => ({
  node,
  calm: calmStore(node.store, 100),
  slow: calmStore(node.store, 300),
})

/** The same store, publishing its first change at once and further ones at most every `restMs`. */
export function calmStore(store: Store, restMs: number): Store {
  let published = store.getState()
  let resting = false
  const listeners = new Set<(state: NodeState, before: NodeState) => void>()
  const publish = () => {
    const before = published
    published = store.getState()
    if (published === before) {
      resting = false
      return
    }
    resting = true
    setTimeout(publish, restMs)
    for (const listener of [...listeners]) listener(published, before)
  }
  store.subscribe(() => {
    if (!resting) publish()
  })
  return {
    getState: () => published,
    getInitialState: store.getInitialState,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function usePageNode(): PageNode {
  const value = useContext(Context)
  if (!value) throw new Error('This component needs a NodeProvider above it.')
  return value
}

export const useNode = (): GossamerNode => usePageNode().node

/** Reads a part of the state; redraws only when that part changes (compared one level deep). */
export const useNodeState = <Part,>(select: (state: NodeState) => Part): Part =>
  useStore(usePageNode().calm, useShallow(select))

/** The same for charts, which cost more to draw: three times a second is enough for a curve. */
export const useSlowState = <Part,>(select: (state: NodeState) => Part): Part =>
  useStore(usePageNode().slow, useShallow(select))
