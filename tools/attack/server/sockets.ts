/**
 * Connections that cost their owner nothing: half a header, an upgrade that says no word, as many sockets as the server
 * has, frames that are too long or no JSON, somebody else's id. Others meet all the while, and what is idle is closed.
 */
import { attack, type Case } from '../case'
import { closesWithin, type House, strangersAddress, withServer } from './house'

/** A header is a second's work; an upgrade that follows no protocol has no business here. */
const slowHeaderMs = 45_000
const idleUpgradeMs = 45_000
/** Timers of hidden pages come once a minute, so that long a socket may be silent. */
const silentPeerMs = 150_000

const id = (room: string, role: string, digit: string) => `${room}-${role}-${digit.repeat(32)}`
const opened = (socket: import('ws').WebSocket) =>
  new Promise<boolean>((resolve) => {
    socket.on('message', (data) => String(data).includes('"OPEN"') && resolve(true))
    socket.on('close', () => resolve(false))
  })

async function slowHeaders(house: House): Promise<string[]> {
  const slow = Array.from({ length: 50 }, () => house.connect())
  for (const socket of slow) socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-')
  const drip = setInterval(() => {
    for (const socket of slow) socket.write('a')
  }, 1000)
  const ails = await house.ails()
  const closed = await Promise.all(slow.map((socket) => closesWithin(socket, slowHeaderMs)))
  clearInterval(drip)
  const left = closed.filter((isClosed) => !isClosed).length
  for (const socket of slow) socket.destroy()
  return [
    ...ails,
    ...(left > 0 ? [`${left} of 50 slow headers are still open after ${slowHeaderMs / 1000} s`] : []),
  ]
}

