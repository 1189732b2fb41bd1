/**
 * A tab's part in reasoning, beside its part in the federation: it asks, alone or with others, and is asked. It speaks over the
 * same links and uses the same engine; the coordinator, devices and neighbours do not know that it is there.
 */
import { messageOf } from '../../lib/messageOf'
import { sharesOf } from '../../reasoning/account'
import { mostViewTokens } from '../../reasoning/core/share'
import { type ModeName, modeNames } from '../../reasoning/mode'
import type { Orphan, Wish } from '../../reasoning/participant'
import { continueAlone, type Generation } from '../../reasoning/soliloquy'
import { talesOf } from '../../reasoning/told'
import { usualWish } from '../../reasoning/usual'
import type { Part } from '../part'
import type { Router } from '../router'
import type { Storage } from '../stored/storage'
import type { Tab } from '../tab/tab'
import type { World } from '../world'
import { extrasOf } from './extras'
import { follow, type Hearing } from './following'
import { listenForReasoning, type TabLinks } from './links'
import { openPast } from './past'
import type { Surroundings } from './proof/rows'
import { openSight, type Sight } from './sight'
import { watchStrain } from './strain'
import { type PartTaken, partTaken, type Taking } from './taking'
import { begun, recoveriesOf, replayedIn } from './view/answer'
import { inPieces } from './view/pieces'
import type { Asking, AskOptions, ReasoningView, Stats } from './view/view'
import { type AskedQuestion, type PlainQuestion, usualDraw } from './wishes'

export interface TabReasoning {
  entered(part: Part, storage: Storage): void
  generate(question: AskedQuestion, heard?: Hearing): Promise<Generation & { readonly stats: Stats }>
  /** With an adapter of the caller's choice, by itself; null: the frozen base. */
  alone(question: PlainQuestion, adapter: Uint8Array | null): Promise<Generation>
  /** Why a mode cannot be had now; null where it can. */
  lacks(mode: ModeName): string | null
  /** Looks who is there and what they can do, so that the view knows which modes can be had. Throws before there is an engine. */
  lookAround(): Promise<void>
  /** Lets go of what is kept of earlier questions. Who is there, as far as this tab knows. */
  beginAnew(): Promise<Surroundings>
  offerOwn(offersOwn: boolean): void
  /** What this tab alone sees; null: nothing. Throws an error in plain words where it cannot be read. */
  see(text: string | null): Promise<void>
  stop(): void
  close(): void
}

export function openReasoning(
  tab: Tab,
  router: Router,
  world: Pick<World, 'watchSight' | 'watchPower'>,
): TabReasoning {
  const listen = listenForReasoning(router)
  const past = openPast()
  let part: Part | null = null
  let links: TabLinks | null = null
  let taken: PartTaken | null = null
  let sight: Sight | null = null
  let questions = 0
  const { stoppable, stop } = stops()

  const state = () => tab.store.getState()
  const here = (): Part => {
    if (!part) throw new Error('This tab is still getting ready. Try again in a moment.')
    return part
  }
  const wishOf = (prompt: string, mode: ModeName, options: AskOptions): Wish => {
    const { adapterHash, settings } = state()
    const bytes = here().adapter()
    if (adapterHash !== null && bytes) past.remember(adapterHash, bytes)
    return {
      ...usualWish,
      ...extrasOf(options),
      prompt,
      mode,
      ...usualDraw(options, settings.seed),
      adapter: bytes && adapterHash !== null ? { hash: adapterHash, bytes } : null,
    }
  }
  async function takeOver({ question, said }: Orphan): Promise<void> {
    const taking = await taken!.now()
    const first = await shownOrphan(taking, { question, said }, ++questions)
    const goOn = (signal: AbortSignal) =>
      follow(tab, taking.participant.takeOver({ question, said }, signal), first, taking)
    await stoppable(goOn).catch(() => {}) // the view says why
  }

  const view = (change: Partial<ReasoningView>): void =>
    tab.set({ reasoning: { ...state().reasoning, ...change } })
  const showLacking = (): void => showWhatLacks(tab, taken?.newest() ?? null)
  const stopWatching = tab.store.subscribe(({ adapterHash, reasoning }) => {
    const knowsOwn = (part?.alone() ?? null) !== null
    if (knowsOwn !== reasoning.knowsOwn) {
      view({ knowsOwn })
      links?.introduce()
    }
    if (adapterHash === null || past.adapter(adapterHash)) return
    const bytes = part?.adapter()
    if (!bytes) return
    past.remember(adapterHash, bytes)
    links?.introduce()
  })

  const watched = watchStrain(world, () => links?.introduce())

  return {
    entered(ready, storage) {
      part = ready
      const orphaned = (text: Orphan) =>
        void takeOver(text).catch((problem) => tab.problem('cannot-go-on', messageOf(problem)))
      const around = { links: () => links!, watched, view: () => sight!.text(), orphaned }
      taken = partTaken({ tab, part, storage, past, ...around })
      sight = openSight({ tab, storage, now: taken.now, changed: () => links?.introduce() })
      links = listen(ready.network, tab.clock, taken.hello)
      links.on({ changed: showLacking })
    },
    async alone({ prompt, ...options }, adapter) {
      const engine = here().engine()
      if (!engine) throw new Error('This tab’s model is still loading. Try again in a moment.')
      const wish = { prompt, adapter, ...usualDraw(options, state().settings.seed) }
      return continueAlone(engine.compute.sessions, wish, tab.clock)
    },
    async generate({ prompt, mode = 'alone', ...options }, heard) {
      here()
      const taking = await taken!.now()
      const draftAdapter = await taken!.draftAdapter(options.draftAdapter)
      const wish = { ...wishOf(prompt, mode, options), draftAdapter }
      const { length } = await taking.compute.sessions.encode(prompt)
      const { version, adapterHash } = state()
      const first = begun(++questions, mode, prompt, length)
      const done = await stoppable((signal) =>
        follow(tab, taking.participant.ask(wish, signal), first, taking, heard),
      )
      return whole(done, { version, adapterHash: adapterHash ?? '', ...taking.self.arithmetic })
    },
    lacks: (mode) => taken?.newest()?.participant.lacks(mode) ?? null,
    async lookAround() {
      here()
      await taken!.draftAdapter()
      await links!.gather(new AbortController().signal)
      showLacking()
    },
    async beginAnew() {
      const taking = await taken!.now()
      taking.participant.forget()
      return surroundingsOf(taking, links!, state().adapterHash)
    },
    offerOwn(offersOwn) {
      view({ offersOwn })
      links?.introduce()
    },
    async see(text) {
      here()
      await sight!.see(text)
      showLacking()
    },
    stop,
    close() {
      stopWatching()
      watched.close()
      stop()
      taken?.close()
      links?.close()
    },
  }
}

