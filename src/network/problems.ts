/** Every way the network can disappoint, in plain words: what happened, why, and what to do now. */
import type { NetworkProblem } from './network'

type Code = NetworkProblem['code']

const words = {
  'room-not-found':
    'The room was not found. Nobody has it open as coordinator right now. Check the code, or ask for the room to be opened again.',
  'room-of-equals':
    'Nobody coordinates this room, so nobody is there who could let you in by its code alone. Open its invitation link, or scan the QR code: whoever opened the room has both on the screen.',
  'room-taken':
    'This room is already open in another tab or on another computer. Close it there, or open a new room here.',
  'wrong-secret':
    'The invitation does not fit this room. It belongs to another room or an older one with the same code. Ask for a new link.',
  'knock-refused':
    'You were not let in. Whoever opened the room decided so. Ask them for an invitation link.',
  locked:
    'The room is locked: nobody new is let in. Ask whoever opened it to unlock it, then reload this tab.',
  'same-code':
    'Another tab coordinates a room with the same code. Whoever follows your link or scans its QR code comes to you; whoever types the code may reach either, and should compare the words that both pages show.',
  'server-unreachable':
    'The server that introduces tabs to each other does not answer. Tabs that are connected stay connected; new ones cannot join. Check that it is running (npm start) and that this computer is on its network.',
  'peer-unreachable':
    'The room exists, but no connection to its coordinator could be made. Neither a direct way nor the one through the server has worked. Check that the server is running and that a firewall lets its port through, or use a current Chromium or Firefox.',
  'device-unreachable':
    'A device is in this room, but no connection to it could be made, neither a direct one nor one through the server. Check that it is on the same network as the server, and reload it.',
  'neighbour-unreachable':
    'Another device is in this room, but no connection to it could be made, neither a direct one nor one through the server. Check that it is on the same network as the server, and reload it.',
  'insecure-context':
    'This address is not secure, so the browser withholds what Gossamer needs (encryption and WebGPU). Open the https address instead: start the server with “npm start -- --lan” and use the address it prints.',
  'bad-frame': 'A peer sent what cannot be read. It was dropped.',
  'other-version':
    'Another tab of this room runs an older or newer version of this page, and the two would not understand each other. Reload both, so that they run the same.',
  succeeded:
    'While this tab was away its room has elected another coordinator, so this one has closed. What the room has learned is with the new one. Open the room’s link in this tab to join as a device.',
  'room-full':
    'The room is full: it remembers as many devices as it can. Ask whoever opened it to open a new one, or to close tabs that are not needed. This tab tries again in a minute.',
  'key-taken':
    'Another tab that is in this room calls itself the same device, so this one was not let in. Close it and open the room’s link in a new tab.',
  'too-much':
    'This tab sent more than a room can take, so the other end has closed the connection. It tries again in a minute. Reload this tab if that goes on.',
  unreadable:
    'The other end could not read what this tab sent, and has closed the connection. Reload this tab, so that both run the same version.',
  'sent-away':
    'Whoever opened the room has closed this tab’s part in it, to show that the others go on without it. Reload this tab to come back.',
  'shut-out': 'Whoever opened the room has shut this tab out. It is not let in again before they allow it.',
} as const satisfies Record<Code | 'device-unreachable' | 'neighbour-unreachable', string>

/** `wording`: the same problem seen from the other side. */
export const problem = (code: Code, fatal: boolean, wording: keyof typeof words = code): NetworkProblem => ({
  code,
  message: words[wording],
  fatal,
})

/** Why `openRoom` or `joinRoom` failed. */
export class NetworkError extends Error {
  override name = 'NetworkError'
  readonly problem: NetworkProblem
  constructor(code: Code) {
    super(words[code])
    this.problem = problem(code, true)
  }
}
