/** English: the wall, the help and the guided tour. `de-guide.ts` has the same shape. */
export const enGuide = {
  wall: {
    title: 'Everything in one window',
    start: 'Start',
    startHint: 'Starts when two devices are in.',
    paneCoordinator: 'Coordinator',
    paneDevice: (n: number) => `Device ${n}`,
    more: 'One more device',
  },

  help: {
    title: 'Help',
    keys: 'Keys',
    space: 'pause or resume',
    dot: 'step one round',
    question: 'this help',
    off: 'Keys are switched on',
    tour: 'Show the tour',
    words: 'Words',
    glossary: [
      ['Adapter', 'The small set of numbers (LoRA) that training changes. The model itself stays frozen.'],
      ['Round', 'Everybody gets the merged adapter, trains a little, sends it back; the coordinator merges.'],
      ['Held-out loss', 'How surprised the model is by text nobody trained on. Lower is better.'],
      ['Alone', 'The yardstick: what a tab reaches with its own text only.'],
    ],
  },

  tour: {
    start: 'Show me around',
    next: 'Next',
    back: 'Back',
    skip: 'Skip the tour',
    end: 'Skip',
    done: 'Done',
    position: (step: number, of: number) => `${step} of ${of}`,
    steps: {
      invite: {
        title: 'Tabs join by a code',
        text: 'Another tab, a laptop or a phone opens the link. The secret in it never reaches a server.',
      },
      web: {
        title: 'A web between tabs',
        text: 'The drops on the threads are adapters on their way: a few hundred kilobytes, never text. Every round ties one ring.',
      },
      loss: {
        title: 'Everybody gets better',
        text: 'Thin lines are tabs training on their own text. The bold one is what they know together, measured on text that nobody trained on.',
      },
      recall: {
        title: 'The moment',
        text: 'Facts that only another tab has read: alone nobody can know them. Together they can.',
      },
      ask: {
        title: 'Ask it yourself',
        text: 'Choose a question whose answer only one tab has read, and compare before, alone and together. Then take the adapter home.',
      },
    },
  },
}
