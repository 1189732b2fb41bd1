/** German: the modes of reasoning, how they are chosen and told apart. */
import type { enModes } from './en-modes'

export const deModes: typeof enModes = {
  modes: {
    alone: {
      name: 'Allein',
      does: 'Dieser Tab hat das ganze Modell und sagt jedes Wort selbst.',
      sees: 'Sonst sieht niemand etwas.',
    },
    pipeline: {
      name: 'Kette',
      does: 'Die Schichten des Modells liegen verteilt auf mehreren Tabs; jedes Token geht durch alle.',
      sees: 'Andere Tabs bekommen Zahlenreihen, aus denen sich Wörter erraten lassen. Einer, der bereitsteht, erfährt die Frage, um weiterzumachen, falls dieser Tab stirbt.',
    },
    ensemble: {
      name: 'Ensemble',
      does: 'Tabs, die Verschiedenes gelernt haben, raten jeder das nächste Token; wer gut rät, zählt mehr.',
      sees: 'Jedes Mitglied erfährt die Frage und jedes Token.',
    },
    mixture: {
      name: 'Mischung',
      does: 'Was die anderen gelernt haben, wird einmal ausgeliehen und hier gemischt, je nachdem, wie gut jeder die Frage kennt.',
      sees: 'Ihre Adapter kommen hierher; die Frage bleibt in diesem Tab.',
    },
    fusion: {
      name: 'Viele Blicke',
      does: 'Tabs, die jeder eine andere Seite einer Sache sehen, antworten gemeinsam; jedes Wort ist, was alle ihre Blicke zusammen am wahrscheinlichsten machen.',
      sees: 'Jeder Tab mit einem Blick erfährt die Frage und jedes Token und sagt seine wahrscheinlichsten nächsten Wörter. Der Blick selbst bleibt dort.',
    },
    auto: {
      name: 'Auto',
      does: 'Der Tab wählt selbst, wie er arbeitet, nach Tempo, Verbindungen, Auslastung, Speicher und Akku, sagt warum, und entscheidet sich mitten im Satz auch um.',
      sees: 'Wer in der Weise etwas sieht, die er gewählt hat.',
    },
    'early-exit': {
      name: 'Früher Ausstieg',
      does: 'Dieser Tab allein; wo die ersten Schichten sich des nächsten Wortes sicher sind, spart er sich die übrigen.',
      sees: 'Sonst sieht niemand etwas.',
    },
    speculative: {
      name: 'Raten und prüfen',
      does: 'Dieser Tab rät mit den ersten Schichten ein paar Wörter; ein Tab mit dem ganzen Modell prüft sie alle auf einmal und verbessert das erste falsche.',
      sees: 'Der Tab, der prüft, erfährt die Frage und jedes Wort.',
    },
    cascade: {
      name: 'Kaskade',
      does: 'Wessen sich seine ersten Schichten sicher sind, das sagt dieser Tab selbst; nach dem Rest fragt er einen Tab mit dem ganzen Modell.',
      sees: 'Der gefragte Tab erfährt die Frage und jedes Wort bis dahin.',
    },
    split: {
      name: 'Geteilt',
      does: 'Das Modell wird in zwei Teile geschnitten: Die ersten Schichten bleiben hier, ein anderer Tab hat den Rest.',
      sees: 'Der andere Tab bekommt Zahlenreihen, aus denen sich Wörter erraten lassen, je früher der Schnitt, desto leichter. Einer, der bereitsteht, erfährt die Frage.',
    },
    'multi-access': {
      name: 'Mehrere Zugänge',
      does: 'Wie „Raten und prüfen“, aber mehrere Tabs prüfen: Jeder Entwurf geht an den, der am ehesten fertig ist. Ist einer spät oder wird geschlossen, macht ein anderer weiter.',
      sees: 'Jeder Tab, der prüft, erfährt die Frage und jedes Wort.',
    },
  },
  groups: {
    chosen: 'Für dich gewählt',
    itself: 'Für sich',
    together: 'Nebeneinander',
    edge: 'Gerät und Edge: ein schwacher Tab und ein starker',
    edges: 'Mehrere Edges: ein schwacher Tab, mehrere starke',
  },
  lossless: 'sagt genau, was ein Tab allein sagte',
  lossy: 'sagt vielleicht etwas anderes',
  weak: {
    judged: (layers, of) => `Dieser Tab hat ${layers} von ${of} Schichten, also rät er, und andere prüfen.`,
    shared: (layers, of) => `Dieser Tab hat ${layers} von ${of} Schichten, also haben andere den Rest.`,
    chosen: (layers, of) =>
      `Dieser Tab hat ${layers} von ${of} Schichten, also wählt er unter den Weisen, in denen andere prüfen oder den Rest haben.`,
    unable: (layers, of) =>
      `Dieser Tab hat ${layers} von ${of} Schichten: Wähle eine Weise, in der andere prüfen oder den Rest haben.`,
  },
  draft: 'So viel auf einmal raten',
  draftHint: 'auto: so viel, wie sich lohnt.',
  tiers: 'Wer prüft',
  tiersOf: {
    2: 'ein Tab mit dem ganzen Modell',
    3: 'dieser Tab, dann was die anderen gelernt haben: Gerät, Rand, Wolke',
  },
  risk: 'Von 100 behaltenen Tokens dürfen abweichen',
  riskHint: 'Je weniger, desto öfter wird der andere Tab gefragt.',
  exit: 'Erlaubter Zweifel, von 0 bis 1',
  exitHint: (usual) => `Je mehr, desto früher steigt er aus. auto: ${usual}.`,
  codec: 'Wie die Reihen reisen',
  codecs: {
    float32: 'genau: 4 Byte je Zahl',
    float16: 'als Halbe: 2 Byte',
    int8: 'als Bytes: 1 Byte',
  },
}
