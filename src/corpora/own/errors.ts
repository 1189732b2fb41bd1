/**
 * What can be wrong with a person's own text. Every message says what happened, why, and what to do now; it is shown to
 * the person as it is. `code` is for programs.
 */
export type OwnTextCode =
  | 'empty'
  | 'too-large'
  | 'unsupported'
  | 'binary'
  | 'not-utf8'
  | 'broken-json'
  | 'broken-csv'
  | 'no-text-column'
  | 'too-slow'

export class OwnTextError extends Error {
  override readonly name = 'OwnTextError'
  readonly code: OwnTextCode

  constructor(code: OwnTextCode, message: string) {
    super(message)
    this.code = code
  }
}
