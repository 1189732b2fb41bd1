/**
 * What the nodes see, from the command line: `--view TEXT`, or `--view @FILE.png`, a picture, which becomes words. All is checked before a
 * model is loaded.
 */
import { readFileSync } from 'node:fs'
import { requireFileSize, UnseenPicture, wordsOfImage } from '../corpora/pictures/frame'
import { capacityOf } from '../model/pool'
import type { ModeName } from '../reasoning/mode'
import { encodedView } from '../reasoning/sight'
import { seesPictures, whyBlind } from '../settings/text'
import type { FoundDirectory } from '../training/headless'
import { UsageError } from './flags'
import { rgbaOfPng } from './png'

interface Seeing {
  readonly view: readonly string[]
  readonly mode: ModeName
  readonly nodes?: number
}

/** What each node sees, as words; null: nothing. Throws a `UsageError` where one cannot be shown to this model, and where a mode has no use for it. */
export async function readViews(
  { view, mode, nodes }: Seeing,
  { config, tokenizer }: Pick<FoundDirectory, 'config' | 'tokenizer'>,
): Promise<readonly (string | null)[]> {
  if (view.length > 0 && mode !== 'fusion')
    throw new UsageError(`--view means nothing with --mode ${mode}. Choose --mode fusion.`)
  if (mode === 'fusion' && view.every((one) => one === ''))
    throw new UsageError(
      '--mode fusion brings together what nodes see. Give at least one something to see with --view.',
    )
  if (nodes !== undefined && view.length > nodes)
    throw new UsageError(`There are ${view.length} views for ${nodes} nodes. Raise --nodes.`)
  const encode = async (text: string) => tokenizer.encode(text)
  const reading = {
    self: { facts: { capacity: capacityOf(config.contextLength) } },
    sessions: { encode },
  }
  const sees = await seesPictures(encode)
  const read = async (one: string): Promise<string | null> => {
    if (one === '') return null
    const refuse = (why: string): never => {
      throw new UsageError(`--view ${JSON.stringify(one.slice(0, 40))}: ${why}`)
    }
    const text = readView(one)
    const blind = whyBlind(text, sees)
    if (blind !== null) refuse(blind)
    await encodedView(text, reading).catch(({ message }: Error) => refuse(message))
    return text
  }
  return Promise.all(view.map(read))
}

/** `@@` begins a text that begins with @. Throws a `UsageError` that names the file and says what is wrong with it. */
export function readView(view: string): string {
  if (view.startsWith('@@')) return view.slice(1)
  if (!view.startsWith('@')) return view
  const path = view.slice(1)
  try {
    const bytes = readFileSync(path)
    requireFileSize(bytes.length)
    return wordsOfImage(rgbaOfPng(bytes))
  } catch (error) {
    if (error instanceof UnseenPicture) throw new UsageError(`--view ${view}: ${error.message}`)
    throw new UsageError(`--view ${view} cannot be read. Give the path of a PNG file behind the @.`)
  }
}
