/**
 * What a tab alone sees, on its way to being read: every view passes here as text, whatever it was made from, and is refused where
 * it leaves no room for a question. It stays in its tab.
 */
import type { ModelFacts, Sessions } from '../training/session'
import { mostViewTokens } from './core/share'

interface Reader {
  readonly self: { readonly facts: Pick<ModelFacts, 'capacity'> }
  readonly sessions: Pick<Sessions, 'encode'>
}

/** A view as tokens, on a line of its own before a text. Throws a RangeError in plain words where it is empty or too long. */
export async function encodedView(text: string, { self, sessions }: Reader): Promise<readonly number[]> {
  if (text.trim() === '')
    throw new RangeError('There is nothing in this view. Say what this tab sees, in a few words.')
  const ids = await sessions.encode(text.endsWith('\n') ? text : `${text}\n`)
  const most = mostViewTokens(self.facts.capacity)
  if (ids.length > most)
    throw new RangeError(
      `This view has ${ids.length} tokens. At most ${most} leave room for a question beside it: make it shorter.`,
    )
  return ids
}
