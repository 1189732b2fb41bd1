/**
 * A tab's part in reasoning, beside its part in the federation: it asks, alone or with others, and is asked. It speaks over the
 * same links, uses the same engine, and the coordinator, devices and neighbours do not know that it is there. The engine is looked
 * at when it is needed: before the model is loaded, and after another was, there is nothing to take part with.
 */
import type { Network, Peer } from '../../network/network'
import { hashOfIds, type Heard } from '../../reasoning/ask'
import { type ModeName, modeNames } from '../../reasoning/mode'
import { type Orphan, type Participant, takePart, type Wish } from '../../reasoning/participant'
import type { Self } from '../../reasoning/ports'
import { continueAlone, type Generation, usualWish } from '../../reasoning/soliloquy'
import type { Hello } from '../../reasoning/wire/letters'
import type { Compute } from '../../training/compute'
import type { Part } from '../part'
import type { Router } from '../router'
import { mostLayersOf, type Tab } from '../tab/tab'
import { listenForReasoning, type TabLinks } from './links'
import { openPast } from './past'
import { after, type Asking, begun, recoveriesOf } from './view'

export interface AskOptions {
  readonly tokens?: number
  readonly temperature?: number
  readonly seed?: number
  readonly mode?: string
  /** Ends a question early. */
  readonly signal?: AbortSignal
}

export interface Stats {
  readonly mode: string
  readonly version: number
  readonly adapterHash: string
  readonly tokensPerSecond: number
  readonly recoveries: number
  readonly replayedTokens: number
  /** Both ways, of what this tab asked. */
  readonly bytesPerToken: number
  /** Of its machine's arithmetic: where two are the same, so are their texts, to the bit. */
  readonly fingerprint: string
}

export interface TabReasoning {
  entered(part: Part): void
  generate(prompt: string, options: AskOptions): Promise<Generation & { readonly stats: Stats }>
  /** With the frozen base, or with an adapter of this tab's choice, by itself. */
  alone(prompt: string, adapter: Uint8Array | null, options: AskOptions): Promise<Generation>
  /** Why a mode cannot be had now; null where it can. */
  lacks(mode: ModeName): string | null
  offerOwn(offersOwn: boolean): void
  stop(): void
  close(): void
}

const answerTokens = 24

interface Taking {
  readonly compute: Compute
  readonly self: Self
  readonly participant: Participant
}

