/** What a node sees, from the command line: `--view TEXT`, or `--view @FILE.png`, a picture, which becomes words. */
import { readFileSync } from 'node:fs'
import { requireFileSize, UnseenPicture, wordsOfImage } from '../corpora/pictures/frame'
import { UsageError } from './flags'
import { rgbaOfPng } from './png'

/** Throws a `UsageError` that names the file and says what is wrong with it. */
export function readView(view: string): string {
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
