/** German: the wall, the help and the guided tour, in the shape of `en-guide.ts`. */
import type { enGuide } from './en-guide'

export const deGuide: typeof enGuide = {
  wall: {
    title: 'Alles in einem Fenster',
    start: 'Starten',
    startHint: 'Geht, sobald zwei Geräte da sind.',
    paneCoordinator: 'Koordinator',
    paneDevice: (n) => `Gerät ${n}`,
    more: 'Noch ein Gerät',
  },

  help: {
    title: 'Hilfe',
    keys: 'Tasten',
    space: 'anhalten oder fortsetzen',
    dot: 'eine Runde weiter',
    question: 'diese Hilfe',
    off: 'Tasten sind eingeschaltet',
    tour: 'Rundgang zeigen',
    words: 'Wörter',
    glossary: [
      ['Adapter', 'Die wenigen Zahlen (LoRA), die das Lernen ändert. Das Modell selbst bleibt eingefroren.'],
      ['Runde', 'Alle bekommen den Adapter, lernen ein wenig, schicken ihn zurück; der Koordinator mischt.'],
      [
        'Verlust',
        'Wie sehr das Modell von Text überrascht ist, den niemand gelernt hat. Weniger ist besser.',
      ],
      ['Allein', 'Der Maßstab: was ein Tab nur mit eigenem Text erreicht.'],
    ],
  },

  tour: {
    start: 'Zeig mir alles',
    next: 'Weiter',
    back: 'Zurück',
    skip: 'Rundgang überspringen',
    end: 'Überspringen',
    done: 'Fertig',
    position: (step, of) => `${step} von ${of}`,
    steps: {
      invite: {
        title: 'Tabs treten mit einem Code bei',
        text: 'Ein anderer Tab, ein Laptop oder ein Handy öffnet den Link. Das Geheimnis darin erreicht nie einen Server.',
      },
      web: {
        title: 'Ein Netz zwischen Tabs',
        text: 'Die Tropfen auf den Fäden sind Adapter unterwegs: ein paar hundert Kilobyte, nie Text. Jede Runde knüpft einen Ring.',
      },
      loss: {
        title: 'Alle werden besser',
        text: 'Dünne Linien sind Tabs, die aus eigenem Text lernen. Die dicke ist, was sie gemeinsam wissen, gemessen an Text, den niemand gelernt hat.',
      },
      recall: {
        title: 'Der Augenblick',
        text: 'Fakten, die nur ein anderer Tab gelesen hat: Allein kann sie niemand wissen. Gemeinsam schon.',
      },
      ask: {
        title: 'Frag selbst',
        text: 'Wähle eine Frage, deren Antwort nur ein Tab gelesen hat, und vergleiche vorher, allein und gemeinsam. Dann nimm den Adapter mit.',
      },
    },
  },
}
