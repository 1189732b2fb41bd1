/** English: the modes of reasoning, how they are chosen and told apart. `de-modes.ts` has the same shape. */

export const enModes = {
  modes: {
    alone: {
      name: 'Alone',
      does: 'This tab holds the whole model and says every word itself.',
      sees: 'Nobody else sees anything.',
    },
    pipeline: {
      name: 'Pipeline',
      does: 'The model’s layers are spread over several tabs; each token passes through all of them.',
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
    fusion: {
      name: 'Fusion',
      does: 'Tabs that each see another side of one thing answer together; each word is what all their views make likeliest.',
      sees: 'Every tab with a view is told the prompt and every token, and tells its likeliest next words. The view itself stays there.',
    },
    auto: {
      name: 'Auto',
      does: 'The tab chooses how to work by speeds, links, loads, memory and battery, says why, and changes its mind in mid-sentence.',
      sees: 'Whoever sees something in the way that it has chosen.',
    },
    'early-exit': {
      name: 'Early exit',
      does: 'This tab alone; where the first layers are sure of the next word, it spares the others.',
      sees: 'Nobody else sees anything.',
    },
    speculative: {
      name: 'Speculative',
      does: 'This tab guesses a few words with the first layers; a tab with the whole model judges them all at once, and corrects the first wrong one.',
      sees: 'The tab that judges is told the prompt and every word.',
    },
    cascade: {
      name: 'Cascade',
      does: 'What its first layers are sure of this tab says by itself; about the rest it asks a tab with the whole model.',
      sees: 'The tab that is asked is told the prompt and every word up to there.',
    },
    split: {
      name: 'Split',
      does: 'The model is cut in two: the first layers stay here, one other tab holds the rest.',
      sees: 'The other tab gets rows of numbers, from which words can be guessed, the more easily the earlier the cut. One that stands by is told the prompt.',
    },
    'multi-access': {
      name: 'Multi-access',
      does: 'As speculative, with several tabs that judge: each draft goes to the one that will be done first. If one is late or is closed, another goes on.',
      sees: 'Every tab that judges is told the prompt and every word.',
    },
  },
  groups: {
    chosen: 'Chosen for you',
    itself: 'By itself',
    together: 'Side by side',
    edge: 'Device and edge: a weak tab and a strong one',
    edges: 'Several edges: one weak tab, several strong ones',
  },
  lossless: 'says exactly what one tab would say',
  lossy: 'may say something else',
  weak: {
    judged: (layers: number, of: number) =>
      `This tab holds ${layers} of ${of} layers, so it guesses and others judge.`,
    shared: (layers: number, of: number) =>
      `This tab holds ${layers} of ${of} layers, so others hold the rest.`,
    chosen: (layers: number, of: number) =>
      `This tab holds ${layers} of ${of} layers, so it chooses among the ways in which others judge, or hold the rest.`,
    unable: (layers: number, of: number) =>
      `This tab holds ${layers} of ${of} layers: choose a way in which others judge, or hold the rest.`,
  },
  draft: 'Guesses at once',
  draftHint: 'auto: as many as pay.',
  tiers: 'Who judges',
  tiersOf: {
    2: 'a tab with the whole model',
    3: 'that tab, then what the others learned: end, edge, cloud',
  },
  risk: 'Tokens of 100 kept that may differ',
  riskHint: 'The fewer, the more often the other tab is asked.',
  exit: 'Doubt allowed, from 0 to 1',
  exitHint: (usual: string) => `The more, the earlier it leaves. auto: ${usual}.`,
  codec: 'How rows travel',
  codecs: {
    float32: 'exact: 4 bytes a number',
    float16: 'as halves: 2 bytes',
    int8: 'as bytes: 1 byte',
  },
}
