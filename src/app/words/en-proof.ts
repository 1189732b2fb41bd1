/** English: the proof. `de-proof.ts` has the same shape. */
import { count, decimal } from '../format'

const L = 'en'
const tokensOf = (n: number) => (n === 1 ? '1 token' : `${count(n, L)} tokens`)
const tabsOf = (n: number) => (n === 1 ? '1 other tab' : `${count(n, L)} other tabs`)
const areReady = (n: number) => (n === 0 ? 'none is' : n === 1 ? '1 is' : `${count(n, L)} are`)
const more = 'Open another tab with the room’s link, then run it again.'

export const enProof = {
  proof: {
    title: 'Five ways, one text',
    lead: 'One prompt, one seed. The tabs of this room make the text in five ways, and every one must say the same, to the last letter.',
    question: 'What is asked in every row',
    run: 'Run the proof',
    again: 'Run it again',
    running: 'Running …',
    rows: 'The five rows',
    row: (n: number) => `Row ${n}`,
    learning:
      'The room is learning, so the model may change from row to row. Pause it, so that every row asks the same model.',
    pause: 'Pause the rounds',

    alone: 'One tab alone',
    aloneLead: 'This tab holds the whole model and says every word itself.',
    split: (tabs: number) => `Split over ${count(tabs, L)} tabs`,
    splitLead: 'Each tab holds some of the layers; every word goes through all of them.',
    fewLayers: (layers: number) =>
      `This model has only ${count(layers, L)} layers, one for each of the other tabs; this one keeps the words.`,
    closed: 'Split, and a tab closes',
    closedLead:
      'A tab that holds layers is closed after a third of the text. Another takes over; the closed one opens again by itself.',
    judged: 'One guesses, another judges',
    judgedLead: 'This tab guesses with the first layers; a tab with the whole model judges, and corrects.',
    switched: 'The judge closes',
    switchedLead:
      'The same, and the tab that judges is closed after a third of the text. A second one judges from there on.',
    length: 'Tokens',
    tabNames: 'The tabs that speak',
    wasClosed: 'Closed',
    closedAfter: (name: string, after: number) => `${name}, after ${tokensOf(after)}`,

    waiting: 'waiting',
    preparing: 'getting ready …',
    beingMade: 'being made …',
    first: 'the yardstick',
    same: 'the same text',
    differs: 'another text',
    excused: 'another text, excused',
    unproven: 'did not run',
    hash: 'Hash',

    figures: 'What it cost',
    speed: 'Speed',
    perSecond: (n: string) => `${n} tokens/s`,
    computing: 'Computing',
    travelling: 'Travelling',
    rest: 'Choosing, reading back',
    perToken: (time: string) => `${time} a token`,
    hop: 'Over the wire',
    bytesPerHop: (bytes: string) => `${bytes} a token and hop`,
    bytesPerToken: (bytes: string) => `${bytes} a token`,
    detected: 'Noticed after',
    recovered: 'Replaced within',
    replayed: 'Read again',
    tokens: tokensOf,
    accepted: 'Guesses accepted',
    perRound: 'A round gives',
    roundOf: (tokens: string) => `${tokens} tokens`,
    handover: 'Handed over within',
    roundsLost: 'Lost',
    atMostRounds: (n: number) => (n === 1 ? '1 round at most' : `${count(n, L)} rounds at most`),

    parting: (place: number, first: string, here: string) =>
      `They part at token ${count(place, L)}: “${first}” in the first row, “${here}” here.`,
    over: 'end of text',
    gaps: (first: string, here: string) =>
      `By so much each was ahead of the next: ${first} there, ${here} here.`,
    gap: (gap: number) => decimal(gap, gap < 0.01 ? 6 : 2, L),
    noGap: 'not told',
    sameArithmetic: 'All machines that took part compute the same bits, so nothing excuses it.',
    otherArithmetic:
      'Machines that took part round otherwise than each other, which is excused only where both words were as good as equally likely. Here they were not.',
    nearTie:
      'Machines that took part round otherwise than each other, and both found the two words as good as equally likely: this is excused. The texts are not the same for all that.',

    why: {
      unspread: `All layers stayed in this tab. ${more}`,
      learned:
        'The room has learned since the first row, so this was another model. Pause the rounds, then run it again.',
      stopped: 'Stopped before it was done.',
      'coordinator-only':
        'Only the coordinator’s tab may close another one in mid-sentence. Open the proof there to see this row.',
      nobody:
        'In a room without a coordinator no tab may close another one. Open a room with a coordinator to see this row.',
    },
    tabs: (needed: number, there: number) =>
      `It takes ${tabsOf(needed)}, and ${areReady(there)} ready. ${more}`,
    judges: (needed: number, there: number) =>
      `It takes ${tabsOf(needed)} with the whole model, and ${areReady(there)} ready. ${more}`,
    short: (tokens: number) =>
      `The text has ${tokensOf(tokens)}, and so no middle in which a tab could close. Take another prompt, or more tokens.`,
    stays: (name: string) =>
      `${name} did not close: it is busy, or its browser keeps nothing and its part would be lost. Open that tab in an ordinary window, then run it again.`,
    unmissed: (name: string) =>
      `The text was over before anybody missed ${name}. Allow more tokens, then run it again.`,

    proven: 'Five of five: one text, one hash.',
    partly: (same: number, of: number) => `${count(same, L)} of ${count(of, L)} say the same.`,
    partlyLead: 'What did not run proves nothing: each row says what it needs.',
    differ: (same: number, of: number) =>
      `Not the same: only ${count(same, L)} of ${count(of, L)} agree with the first row.`,
    differLead: 'Each red row says where the texts part.',
    differExcused: (same: number, of: number) =>
      `${count(same, L)} of ${count(of, L)}; a tie parted the rest.`,
    differExcusedLead: 'Each amber row says why that is excused.',
    nothing: 'No row ran: each says what it needs.',
    progress: (row: number, of: number) => `Row ${count(row, L)} of ${count(of, L)} …`,
    told: (n: number, what: string) => `Row ${count(n, L)}: ${what}.`,
  },
}