export function openReasoning(tab: Tab, router: Router): TabReasoning {
  const listen = listenForReasoning(router)
  const past = openPast()
  let part: Part | null = null
  let links: TabLinks | null = null
  let taking: Promise<Taking> | null = null
  let taken: Taking | null = null
  let sessions = 0
  let stopAsking = () => {}

  const state = () => tab.store.getState()
  const view = () => state().reasoning
  const show = (asking: Asking): void => tab.set({ reasoning: { ...view(), asking } })
  const engine = (): Compute => {
    if (!part) throw new Error('This tab is still getting ready. Try again in a moment.')
    const running = part.engine()
    if (!running) throw new Error('This tab’s model is still loading. Try again in a moment.')
    return running.compute
  }
  const mostLayers = (layers: number): number => Math.min(layers, mostLayersOf(state().settings) ?? layers)

  async function take(compute: Compute): Promise<Taking> {
    const facts = await compute.sessions.facts()
    const self = { facts, arithmetic: await compute.sessions.arithmetic(), mostLayers: mostLayers(facts.layers) }
    const participant = takePart(
      {
        self,
        sessions: compute.sessions,
        links: links!,
        clock: tab.clock,
        adapter: past.adapter,
        ownAdapter: () => part!.alone(),
        lentAdapter: () => (view().offersOwn ? part!.alone() : null),
      },
      { orphaned: (text) => void takeOver(text), served: (to, tokens) => noteServed(part!.network, to, tokens) },
    )
    return { compute, self, participant }
  }
  /** The part that this tab takes with the engine that it has now. */
  async function takePartNow(): Promise<Taking> {
    const compute = engine()
    if (taken && taken.compute !== compute) {
      taken.participant.close()
      taken = null
      taking = null
    }
    taking ??= take(compute)
    try {
      taken = await taking
    } catch (problem) {
      taking = null
      throw problem
    }
    links!.introduce()
    return taken
  }

  function hello(): Hello | null {
    if (!taken || part?.engine()?.compute !== taken.compute) {
      // Whoever asked is answered as soon as that is known.
      if (part?.engine()) void takePartNow().catch(() => {})
      return null
    }
    const { facts, arithmetic, mostLayers } = taken.self
    return {
      type: 'reason-hello',
      facts,
      ...arithmetic,
      mostLayers,
      adapter: state().adapterHash,
      offersOwn: view().offersOwn && part.alone() !== null,
      isVisible: typeof document === 'undefined' || document.visibilityState === 'visible',
    }
  }

  const noteServed = ({ peers }: Network, to: string, tokens: number): void => {
    const { name } = peers.get(to) ?? ({ name: to } as Peer)
    const { served } = view()
    tab.set({ reasoning: { ...view(), served: { ...served, [name]: (served[name] ?? 0) + tokens } } })
  }

  /** Shows an answer as it grows. */
  async function follow(
    heard: AsyncIterable<Heard>,
    first: Asking,
    promptLength: number,
    { participant }: Taking,
  ): Promise<Asking> {
    const beganAtMs = tab.clock.now()
    const bytesBefore = participant.traffic.bytes
    let asking = first
    let ids: readonly number[] = []
    const measured = () => ({
      tookMs: tab.clock.now() - beganAtMs,
      bytes: participant.traffic.bytes - bytesBefore,
    })
    show(asking)
    try {
      for await (const { said, answer } of heard) {
        ids = answer?.ids ?? ids
        asking = { ...after(asking, said, promptLength), ...measured(), text: answer?.text ?? asking.text }
        show(asking)
      }
      asking = { ...asking, ...measured(), isRunning: false, hash: hashOfIds(ids) }
      return asking
    } catch (problem) {
      const message = problem instanceof Error ? problem.message : String(problem)
      asking = { ...asking, ...measured(), isRunning: false, problem: message }
      throw problem
    } finally {
      show(asking)
    }
  }

  async function takeOver(orphan: Orphan): Promise<void> {
    const now = await takePartNow()
    const { prompt } = orphan.question
    const words = await now.compute.sessions.decode(prompt)
    const aborter = new AbortController()
    stopAsking = () => aborter.abort(new Error('Stopped.'))
    const heard = now.participant.takeOver(orphan, aborter.signal)
    const first = begun(++sessions, 'pipeline', words, true)
    await follow(heard, first, prompt.length, now).catch(() => {}) // the view says why
  }

  const stopWatching = tab.store.subscribe(({ adapterHash }) => {
    const bytes = adapterHash !== null && !past.adapter(adapterHash) ? (part?.adapter() ?? null) : null
    if (adapterHash === null || bytes === null) return
    past.remember(adapterHash, bytes)
    links?.introduce()
  })

  return {
    entered(ready) {
      part = ready
      links = listen(ready.network, tab.clock, hello)
    },
    async alone(prompt, adapter, { tokens = answerTokens, temperature = 0, seed = state().settings.seed }) {
      return continueAlone(engine().sessions, { prompt, adapter, tokens, temperature, seed }, tab.clock)
    },
    async generate(prompt, { mode: name = 'alone', signal, ...options }) {
      const mode = modeNames.find((one) => one === name)
      if (!mode) throw new Error(`There is no mode “${name}”. Choose one of ${modeNames.join(', ')}.`)
      const now = await takePartNow()
      const { version, adapterHash } = state()
      const bytes = part!.adapter()
      if (adapterHash !== null && bytes) past.remember(adapterHash, bytes)
      const wish: Wish = {
        ...usualWish,
        prompt,
        mode,
        tokens: options.tokens ?? answerTokens,
        temperature: options.temperature ?? 0,
        seed: options.seed ?? state().settings.seed,
        adapter: bytes && adapterHash !== null ? { hash: adapterHash, bytes } : null,
      }
      const aborter = new AbortController()
      stopAsking = () => aborter.abort(new Error('Stopped.'))
      signal?.addEventListener('abort', stopAsking)
      const promptLength = (await now.compute.sessions.encode(prompt)).length
      const first = begun(++sessions, mode, prompt)
      const done = await follow(now.participant.ask(wish, aborter.signal), first, promptLength, now)
      const ids = done.tokens.map(({ id }) => id)
      const tokensPerSecond = (1000 * ids.length) / Math.max(done.tookMs, 1e-6)
      const replayedTokens = done.incidents.reduce(
        (sum, incident) => sum + (incident.kind === 'recovered' ? incident.replayedTokens : 0),
        0,
      )
      return {
        text: done.text,
        ids,
        hash: done.hash!,
        tokensPerSecond,
        stats: {
          mode,
          version,
          adapterHash: adapterHash ?? '',
          tokensPerSecond,
          recoveries: recoveriesOf(done),
          replayedTokens,
          bytesPerToken: done.bytes / Math.max(1, ids.length),
          fingerprint: now.self.arithmetic.fingerprint,
        },
      }
    },
    lacks: (mode) => taken?.participant.lacks(mode) ?? null,
    offerOwn(offersOwn) {
      tab.set({ reasoning: { ...view(), offersOwn } })
      links?.introduce()
    },
    stop: () => stopAsking(),
    close() {
      stopWatching()
      stopAsking()
      taken?.participant.close()
      links?.close()
    },
  }
}
