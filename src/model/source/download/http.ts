/**
 * Requests for files over HTTP: what a server says of a file, and its bytes from some place on. Ranges are asked for in the
 * simple forms that need no permission across origins, and asking for one keeps servers from compressing, so that lengths
 * are those of the file.
 */
import { ModelError } from '../../config'

/** A file on a server, described before it is read. */
export interface RemoteFile {
  /** What it is kept under: the same for all versions of a file. */
  readonly key: string
  readonly url: string
  readonly size: number
  /** Equal for equal contents, as far as the server tells. */
  readonly version: string
  /** SHA-256 where it is known beforehand. */
  readonly sha256: string | null
  /** For `If-Range`: a part is sent only while this is true of the file. Null where the address never changes meaning. */
  readonly validator: string | null
}

/** The server did not answer: no connection, or a failure of its own. What was kept may still be used. */
export class Unreachable extends ModelError {
  override name = 'Unreachable'
}

/** There was no answer at all: no connection, or no such server. */
export class Offline extends Unreachable {
  override name = 'Offline'
}

/** The connection broke while bytes arrived. */
export class Interrupted extends Error {
  override name = 'Interrupted'
}

/** Throws an `Unreachable`, or a `ModelError` where the answer is no file. Null where there is none by that name. */
export async function askAbout(url: string): Promise<RemoteFile | null> {
  const answer = await ask(url, { method: 'HEAD', headers: { range: 'bytes=0-' } })
  // A development server answers addresses that it does not know with its page.
  const page = answer.headers.get('content-type')?.startsWith('text/html')
  if (answer.status === 404 || page) return null
  expectOk(answer, url)
  const size = Number(answer.headers.get('content-length') ?? Number.NaN)
  if (!Number.isSafeInteger(size) || answer.headers.has('content-encoding'))
    throw new ModelError(`The server does not say how long ${url} is. Serve the file uncompressed.`)
  const validator = validatorOf(answer)
  return { key: url, url, size, version: versionOf(answer), sha256: null, validator }
}

/** The body from byte `begin` on, up to the end of the file or, not including, `end`. `from` is where it really begins. */
export async function requestBytes(
  file: RemoteFile,
  begin: number,
  end?: number,
): Promise<{ readonly from: number; readonly chunks: AsyncIterable<Uint8Array> }> {
  const headers: Record<string, string> = { range: `bytes=${begin}-${end === undefined ? '' : end - 1}` }
  if (begin > 0 && file.validator) headers['if-range'] = file.validator
  // The browser's own cache would keep every file a second time.
  const answer = await ask(file.url, { headers, cache: 'no-store' })
  expectOk(answer, file.url)
  if (file.validator && versionOf(answer) !== file.version)
    throw new ModelError(`${file.url} changed while it was read. Load the model again.`)
  const stated = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')?.[1]
  return { from: answer.status === 206 ? Number(stated ?? begin) : 0, chunks: chunksOf(answer) }
}

/** A JSON answer. */
export async function requestJson(url: string): Promise<unknown> {
  const answer = await ask(url, {})
  expectOk(answer, url)
  return answer.json().catch(() => {
    throw new ModelError(`${url} answered with something that is no JSON. Try again later.`)
  })
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, { ...init, referrerPolicy: 'no-referrer' }).catch(() => {
    throw new Offline(`${url} cannot be reached. Check the connection and reload.`)
  })
  if (answer.status === 429 || answer.status >= 500)
    throw new Unreachable(`${url} does not answer now (${answer.status}). Wait a minute and reload.`)
  return answer
}

function expectOk({ ok, status }: Response, url: string): void {
  if (ok) return
  const what = status === 401 || status === 403 ? 'is not there, or not for everybody' : 'is not there'
  throw new ModelError(`${url} ${what} (${status}). Check the model's name in the address.`)
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body!.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw new Interrupted('The connection broke.', { cause })
      })
      if (done) return
      yield value
    }
  } finally {
    // Also where the reader wants no more: then the server stops sending.
    await reader.cancel().catch(() => {})
  }
}

const versionOf = ({ headers }: Response): string =>
  [headers.get('etag') ?? '', headers.get('last-modified') ?? ''].join('\n')

/** Weak tags say that contents mean the same, not that they are: ranges of them must not be joined. */
function validatorOf({ headers }: Response): string | null {
  const tag = headers.get('etag')
  return tag && !tag.startsWith('W/') ? tag : headers.get('last-modified')
}
