/** German: what left this device, in the shape of `en-departed.ts`. */
import type { enDeparted } from './en-departed'

export const deDeparted: typeof enDeparted = {
  departed: {
    title: 'Was dieses Gerät verlassen hat',
    lead: (bytes) =>
      `${bytes}, seit diese Seite offen ist. Texte sind nicht dabei, außer jemand stellt eine Frage: dann reist die Frage.`,
    line: (name, bytes) => `${name}: ${bytes}`,
    of: (bytes, attached) =>
      attached === null
        ? bytes
        : `${bytes}, davon ${attached} Zahlen eines Adapters oder eines Textes unterwegs`,
    server:
      'Der Server, von dem diese Seite kommt, erfährt den Code des Raums, die Kennung dieses Tabs und seine Adressen.',
    themes: {
      learned: {
        name: 'Was hier gelernt wurde',
        tells:
          'Wie sich die Zahlen des Adapters geändert haben, während dieser Tab lernte. Wer ein solches Update verrechnet, kann daraus viel von einem kurzen Text erraten.',
      },
      versions: {
        name: 'Der gemeinsame Adapter',
        tells:
          'Versionen, die alle bekommen, und Aufträge, von ihnen aus zu lernen. Darin steckt, was alle zusammen gelernt haben.',
      },
      standing: {
        name: 'Wie es läuft',
        tells:
          'Der Name dieses Tabs, wie viele Beispiele er hat, seine Verluste und wie weit er ist. Ein Koordinator sagt das von allen.',
      },
      reasoning: {
        name: 'Fragen und Antworten',
        tells:
          'Was gefragt wurde, die Wörter der Antworten, und die Zahlen, die Tabs einander dabei weitergeben. Wer hilft, liest mit.',
      },
      masks: {
        name: 'Updates unter Masken',
        tells:
          'Geänderte Zahlen, die für sich niemand lesen kann, und die Schlüssel und versiegelten Anteile, mit denen nur die Summe vieler offen wird.',
      },
      link: {
        name: 'Da sein',
        tells: 'Beweise, dass dieser Tab in den Raum darf, und Zeichen, dass er lebt.',
      },
      other: { name: 'Anderes', tells: 'Von Arten, die diese Seite nicht kennt.' },
    },
  },
}