/** A text that goes on here; by whom it was said so far, only its asker knew. */
async function shownOrphan(
  { compute }: Taking,
  { question, said }: Orphan,
  session: number,
): Promise<Asking> {
  const words = await compute.sessions.decode(question.prompt)
  const text = await compute.sessions.decode(said)
  const unsigned = said.map((id) => ({ id, by: [], gap: 0, gains: [], piece: '' }))
  const first = begun(session, 'pipeline', words, question.prompt.length, true)
  return { ...first, text, tokens: inPieces(unsigned, text) }
}

const surroundingsOf = (
  { self: { facts, mostLayers, arithmetic }, participant }: Taking,
  { self, arriving }: TabLinks,
  adapter: string | null,
): Surroundings => ({
  self,
  layers: facts.layers,
  mostLayers,
  fingerprint: arithmetic.fingerprint,
  others: participant.others(adapter),
  arriving: arriving(adapter),
  lacks: participant.lacks,
})

/** A person stops all that is being said here, also what was taken over meanwhile. */
function stops() {
  const running = new Set<AbortController>()
  return {
    async stoppable<Result>(act: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
      const aborter = new AbortController()
      running.add(aborter)
      try {
        return await act(aborter.signal)
      } finally {
        running.delete(aborter)
      }
    },
    stop(): void {
      for (const one of running) one.abort(new Error('Stopped.'))
    },
  }
}

/** What was shown, as whoever asked is given it. */
function whole(
  done: Asking,
  { version, adapterHash, fingerprint }: Pick<Stats, 'version' | 'adapterHash' | 'fingerprint'>,
): Generation & { readonly stats: Stats } {
  const ids = done.tokens.map(({ id }) => id)
  const tokensPerSecond = (1000 * ids.length) / Math.max(done.tookMs, 1e-6)
  const stats = {
    mode: done.mode,
    version,
    adapterHash,
    tokensPerSecond,
    recoveries: recoveriesOf(done),
    replayedTokens: replayedIn(done),
    bytesPerToken: done.bytes / Math.max(1, ids.length),
    fingerprint,
    ...sharesOf(done.account),
    ...talesOf(done.mode, done.incidents),
  }
  return { text: done.text, ids, hash: done.hash!, tokensPerSecond, stats }
}

/** Which modes can be had, and what of the model this tab holds, where that is news. */
function showWhatLacks({ store, set }: Tab, taking: Taking | null): void {
  const lacking = lackingIn(taking)
  const holds = taking && { layers: taking.self.mostLayers, of: taking.self.facts.layers }
  const mostSeen = taking && mostViewTokens(taking.self.facts.capacity)
  const seesPictures = taking?.seesPictures ?? null
  const { reasoning } = store.getState()
  const shown = [reasoning.lacking, reasoning.holds, reasoning.mostSeen, reasoning.seesPictures]
  if (JSON.stringify([lacking, holds, mostSeen, seesPictures]) !== JSON.stringify(shown))
    set({ reasoning: { ...reasoning, lacking, holds, mostSeen, seesPictures } })
}

function lackingIn(taking: Taking | null): ReasoningView['lacking'] {
  const whys = modeNames.map((mode) => [mode, taking?.participant.lacks(mode) ?? null] as const)
  return Object.fromEntries(whys.filter(([, why]) => why !== null))
}
