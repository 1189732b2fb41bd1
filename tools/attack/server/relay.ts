/**
 * The relay, from outside and from inside a room: who is not on the list does not get in, nobody reaches another room or
 * speaks in somebody else's name, and neither floods nor a receiver that does not read cost others their way.
 */
import { WebSocket } from 'ws'
import { random } from '../../../src/lib/rng'
import { envelope } from '../../../src/network/transport/relay/envelope'
import { attack, type Case } from '../case'
import { mutateBytes } from '../decoders/mutate'
import { closesWithin, type House, strangersAddress, withServer } from './house'

const id = (room: string, role: string, digit: string) => `${room}-${role}-${digit.repeat(32)}`
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

interface Carried {
  readonly socket: WebSocket
  readonly heard: Buffer[]
}

function dial({ port }: House, peer: string, token: string, from = '127.0.0.1'): Carried {
  const host = `localhost:${port}`
  const socket = new WebSocket(`ws://127.0.0.1:${port}/relay?id=${encodeURIComponent(peer)}&token=${token}`, {
    headers: { host, origin: `http://${host}` },
    localAddress: from,
  })
  const heard: Buffer[] = []
  socket.on('error', () => {})
  socket.on('message', (data: Buffer, isBinary) => isBinary && heard.push(data))
  return { socket, heard }
}

const opens = (socket: WebSocket) =>
  new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true))
    socket.once('close', () => resolve(false))
    setTimeout(() => resolve(false), 3_000)
  })

/** A tab on the list, with its socket at the relay. */
async function seated(house: House, peer: string, from = '127.0.0.1'): Promise<Carried> {
  const listed = house.peer(peer, { token: 'mine', from })
  await new Promise((resolve) => {
    listed.on('message', (data) => String(data).includes('"OPEN"') && resolve(null))
    listed.on('close', resolve)
  })
  const carried = dial(house, peer, 'mine', from)
  await opens(carried.socket)
  return carried
}

const reaches = async (from: Carried, to: Carried, name: string, mark: number): Promise<boolean> => {
  from.socket.send(envelope(name, new Uint8Array(20).fill(mark)))
  for (let waited = 0; waited < 5_000; waited += 50) {
    if (to.heard.some((data) => data.at(-1) === mark)) return true
    await pause(50)
  }
  return false
}

async function uninvited(house: House): Promise<string[]> {
  const member = id('REAY', 'd', '1')
  const carried = await seated(house, member)
  const tries: readonly (readonly [string, string, string])[] = [
    ['somebody who is not on the list', id('REAY', 'd', '2'), 'mine'],
    ['somebody with another’s id and no token', member, ''],
    ['somebody with another’s id and a guessed token', member, 'guess'],
    ['an id that is none', '__proto__', 'mine'],
    ['an id that is none', '%', 'mine'],
  ]
  const found: string[] = []
  for (const [who, peer, token] of tries) {
    const { socket } = dial(house, peer, token, strangersAddress)
    if (await opens(socket)) found.push(`${who} gets into the relay`)
    socket.terminate()
  }
  if (carried.socket.readyState !== WebSocket.OPEN) found.push('who was in is thrown out by it')
  return [...found, ...(await house.ails())]
}

async function foreign(house: House): Promise<string[]> {
  const [one, two] = [id('REAY', 'c', '3'), id('REAY', 'd', '4')]
  const [first, second] = [await seated(house, one), await seated(house, two)]
  const stranger = await seated(house, id('EVE', 'd', '5'), strangersAddress)
  stranger.socket.send(envelope(two, new Uint8Array(20).fill(99)))
  await pause(400)
  const found = second.heard.length > 0 ? ['a tab of another room is heard in this one'] : []
  if (!(await reaches(first, second, two, 7))) found.push('two of one room do not reach each other')
  const name = second.heard[0]?.subarray(1, 1 + second.heard[0][0]).toString('latin1')
  if (name !== undefined && name !== one) found.push(`what ${one} said comes from ${name}`)
  return [...found, ...(await house.ails())]
}

const frames = (count: number) => async (house: House, seed: number) => {
  const [one, two] = [id('REAY', 'c', '6'), id('REAY', 'd', '7')]
  const [first, second] = [await seated(house, one), await seated(house, two)]
  let villain = await seated(house, id('REAY', 'd', '8'), strangersAddress)
  const honest = envelope(two, new Uint8Array(100))
  for (let at = 0; at < count; at++) {
    const dice = random(seed, 'relay', at)
    if (villain.socket.readyState !== WebSocket.OPEN)
      villain = await seated(house, id('REAY', 'd', '8'), strangersAddress)
    villain.socket.send(dice.int(10) === 0 ? 'text' : mutateBytes(dice, honest))
    if (at % 20 === 0) await pause(5)
  }
  villain.socket.send(new Uint8Array(2_000_000))
  await pause(300)
  const found = (await reaches(first, second, two, 9)) ? [] : ['two others no longer reach each other']
  return [...found, ...(await house.ails())]
}

/** As fast as it can, to one who reads and to one who does not. */
async function flood(house: House): Promise<string[]> {
  const [one, two, lazy] = [id('REAY', 'c', '9'), id('REAY', 'd', 'a'), id('REAY', 'd', 'b')]
  const [first, second, third] = [
    await seated(house, one),
    await seated(house, two),
    await seated(house, lazy, strangersAddress),
  ]
  third.socket.pause()
  const villain = await seated(house, id('REAY', 'd', 'c'), strangersAddress)
  const piece = envelope(lazy, new Uint8Array(60_000))
  const small = envelope(two, new Uint8Array(1))
  const closed = closesWithin(villain.socket, 100)
  for (let at = 0; at < 3_000 && villain.socket.readyState === WebSocket.OPEN; at++) {
    if (villain.socket.bufferedAmount < 16_000_000) villain.socket.send(at % 3 ? piece : small)
    if (at % 50 === 0) await pause(5)
  }
  await closed
  const kilobytes = await house.memoryKilobytes()
  const found = (await reaches(first, second, two, 11)) ? [] : ['two others no longer reach each other']
  if (kilobytes > 600_000) found.push(`the server holds ${Math.round(kilobytes / 1000)} MB`)
  for (const { socket } of [first, second, third, villain]) socket.terminate()
  return [...found, ...(await house.ails())]
}

export const relay: readonly Case[] = [
  attack('the relay: nobody who is not on the list', () => withServer('plain', uninvited)),
  attack('the relay: no other room, no other name', () => withServer('plain', foreign)),
  attack('the relay: frames that are no envelopes', (seed) =>
    withServer('plain', (house) => frames(300)(house, seed)),
  ),
  attack('the relay: a flood to somebody who does not read', () => withServer('plain', flood)),
]
