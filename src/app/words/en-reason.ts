/** English: the Reason screen. `de-reason.ts` has the same shape. */
import { count, decimal } from '../format'

const L = 'en'
/** A few milliseconds with a digit behind the point, many without. */
const milliseconds = (ms: number) => `${ms < 9.95 ? decimal(ms, 1, L) : count(ms, L)} ms`
const seconds = (ms: number) =>
  ms < 99.5 ? milliseconds(ms) : `${decimal(ms / 1000, ms < 995 ? 2 : 1, L)} s`
const times = (n: number) => (n > 1 ? ` (${count(n, L)} times)` : '')

export const enReason = {
  screens: { label: 'Screens', room: 'Federation', reason: 'Reason', answering: 'an answer is on its way' },
  reason: {
    title: 'Reason together',
    lead: 'Ask once, and let the tabs of this room answer: one alone, or several that share the work. Close one in mid-sentence, and the others finish it.',
    ask: 'Question',
    asking: 'Answering …',
    stop: 'Stop',
    hint: 'Enter asks, Escape stops.',
    how: 'Who answers',
    cannot: 'Not now:',
    modes: {
      alone: {
        name: 'Alone',
        does: 'This tab holds the whole model and says every word itself.',
        sees: 'Nobody else sees anything.',
      },
      pipeline: {
        name: 'Pipeline',
        does: 'The model’s layers are spread over several tabs; each token passes through all of them. The answer is the one that a single tab would give.',
        sees: 'Other tabs get rows of numbers, from which words can be guessed. One that stands by is told the prompt, to go on should this tab die.',
      },
      ensemble: {
        name: 'Ensemble',
        does: 'Tabs that learned different things each guess the next token; whoever guesses well counts more.',
        sees: 'Every member is told the prompt and every token.',
      },
      mixture: {
        name: 'Mixture',
        does: 'What the others learned is borrowed once and mixed here, weighed by how well each knows the prompt.',
        sees: 'Their adapters come here; the prompt stays in this tab.',
      },
    },
    fine: 'Length, temperature, seed',
    tokens: 'Tokens at most',
    temperature: 'Temperature',
    temperatureHint: '0: always the likeliest.',
    seed: 'Seed',

    answer: 'Answer',
    empty: 'The answer appears here, each word in the colour of the tab that said it.',
    waiting: 'The tabs are getting ready …',
    nothing: 'The text ended at once.',
    byToken: 'The answer, token by token',
    point: 'Point at a word, or move along with the arrow keys, to see who said it.',
    pointSeveral:
      'Every word went through all the tabs whose colours lie under it. Point at one, or move along with the arrow keys.',
    token: (place: number, piece: string, name: string) => `Token ${place}, “${piece}”: ${name}`,
    gap: (gap: number) => `ahead of the next by ${decimal(gap, 2, L)}`,
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
    weightsLead: 'How much each tab counts, token by token.',
    crewLead: 'Everybody in this room, ready to share the work.',
    map: 'Layers and the tabs that hold them',
    layers: (from: number, to: number) =>
      to - from === 1 ? `layer ${from + 1}` : `layers ${from + 1} to ${to}`,
    allLayers: 'all layers',
    asks: 'asks',
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
    shipped: (bytes: string, masses: string, areAdaptersCheaper: boolean) =>
      `Borrowing the adapters took ${bytes}; asking for every token instead would take ${masses}. For this answer ${
        areAdaptersCheaper ? 'borrowing' : 'asking'
      } is cheaper; the longer the answers, the more borrowing pays.`,

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
