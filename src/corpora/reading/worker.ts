/** The worker that reads a person's own text: a file of many megabytes, or a hostile one, must not hold up the page. */
import { expose } from 'comlink'
import { OwnTextError } from '../own/errors'
import type { TextProblem } from '../own/problems'
import { reader, type TextReader } from './reader'

/** An error loses what it carries on its way between threads, so a problem travels as a value. */
export type Answer<Result> = { readonly result: Result } | { readonly problem: TextProblem }

const answered =
  <Asked extends readonly unknown[], Result>(read: (...asked: Asked) => Promise<Result>) =>
  async (...asked: Asked): Promise<Answer<Result>> => {
    try {
      return { result: await read(...asked) }
    } catch (error) {
      if (error instanceof OwnTextError) return { problem: error.problem }
      throw error
    }
  }

export type WorkingReader = {
  [Name in keyof TextReader]: (
    ...asked: Parameters<TextReader[Name]>
  ) => Promise<Answer<Awaited<ReturnType<TextReader[Name]>>>>
}

const working: WorkingReader = { files: answered(reader.files), paste: answered(reader.paste) }

expose(working)
