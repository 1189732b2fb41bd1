/**
 * Requests that no browser makes: addresses that are none, hosts that are not ours, headers without end. The server
 * answers each with a plain refusal, redirects nobody elsewhere, shows nothing of its insides, and serves everybody else.
 */
import { random } from '../../../src/lib/rng'
import { attack, type Case } from '../case'
import { mutateBytes } from '../decoders/mutate'
import { type House, withServer } from './house'

const upgrade = (target: string, headers = 'Host: localhost\r\n') =>
  `GET ${target} HTTP/1.1\r\n${headers}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
const get = (target: string, host = 'localhost') =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`

/** Targets that are no address, or somebody else's. */
const targets = [
  ...[
    '//',
    '///',
    '//elsewhere.example/x',
    '/\\elsewhere.example',
    'http://',
    'http://[',
    '*',
    'x',
    '//[',
    '//:99999',
  ],
  ...[
    '/%',
    '/%zz',
    '/%ff%fe',
    '/..%2f..%2fpackage.json',
    '/../../package.json',
    '/%00',
    '/.hidden',
    '/assets/..%5c.hidden',
  ],
  ...['/api/rooms/%', '/api/rooms/__proto__', '/api/rooms/..%2f', '/peerjs/%', '/peerjs/peerjs/%'],
  ...['/peerjs/peerjs?key=gossamer&id=%&token=t', '/peerjs/peerjs?id=__proto__', `/${'x'.repeat(8000)}`],
]

const insides = /\n\s+at .*(node_modules|file:|\.ts|\.js)/

function complaints(kind: string, target: string, text: string): string[] {
  const location = /^location:\s*(.*)$/im.exec(text)?.[1]?.trim() ?? ''
  const leads = location !== '' && !/^https:\/\/127\.0\.0\.1:\d+(\/|$)|^\/(?!\/)/.test(location)
  return [
    ...(insides.test(text) ? [`${kind} ${target.slice(0, 60)} is answered with a stack trace`] : []),
    ...(leads ? [`${kind} ${target.slice(0, 60)} redirects to ${location}`] : []),
    ...(/private|"gossamer"/.test(text) ? [`${kind} ${target.slice(0, 60)} shows a hidden file`] : []),
    ...(/^HTTP\/1\.1 5/.test(text)
      ? [`${kind} ${target.slice(0, 60)} is an error of the server: ${text.slice(9, 40)}`]
      : []),
  ]
}

const everyTarget = (kind: 'plain' | 'lan') => (): Promise<string[]> =>
  withServer(kind, async (house) => {
    const found: string[] = []
    for (const target of targets)
      for (const [how, bytes] of [
        ['an upgrade of', upgrade(target)],
        ['a request of', get(target)],
        ['a request with a foreign host of', get(target, 'elsewhere.example')],
      ] as const) {
        const { text } = await house.say(bytes, 400)
        for (const complaint of complaints(how, target, text)) found.push(complaint)
        const ails = await house.ails()
        if (ails.length > 0) return [...found, ...ails.map((ail) => `${how} ${target.slice(0, 60)}: ${ail}`)]
      }
    return found
  })

async function foreignHosts(house: House): Promise<string[]> {
  const found: string[] = []
  for (const host of [
    'elsewhere.example',
    'localhost.elsewhere.example',
    'elsewhere.example:80',
    '',
    '[',
    '127.0.0.1.evil',
  ]) {
    const page = await house.say(get('/', host))
    if (/^HTTP\/1\.1 2/.test(page.text))
      found.push(`the page is served to a browser that asked for “${host}”`)
    const api = await house.say(get('/api/rooms/TEST', host))
    if (/^HTTP\/1\.1 2/.test(api.text))
      found.push(`a room's list is told to a browser that asked for “${host}”`)
  }
  for (const [origin, host] of [
    ['http://elsewhere.example', `localhost:${house.port}`],
    ['http://elsewhere.example', 'elsewhere.example'],
    ['null', `localhost:${house.port}`],
    ['//', '//'],
  ]) {
    const id = `TEST-d-${'3'.repeat(32)}`
    const { text } = await house.say(
      upgrade(
        `/peerjs/peerjs?key=gossamer&id=${id}&token=t`,
        `Host: ${host}\r\n${origin ? `Origin: ${origin}\r\n` : ''}`,
      ),
    )
    if (text.includes(' 101 ')) found.push(`a page of “${origin}” at host “${host}” may signal`)
  }
  return [...found, ...(await house.ails())]
}

async function headers(house: House): Promise<string[]> {
  const { text } = await house.say(get('/'))
  const huge = await house.say(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(200_000)}\r\n\r\n`)
  const many = await house.say(
    `GET / HTTP/1.1\r\nHost: localhost\r\n${Array.from({ length: 20_000 }, (_, i) => `X-${i}: 1\r\n`).join('')}\r\n`,
  )
  const body = await house.say(
    `POST /api/rooms/TEST HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n${'x'.repeat(1_000_000)}`,
  )
  return [
    ...(/^content-security-policy:.*default-src|^content-security-policy:.*script-src/im.test(text)
      ? []
      : ['the page comes without a Content-Security-Policy']),
    ...[huge, many].flatMap(({ text: answer }, at) =>
      /^HTTP\/1\.1 2/.test(answer)
        ? [`${at ? 'twenty thousand headers' : 'a header of 200 kB'} are served`]
        : [],
    ),
    ...(/^HTTP\/1\.1 2/.test(body.text) ? ['a body that nobody asked for is taken'] : []),
    ...(await house.ails()),
  ]
}

const heads = [
  get('/'),
  upgrade(
    `/peerjs/peerjs?key=gossamer&id=TEST-d-${'4'.repeat(32)}&token=t`,
    'Host: localhost\r\nOrigin: http://localhost\r\n',
  ),
  get('/api/rooms/TEST'),
  get('/api/address'),
]

const mutated = (kind: 'plain' | 'lan', count: number) => (seed: number) =>
  withServer(kind, async (house) => {
    const found: string[] = []
    for (let done = 0; done < count; done += 20) {
      const requests = Array.from({ length: 20 }, (_, at) => {
        const dice = random(seed, 'request', done + at)
        return mutateBytes(dice, new TextEncoder().encode(dice.pick(heads)))
      })
      const answers = await Promise.all(requests.map((bytes) => house.say(bytes, 150)))
      for (const [at, { text }] of answers.entries()) {
        const request = JSON.stringify(Buffer.from(requests[at]).toString('latin1'))
        for (const complaint of complaints('request', request, text)) found.push(complaint)
      }
      const ails = await house.ails()
      if (ails.length > 0)
        return [...found, ...ails.map((ail) => `after ${done + 20} mutated requests ${ail}`)]
    }
    return [...new Set(found)].slice(0, 10)
  })

export const requests: readonly Case[] = [
  attack('an address that is none', everyTarget('plain'), { limitMs: 120_000 }),
  attack('an address that is none, on a LAN', everyTarget('lan'), { limitMs: 120_000 }),
  attack('a foreign host or origin', () => withServer('plain', foreignHosts)),
  attack('a foreign host or origin, on a LAN', () => withServer('lan', foreignHosts)),
  attack('headers and bodies', () => withServer('plain', headers)),
  attack('mutated requests', mutated('plain', 200)),
  attack('many mutated requests', mutated('plain', 4000), { isLong: true, limitMs: 300_000 }),
  attack('many mutated requests, on a LAN', mutated('lan', 4000), { isLong: true, limitMs: 300_000 }),
]
