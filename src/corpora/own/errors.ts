/** The one error of reading a person's own text: a problem as a value, and its English sentences as the message. */
import type { TextProblem } from './problems'
import { problemSentence } from './said/sentences'

export class OwnTextError extends Error {
  override readonly name = 'OwnTextError'
  readonly problem: TextProblem

  constructor(problem: TextProblem) {
    super(problemSentence(problem))
    this.problem = problem
  }

  /** For programs. */
  get code(): TextProblem['kind'] {
    return this.problem.kind
  }
}
