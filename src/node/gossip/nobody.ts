/** What only somebody who coordinates could do, and why nobody does it where tabs gossip. */
export const nobody = {
  givesOutWork: 'Nobody gives out work where tabs gossip: each takes the steps that the room has agreed on.',
  merges: 'Nobody merges for others where tabs gossip. Open a room with edges for that.',
  unlearns:
    'Where tabs gossip, what a tab has taught is in everybody’s adapter and nobody can take it out. Leave the room: nothing more is learned from it.',
  locks: 'Nobody coordinates this room, so nobody can lock it.',
  shutsOut: 'Nobody coordinates this room, so nobody can shut a device out.',
} as const

/** What cannot be done now. */
export const not = {
  readyYet: 'This tab is still getting ready. Try again in a moment.',
  afterBegin: 'The run has begun: its settings stand. Open a new federation to change them.',
} as const
