/** English: the Lab. `de-lab.ts` has the same shape. */
import { decimal } from '../format'

const L = 'en'

export const enLab = {
  link: 'The Lab: a federation under a virtual clock',
  linkLead: 'Sixteen simulated devices, real training, in this tab. Compare schemes on one chart.',
  title: 'The Lab',
  lead: 'Simulated devices, links and delays; the same schemes as in real tabs; real training of a small model. Everything is drawn from the seed, so the same address gives the same curves.',
  questions: 'A question to begin with',
  presets: {
    iid: {
      name: 'All alike',
      question: 'Does averaging work at all, when everybody reads the same kind of text?',
    },
    'four-villages': {
      name: 'Four villages',
      question: 'Four subjects, four devices each. Is one adapter enough, or does each village need its own?',
    },
    stragglers: {
      name: 'Stragglers',
      question: 'Some devices take four times as long. Must everybody wait for them?',
    },
    'edges-save-the-uplink': {
      name: 'Edges save the uplink',
      question: 'Four edges merge for their neighbours. How many bytes still cross the wide network?',
    },
    'nobody-in-charge': {
      name: 'Nobody in charge',
      question: 'Eight peers in a ring, each speaks with two. Do they come to agree without a coordinator?',
    },
    liars: {
      name: 'Liars',
      question: 'Three of ten devices send what they learned backwards. Does it help to doubt them?',
    },
    'only-sums': {
      name: 'Only sums',
      question: 'Nobody sees a single update, only their sum. What does that cost in bytes and in loss?',
    },
  },
  setup: 'Experiment',
  setupLead: 'Run shows both arms of the question. Change one thing, run again, and it is on the chart too.',
  model: 'Training',
  seeds: 'Seeds',
  seedsHint: '1,2,3: a band',
  baselines: 'Also alone and centralised',
  themes: {
    experiment: 'Experiment',
    training: 'Local training',
    devices: 'Who takes part',
    server: 'Server and wire',
    trust: 'Trust',
  },
  changed: (count: number) => `${count} changed`,
  run: 'Run',
  stop: 'Stop',
  clear: 'Clear all',
  running: (seed: number, round: number, of: number) => `Seed ${seed}: round ${round} of ${of}`,
  runningFree: (seed: number, time: string, of: string, version: number) =>
    `Seed ${seed}: ${time} of ${of} of virtual time, version ${version}`,
  preparing: (seed: number) => `Seed ${seed}: opening the model`,
  loss: 'Held-out loss',
  lossLead: 'Nats per token, on text that nobody trained on.',
  band: 'Band: from the lowest to the highest seed',
  meanWithin: (mean: string, low: string, high: string) => `${mean} (${low} to ${high})`,
  axes: { rounds: 'Rounds', seconds: 'Virtual time', bytes: 'Bytes over the wide network' },
  picture: 'Held-out loss of each run',
  empty: 'Nothing has run yet. Press Run.',
  base: 'base',
  alone: 'alone',
  centralised: 'centralised',
  yardstick: (what: string, run: string) => `${what}, ${run}`,
  runs: 'Runs',
  runsLead: 'What each came to.',
  runsTable: 'The runs, one in each row',
  columns: {
    run: 'Run',
    loss: 'Loss',
    base: 'Base',
    alone: 'Alone',
    centralised: 'Centralised',
    time: 'Virtual time',
    general: 'Forgotten elsewhere',
    fired: 'Hidden phrase fires',
    claimed: 'ε claimed',
    shown: 'ε shown by an attack',
    wan: 'Wide network',
    lan: 'Local network',
    clusters: 'Clusters',
  },
  verdict: {
    none: {
      iid: 'Run compares averaging with every device alone, and with all text in one place.',
      'four-villages': 'Run compares an adapter for each cluster with one for all.',
      stragglers: 'Run compares not waiting with waiting for all, in the same virtual time.',
      'edges-save-the-uplink': 'Run compares edges with a coordinator that all devices send to themselves.',
      'nobody-in-charge': 'Run compares a ring of equals with a room that has a coordinator.',
      liars: 'Run compares a rule that leaves out what is far from the rest with the norm bound alone.',
      'only-sums': 'Run compares sums under masks with updates that can be read.',
    },
    averagingHelps: (together: string, alone: string, pooled: string, share: string) =>
      `Averaging works: together the devices reach ${together}, alone ${alone}, with all text in one place ${pooled}. It goes ${share} of that way, and no text has moved.`,
    averagingFails: (together: string, alone: string, pooled: string) =>
      `Averaging does not pay here: together the devices reach ${together}, alone ${alone}, with all text in one place ${pooled}.`,
    found: (count: number, ari: number) =>
      ` ${count === 1 ? '1 cluster was' : `${count} clusters were`} found; agreement with the villages (ARI): ${decimal(ari, 2, L)}.`,
    clustersHelp: (own: string, common: string, found: string) =>
      `An adapter for each cluster wins: ${own} against ${common} with one for all.${found}`,
    clustersEqual: (own: string, common: string, found: string) =>
      `One adapter is enough here: ${common}, and ${own} with one for each cluster.${found}`,
    clustersFail: (own: string, common: string, found: string) =>
      `One adapter for all wins here: ${common} against ${own} with one for each cluster.${found}`,
    waitingCosts: (loss: string, without: string, waiting: string, factor: number) =>
      `Nobody need wait: a loss of ${loss} was there after ${without}, and after ${waiting} where all are waited for. That is ${decimal(factor, 1, L)} times as fast.`,
    waitingPays: (loss: string, without: string, waiting: string) =>
      `Waiting pays here: a loss of ${loss} was there after ${waiting}, and only after ${without} without waiting.`,
    edgesSave: (saved: string, bytes: string, flat: string, loss: string, flatLoss: string) =>
      `Edges save ${saved} of the uplink: ${bytes} crossed the wide network instead of ${flat}, at a loss of ${loss} against ${flatLoss}.`,
    edgesCost: (bytes: string, flat: string, loss: string, flatLoss: string) =>
      `Edges save nothing here: ${bytes} crossed the wide network instead of ${flat}, at a loss of ${loss} against ${flatLoss}.`,
    doubtPays: (loss: string, trusting: string, base: string) =>
      `Doubt pays: with Multi-Krum the room reaches ${loss}, with lengths bounded alone ${trusting}. Before anything was learned it was ${base}.`,
    doubtFails: (loss: string, trusting: string, base: string) =>
      `Doubt does not pay here: with Multi-Krum the room reaches ${loss}, with lengths bounded alone ${trusting}. Before anything was learned it was ${base}.`,
    masksCost: (more: string, bytes: string, loss: string, plain: string) =>
      `Masks cost ${more} bytes (${bytes} in all), and leave the loss at ${loss}, against ${plain} without.`,
    leaderlessArrives: (loss: string, led: string) =>
      `Nobody in charge gets there too: ${loss}, and ${led} with a coordinator in the same time.`,
    leaderlessLags: (loss: string, led: string, share: string) =>
      `Nobody in charge comes ${share} of the way that a coordinator goes in the same time: ${loss} against ${led}.`,
  },
  putAway: (n: number) =>
    n === 1 ? '1 run of another question is put away.' : `${n} runs of other questions are put away.`,
  waiting: 'comes next',
  stopped: 'stopped',
  failed: 'failed',
  clustersFound: (count: number, ari: number) => `${count}, ARI ${decimal(ari, 2, L)}`,
  save: 'Save as JSON',
  saveTable: 'Save as CSV',
  saveFigure: 'Save the figure as SVG',
  savePicture: 'as PNG',
  lossTable: 'The curves as a table',
  traffic: 'Where the bytes went',
  trafficLead: 'What left the local networks, and what stayed in them.',
  terms: 'What the theory looks at',
  termsLead: (run: string) =>
    `Measured in “${run}”, merge by merge. These are terms of known bounds, not bounds.`,
  theory: 'What these mean: the bounds behind them',
  termsTable: 'These terms as a table',
  merge: 'Merge',
  noTerms: 'Run something: then these are drawn as it goes.',
  term: {
    drift: {
      name: 'Drift',
      says: 'How far devices pull apart, over how far they move together. Clusters lower it.',
    },
    distortion: {
      name: 'Distortion',
      says: 'What averaging A and B apart misses of the true average, as a share of it. Exact rules have none.',
    },
    staleness: {
      name: 'Staleness',
      says: 'Versions that passed while an update was on its way: on average, and at most (dotted).',
    },
    consensus: { name: 'Consensus error', says: 'How far the peers’ adapters are from their mean.' },
  },
  termPicture: (name: string, latest: string) => `${name}, merge by merge. Latest: ${latest}.`,
  gap: (value: number) =>
    `Spectral gap of the web: ${decimal(value, 3, L)}. Each mixing shrinks disagreement by about ${decimal(1 - value, 2, L)}.`,
  map: 'Who is with whom',
  mapLead: 'One row for each device, one column for each round; a colour is a cluster.',
  mapTable: 'The map as a table',
  device: 'Device',
  given: {
    title: 'What each was given',
    table: 'The devices, one in each row',
    lead: 'For one round, from measured speed and what was dealt out.',
    device: 'Device',
    steps: 'Steps',
    batch: 'Batch',
    rank: 'Rank',
    ready: 'Ready after',
  },
  inRound: (round: number) => `Round ${round}`,
  everybody: 'all',
  mapPicture: (devices: number, rounds: number) => `Clusters of ${devices} devices over ${rounds} rounds`,
}