async function idleUpgrades(house: House): Promise<string[]> {
  const paths = [
    '/',
    '/elsewhere',
    '/peerjs',
    `/peerjs/peerjs?key=gossamer&token=t&id=${id('TEST', 'd', '5')}`,
  ]
  const idle = paths.map((path) => {
    const socket = house.connect()
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: nothing\r\n\r\n`)
    return socket
  })
  const bare = Array.from({ length: 50 }, () => house.connect())
  const ails = await house.ails()
  const closed = await Promise.all([...idle, ...bare].map((socket) => closesWithin(socket, idleUpgradeMs)))
  for (const socket of [...idle, ...bare]) socket.destroy()
  const open = paths.filter((_, at) => !closed[at])
  const silent = closed.slice(paths.length).filter((isClosed) => !isClosed).length
  return [
    ...ails,
    ...open.map((path) => `an upgrade of ${path} that says nothing stays open`),
    ...(silent > 0 ? [`${silent} connections that say nothing stay open`] : []),
  ]
}

/** Both only wait, so they wait together. */
const saysNothing = async (kind: 'plain' | 'lan') =>
  (await Promise.all([withServer(kind, slowHeaders), withServer(kind, idleUpgrades)])).flat()

async function silentPeers(house: House): Promise<string[]> {
  const peers = ['6', '7'].map((digit) => house.peer(id('STAND', 'd', digit), { from: strangersAddress }))
  await Promise.all(peers.map(opened))
  const closed = await Promise.all(peers.map((peer) => closesWithin(peer, silentPeerMs)))
  for (const peer of peers) peer.terminate()
  return closed.every(Boolean) ? [] : ['a signalling socket without a heartbeat stays open']
}

/** One client, many ids, many rooms: everybody else still gets in. */
async function manySockets(house: House): Promise<string[]> {
  const hex = (number: number) => number.toString(16).padStart(32, '0')
  const sockets = Array.from({ length: 400 }, (_, at) =>
    house.peer(`HARD${at % 40}-d-${hex(at)}`, { from: strangersAddress, token: `t${at}` }),
  )
  const idle = Array.from({ length: 400 }, () => house.connect())
  await Promise.race([Promise.all(sockets.map(opened)), new Promise((resolve) => setTimeout(resolve, 3000))])
  const ails = await house.ails()
  for (const socket of sockets) socket.terminate()
  for (const socket of idle) socket.destroy()
  return [...ails, ...(await house.ails()).map((ail) => `afterwards ${ail}`)]
}

/** One class behind one address is no attack. */
async function aWholeClass(house: House): Promise<string[]> {
  const hex = (number: number) => number.toString(16).padStart(32, '0')
  const sockets = Array.from({ length: 41 }, (_, at) =>
    house.peer(`GRADE-${at ? 'd' : 'c'}-${hex(at)}`, { token: `t${at}` }),
  )
  const open = await Promise.all(
    sockets.map((socket) =>
      Promise.race([opened(socket), new Promise<boolean>((no) => setTimeout(() => no(false), 4000))]),
    ),
  )
  for (const socket of sockets) socket.terminate()
  const missing = open.filter((isOpen) => !isOpen).length
  return missing === 0 ? [] : [`${missing} of a class of 41 behind one address are not let in`]
}

async function frames(house: House): Promise<string[]> {
  const found: string[] = []
  const bad: readonly (string | Uint8Array)[] = [
    ...[
      '',
      'null',
      '[]',
      '{',
      '{"type":1}',
      '{"type":"OFFER"}',
      '{"type":"LEAVE","dst":"x"}',
      '{"type":"EXPIRE"}',
    ],
    ...[`{"type":"OFFER","dst":"__proto__","payload":{}}`, `{"__proto__":{"type":"HEARTBEAT"}}`],
    `{"type":"OFFER","dst":"x","payload":{"type":"data","connectionId":{"length":{"toString":1}}}}`,
    ...['[[[['.repeat(20_000), `"${'x'.repeat(200_000)}"`],
    ...[new Uint8Array(1000).fill(255), 'x'.repeat(300 * 1024), new Uint8Array(5 * 1024 * 1024)],
  ]
  for (const [at, frame] of bad.entries()) {
    const socket = house.peer(id(`FRAME${at}`, 'd', '8'), { from: strangersAddress })
    if (!(await opened(socket))) found.push('a stranger with a proper id is not let in')
    socket.send(frame)
    await new Promise((resolve) => setTimeout(resolve, 30))
    socket.terminate()
  }
  const flooding = house.peer(id('WATER', 'd', '9'), { from: strangersAddress })
  await opened(flooding)
  const closed = closesWithin(flooding, 8000)
  for (let sent = 0; sent < 20_000 && flooding.readyState === flooding.OPEN; sent++) {
    flooding.send('{"type":"HEARTBEAT"}')
    if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  if (!(await closed)) found.push('20,000 messages in one go do not close their socket')
  return [...found, ...(await house.ails())]
}

/** Who holds an id keeps it, whoever else asks for it; a list tells no more than a room's own ids. */
async function squatting(house: House): Promise<string[]> {
  const coordinator = id('SQAT', 'c', 'a')
  const owner = house.peer(coordinator, { token: 'mine' })
  await opened(owner)
  const heard: string[] = []
  owner.on('message', (data) => heard.push(String(data)))
  const thief = house.peer(coordinator, { from: strangersAddress, token: 'stolen' })
  const thiefGotIn = await Promise.race([
    opened(thief),
    new Promise<boolean>((no) => setTimeout(() => no(false), 1000)),
  ])
  const device = house.peer(id('SQAT', 'd', 'b'))
  await opened(device)
  const payload = {
    type: 'data',
    serialization: 'raw',
    connectionId: 'dc_1',
    sdp: { type: 'offer', sdp: '' },
  }
  device.send(JSON.stringify({ type: 'OFFER', dst: coordinator, payload }))
  await new Promise((resolve) => setTimeout(resolve, 500))
  const stranger = house.peer(id('STRANGE', 'd', 'c'), { from: strangersAddress })
  await opened(stranger)
  stranger.send(
    JSON.stringify({ type: 'OFFER', dst: coordinator, payload: { ...payload, connectionId: 'dc_other' } }),
  )
  await new Promise((resolve) => setTimeout(resolve, 300))
  for (const socket of [owner, thief, device, stranger]) socket.terminate()
  return [
    ...(thiefGotIn ? ['an id that is in use is given to another socket'] : []),
    ...(heard.some((text) => text.includes('dc_1'))
      ? []
      : ['the owner of an id no longer hears what is sent to it']),
    ...(heard.some((text) => text.includes('dc_other'))
      ? ['a peer of another room reaches into this one']
      : []),
    ...(await house.ails()),
  ]
}

export const sockets: readonly Case[] = [
  attack('one client with 400 signalling sockets and 400 idle ones', () => withServer('plain', manySockets)),
  attack('a whole class behind one address', () => withServer('plain', aWholeClass)),
  attack('frames that are too long, no JSON, or too many', () => withServer('plain', frames)),
  attack('an id that is somebody else’s', () => withServer('plain', squatting)),
  attack('half a header, or an upgrade that says nothing', () => saysNothing('plain'), { limitMs: 90_000 }),
  attack('half a header, or an upgrade that says nothing, on a LAN', () => saysNothing('lan'), {
    limitMs: 90_000,
    isLong: true,
  }),
  attack('signalling sockets without a heartbeat', () => withServer('plain', silentPeers), {
    limitMs: 200_000,
    isLong: true,
  }),
]
