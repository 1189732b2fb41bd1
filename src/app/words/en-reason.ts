/** English: the Reason screen. `de-reason.ts` has the same shape. */
import { count, decimal } from '../format'
import { enModes } from './en-modes'

const L = 'en'
/** A few milliseconds with a digit behind the point, many without. */
const milliseconds = (ms: number) => `${ms < 9.95 ? decimal(ms, 1, L) : count(ms, L)} ms`
const seconds = (ms: number) =>
  ms < 99.5 ? milliseconds(ms) : `${decimal(ms / 1000, ms < 995 ? 2 : 1, L)} s`
const times = (n: number) => (n > 1 ? ` (${count(n, L)} times)` : '')

export const enReason = {
  screens: {
    label: 'Screens',
    room: 'Federation',
    reason: 'Reason',
    proof: 'Proof',
    answering: 'an answer is on its way',
    proving: 'a proof is on its way',
  },
  reason: {
    title: 'Reason together',
    lead: 'Ask once, and let the tabs of this room answer: one alone, or several that share the work. Close one in mid-sentence, and the others finish it.',
    ask: 'Question',
    asking: 'Answering …',
    stop: 'Stop',
    hint: 'Enter asks, Escape stops.',
    how: 'Who answers',
    cannot: 'Not now:',
    ...enModes,
    fine: 'Length, temperature, seed',
    fineMore: 'Length, temperature, seed and more',
    tokens: 'Tokens at most',
    temperature: 'Temperature',
    temperatureHint: '0: always the likeliest.',
    seed: 'Seed',
    keptDraft: (layers: number, room: string) =>
      `This tab guesses with what room ${room} has trained for it, ${layers === 1 ? 'on the first layer alone' : `on the first ${count(layers, L)} layers alone`}. It changes how often guesses are right, not what the others judge.`,

    answer: 'Answer',
    empty: 'The answer appears here, each word in the colour of the tab that said it.',
    waiting: 'The tabs are getting ready …',
    comparing:
      'First it is counted, on text that nobody learned from, how often this tab’s own words are the whole model’s …',
    nothing: 'The text ended at once.',
    byToken: 'The answer, token by token',
    point: 'Point at a word, or move along with the arrow keys, to see who said it.',
    pointSeveral:
      'Every word went through all the tabs whose colours lie under it. Point at one, or move along with the arrow keys.',
    token: (place: number, piece: string, name: string) => `Token ${place}, “${piece}”: ${name}`,
    gap: (gap: number) => `ahead of the next by ${decimal(gap, 2, L)}`,
    gain: (name: string, nats: number) => `${name} ${nats < 0 ? '−' : '+'}${decimal(Math.abs(nats), 1, L)}`,
    gains: (all: string) => `views, in nats: ${all}`,
    refused: (piece: string, name: string) => `${name} had guessed “${piece}”`,
    instead: (piece: string) => `instead of “${piece}”`,
    who: 'Who said it',
    said: (name: string, tokens: number) =>
      `${name}: ${tokens === 1 ? '1 token' : `${count(tokens, L)} tokens`}`,
    unknown: 'a tab that is gone',
    you: (name: string) => `${name} (this tab)`,
    takenOver:
      'This text is another tab’s. That tab is gone; this one holds its words and seed, and finishes the sentence.',
    done: (text: string) => `Answer: ${text}`,
    hash: 'Hash of the token ids',
    hashLead: 'The same in every run that says the same.',
    copyHash: 'Copy',
    copied: 'Hash copied',

    crew: 'The tabs',
    layersLead:
      'Which tab holds which layers of the model. Words go in at the left and come out at the right.',
    judgesLead: 'Who guesses with which layers of the model, and who judges with all of them.',
    weightsLead: 'How much each tab counts, token by token.',
    viewsLead:
      'Who sees something of its own. Each word stands in the colour of the tab whose view spoke for it.',
    crewLead: 'Everybody in this room, ready to share the work.',
    map: 'Layers and the tabs that hold them',
    layers: (from: number, to: number) =>
      to - from === 1 ? `layer ${from + 1}` : `layers ${from + 1} to ${to}`,
    allLayers: 'all layers',
    asks: 'asks',
    device: 'device',
    edge: 'edge',
    guesses: (layers: string) => `guesses with ${layers}`,
    judges: 'judges with all layers',
    leavesEarly: 'all layers, or only the first where they are sure',
    sees: 'sees something of its own',
    didNotAnswer: 'sees something, did not answer',
    free: 'free',
    gone: 'gone',
    weight: (share: string) => `counts ${share}`,
    silent: (share: string) => `counts ${share}, not asked`,
    close: 'Close this tab',
    closeNamed: (name: string) => `Close this tab: ${name}`,
    weightsPicture: 'Weights of the tabs over the tokens of the answer',
    place: 'Token',
    table: 'The weights as a table',

    figures: 'What it costs',
    speed: 'Speed',
    perSecond: 'tokens/s',
    perToken: 'A token takes',
    split: 'Where the time of a token goes',
    computing: 'computing',
    travelling: 'travelling',
    gathering: 'finding the others',
    rest: 'choosing, reading back, showing',
    milliseconds,
    bytesPerToken: 'Bytes per token',
    bytesPerHop: (bytes: string, hops: number) =>
      hops === 1 ? `${bytes} a hop` : `${bytes} a hop, ${hops} hops`,
    noBytes: 'nothing leaves this tab',
    perRound: 'Tokens per round',
    accepted: 'Guesses accepted',
    offload: 'Tokens asked about',
    saved: 'Layers not run',
    hedges: 'A second edge asked',
    handovers: 'Handovers',
    often: (n: number) => (n === 1 ? 'once' : n === 0 ? 'never' : `${count(n, L)} times`),
    kept: (sure: string, most: number, compared: number) =>
      `With ${sure} confidence at most ${decimal(most, 1, L)} of 100 tokens kept here are not the whole model’s, on ${count(compared, L)} tokens of text like short stories and facts in plain English that nobody learned from.`,
    keptNothing: (sure: string, compared: number) =>
      `On ${count(compared, L)} tokens of text like short stories and facts in plain English no guess was sure enough for the risk you allow, at ${sure} confidence.`,
    keptUncounted:
      'How often a token kept here is not the whole model’s was not counted: the threshold was given.',
    wire: 'On the wire, by tab and kind',
    wireWith: (name: string) => `On the wire with ${name}`,
    sent: 'Sent',
    received: 'Received',
    kinds: {
      pass: 'rows for its layers',
      passed: 'rows from its layers',
      tokens: 'tokens for its opinion',
      masses: 'its likeliest tokens',
      draft: 'text and guesses',
      verdict: 'verdicts',
      choices: 'its choices, to compare',
      need: 'asks for the text',
      refused: 'refusals',
      adapter: 'what it learned, borrowed',
    },
    recovery: 'Lost, found out, replaced',
    noLoss: 'nobody was lost',
    lossAndRecovery: (detectedMs: number, replacedMs: number) =>
      `${seconds(detectedMs)} + ${seconds(replacedMs)}`,
    lossOnly: (detectedMs: number) => `${seconds(detectedMs)} …`,

    events: 'What happened',
    noEvents: 'Nothing out of the ordinary yet.',
    at: (tokens: number) =>
      tokens === 0
        ? 'before the first token'
        : `after ${tokens === 1 ? '1 token' : `${count(tokens, L)} tokens`}`,
    lost: (name: string, detectedMs: number) =>
      `${name} was lost, noticed after ${seconds(detectedMs)}. Others are taking over.`,
    recovered: (name: string, detectedMs: number, replacedMs: number, tokens: number) =>
      `${name} was lost, noticed after ${seconds(detectedMs)}, replaced within ${seconds(replacedMs)}, ${
        tokens === 1 ? '1 token' : `${count(tokens, L)} tokens`
      } read again.`,
    checked: (name: string, by: string, n: number) =>
      `${by} computed ${name}’s rows again: they are right${times(n)}.`,
    liar: (name: string) => `${name} gave what cannot be right, and is left out.`,
    handover: (from: string, to: string, n: number) => `${to} judges from here on, not ${from}${times(n)}.`,
    unseen: (name: string) => `What ${name} sees counts no more: it is out of reach.`,
    chose: (way: string, why: string) => `${way}: ${why}`,
    changed: (way: string, before: string, why: string) => `${way} from here on, not ${before}: ${why}`,
    contradiction: (one: string, its: string, other: string, word: string, chosen: string) =>
      `${one} and ${other} contradict each other: what ${one} sees speaks for “${its}”, what ${other} sees for “${word}”. All views together say “${chosen}”.`,
    keeps: (doubt: number) =>
      `This tab keeps what it doubts by less than ${decimal(doubt, 2, L)}, and asks about the rest.`,
    keepsAll: 'This tab may keep all that it says: nothing need be asked.',
    asksAll: 'This tab asks about every token.',
    shipped: (bytes: string, masses: string, areAdaptersCheaper: boolean) =>
      `Borrowing the adapters took ${bytes}; asking for every token instead would take ${masses}. For this answer ${
        areAdaptersCheaper ? 'borrowing' : 'asking'
      } is cheaper; the longer the answers, the more borrowing pays.`,

    sight: 'What only this tab sees',
    sightLead:
      'Others may ask this tab about it, with “Fusion”. What you write stays here; they are told the likeliest next words of an answer, from which some of it can be guessed.',
    sightText: 'In words',
    sightMost: (most: number) => `At most ${count(most, L)} tokens, a word or two each.`,
    sightKeep: 'Let this tab see it',
    sightForget: 'Forget it',
    sightKept: (tokens: number | null) =>
      tokens === null
        ? 'This tab sees it.'
        : `This tab sees it: ${tokens === 1 ? '1 token' : `${count(tokens, L)} tokens`}.`,
    sightNone: 'This tab sees nothing of its own yet.',

    consent: 'What you let others do',
    offer: 'Others may ask what this tab learned',
    offerLead:
      'They see the likeliest next words of what this tab learned alone, or borrow its adapter; your text they never see. What they ask for, this tab is told.',
    noOwn:
      'This tab has learned nothing alone yet. It does so in rounds where “Each device also trains alone” is on.',
    coordinatorOwn: 'The coordinator’s tab learns nothing itself, so there is nothing that others could ask.',
    served: 'Who has asked this tab',
    servedTokens: (name: string, tokens: number) =>
      `${name}: ${tokens === 1 ? '1 token' : `${count(tokens, L)} tokens`}`,
    servedNobody: 'Nobody has asked this tab for anything yet.',
  },
}
