/** English: how a room merges, and its clusters. `de-schemes.ts` has the same shape. */
import { count, decimal, percent } from '../format'

const L = 'en'

export const enSchemes = {
  merging: {
    title: 'Merging',
    lead: 'What one merge makes of many updates.',
    distortion: 'Missed by averaging',
    distortionLead: 'How far the merged model is from the average of all devices’ models, as a share of it.',
    exact: 'nothing',
    staleness: 'Staleness',
    stalenessLead: 'Versions that passed while an update was on its way.',
    stale: (mean: number, largest: number) => `${decimal(mean, 1, L)} on average, ${largest} at most`,
    picture: (name: string, latest: string) => `${name}, merge by merge. Latest: ${latest}.`,
    share: (value: number) => (value < 0.001 ? 'under 0.1 %' : percent(value, L)),
    table: 'Merges as a table',
  },
  edges: {
    edge: 'edge',
    column: 'Edge',
    at: (edge: string) => `at ${edge}`,
    appoint: (name: string) => `Make ${name} an edge`,
    dismiss: (name: string) => `Let ${name} be a device again`,
    asks: 'would merge for others',
    volunteer: 'Offer to merge for others',
    withdraw: 'Withdraw the offer to merge for others',
    copy: 'Copy link for an edge',
    stepBack: 'Stop merging for others',
    traffic: 'Bytes near and far',
    trafficLead: 'Near: between edges and their devices. Far: with the coordinator.',
    nearAndFar: (near: string, far: string) => `${near} near, ${far} far`,
  },
  assigned: {
    title: 'Given',
    given: (steps: number, batch: number, seconds: string) =>
      `${count(steps, L)} steps of ${count(batch, L)} rows, in ${seconds}`,
    kept: (rank: number, precision: string) => `Rank ${rank}, frozen weights in ${precision}`,
    late: 'Too slow for the deadline, even with the fewest steps.',
    lead: 'From the next order on. Left empty, it follows from the device’s speed and memory.',
    steps: 'Steps',
    batch: 'Rows',
    rank: 'Rank',
    precision: 'Weights',
    column: 'Steps × rows given',
    short: (steps: number, batch: number) => `${steps} × ${batch}`,
    set: (name: string) => `Set by hand for ${name}`,
    own: (steps: number, batch: number) =>
      `This tab is given ${count(steps, L)} steps of ${count(batch, L)} rows, as its speed allows.`,
  },
  gossip: {
    title: 'Agreement',
    lead: 'Nobody is in charge: each tab mixes its adapter with its neighbours’.',
    gap: 'Spectral gap of the web',
    gapLead: (links: number) =>
      `Of ${links} ${links === 1 ? 'link' : 'links'} between tabs. 1: all agree after one mixing; near 0: news travel slowly.`,
    consensus: 'Consensus error',
    consensusLead:
      'How far this tab and its neighbours were from their mean before the last mixing, as a share of their length.',
    anybodyStarts: 'You are in. Anybody here can start the run.',
    neighbours: (names: string) => `Mixes with ${names}`,
    nobody: 'Nobody to mix with yet',
    apart: (share: string) => `${share} apart`,
    picture: (devices: number, links: number) =>
      `${devices} tabs as a web without a middle, with ${links} links between neighbours.`,
  },
  clusters: {
    name: (number: string) => `Cluster ${number}`,
    everybody: 'All together',
    column: 'Cluster',
    title: 'Clusters: devices whose text is alike share an adapter',
    members: (name: string, devices: string) => `${name}: ${devices}`,
  },
}
