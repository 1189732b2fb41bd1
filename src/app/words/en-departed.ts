/** English: what left this device. `de-departed.ts` has the same shape. */
export const enDeparted = {
  departed: {
    title: 'What left this device',
    lead: (bytes: string) =>
      `${bytes} since this page was opened. Texts are not among them, unless somebody asks a question: then the question travels.`,
    line: (name: string, bytes: string) => `${name}: ${bytes}`,
    of: (bytes: string, attached: string | null) =>
      attached === null
        ? bytes
        : `${bytes}, of which ${attached} are numbers of an adapter or of a text on its way`,
    server: 'The server that served this page learns the room’s code, this tab’s id and its addresses.',
    themes: {
      learned: {
        name: 'What was learned here',
        tells:
          'How the numbers of the adapter changed while this tab trained. From one such update whoever merges it can guess much of a short text.',
      },
      versions: {
        name: 'The shared adapter',
        tells:
          'Versions that everybody gets, and orders to train from them. What all have learned together is in them.',
      },
      standing: {
        name: 'How it goes',
        tells:
          'The name of this tab, how many examples it has, its losses and its progress. A coordinator tells this of all.',
      },
      reasoning: {
        name: 'Questions and answers',
        tells:
          'What was asked, the words of answers, and the numbers that tabs pass on while they make them. Whoever helps reads along.',
      },
      masks: {
        name: 'Updates under masks',
        tells:
          'Changed numbers that nobody can read by themselves, and the keys and sealed shares with which only the sum of many is laid open.',
      },
      link: {
        name: 'Being there',
        tells: 'Proofs that this tab may be in the room, and signs that it is alive.',
      },
      other: { name: 'Other', tells: 'Of kinds that this page does not know.' },
    },
  },
}
