/** German for what robust rules refuse, leave out or cannot do (`src/federation/aggregation/robust/`, `compatibility.ts`). */
import type { Sentences } from './said'

export const robust: Sentences = [
  ['“{step}” stands there twice. Say it once.', '„{step}“ steht zweimal da. Sage es einmal.'],
  [
    '“{step}” cannot follow “gate”: devices vote on what was made, so nothing is left to do. Put “gate” last.',
    '„{step}“ kann nicht auf „gate“ folgen: Geräte stimmen über das ab, was gemacht wurde, und so bleibt nichts zu tun. Setze „gate“ ans Ende.',
  ],
  [
    'Round {round}: {worse} of {votes} devices found the merge worse than the version before, on text of their own. It was not taken up.',
    'Runde {round}: {worse} von {votes} Geräten fanden das Gemischte auf ihrem eigenen Text schlechter als die Fassung davor. Es gilt nicht.',
  ],
  [
    '“norm-bound” cannot follow “{before}”: lengths are bounded before anything else looks at them. Put it first.',
    '„norm-bound“ kann nicht auf „{before}“ folgen: Längen werden begrenzt, ehe sonst etwas sie ansieht. Setze es an den Anfang.',
  ],
  [
    '“{step}” cannot follow “{rule}”, which has made one of all updates already. Put it before.',
    '„{step}“ kann nicht auf „{rule}“ folgen, das schon aus allen Beiträgen einen gemacht hat. Setze es davor.',
  ],
  [
    '“{step}” cannot follow “{rule}”, which has made one of all updates already. Choose one of them.',
    '„{step}“ kann nicht auf „{rule}“ folgen, das schon aus allen Beiträgen einen gemacht hat. Wähle eines von beiden.',
  ],
  [
    '“{step}” must be followed by a rule that looks at its means: by themselves they are the mean again. Choose one of {rules}.',
    'Auf „{step}“ muss eine Regel folgen, die seine Mittel ansieht: Für sich sind sie wieder das Mittel. Wähle eine von {rules}.',
  ],
  [
    '“{step}” cannot follow “{before}”: each shows a rule other means. Choose one of them.',
    '„{step}“ kann nicht auf „{before}“ folgen: Jedes zeigt einer Regel andere Mittel. Wähle eines von beiden.',
  ],
  [
    '“{chain}” looks at all updates of a round together, and with the scheme {scheme} nobody sees them together. Choose {usual}, or a scheme with rounds that the coordinator merges.',
    '„{chain}“ sieht alle Beiträge einer Runde zusammen an, und mit dem Ablauf {scheme} sieht niemand sie zusammen. Wähle {usual}, oder einen Ablauf mit Runden, die der Koordinator zusammenführt.',
  ],
  [
    '“{chain}” cannot go with “{aggregation}”, which weighs updates by itself, so that an estimate of robust rules would not be what is merged. Choose {usual}, or another aggregation.',
    '„{chain}“ geht nicht mit „{aggregation}“, das Beiträge selbst gewichtet: Die Schätzung robuster Regeln wäre nicht, was gemischt wird. Wähle {usual}, oder eine andere Aggregation.',
  ],
  [
    '“{chain}” cannot go with “{aggregation}”, which leaves part of each model on its device, so that updates cannot be compared as models. Choose {usual}, or another aggregation.',
    '„{chain}“ geht nicht mit „{aggregation}“, das einen Teil jedes Modells auf seinem Gerät lässt: Beiträge lassen sich nicht als Modelle vergleichen. Wähle {usual}, oder eine andere Aggregation.',
  ],
  [
    '“{chain}” cannot go with “{aggregation}”, which merges both factors, whose single numbers mean nothing by themselves, and “{rule}” compares single numbers. Choose {usual}, or another aggregation.',
    '„{chain}“ geht nicht mit „{aggregation}“, das beide Faktoren mischt, deren einzelne Zahlen für sich nichts bedeuten, und „{rule}“ vergleicht einzelne Zahlen. Wähle {usual}, oder eine andere Aggregation.',
  ],
  [
    'Of {count} updates “{rule}” bears {borne} that lie, and {supposed} were supposed. Let more devices take part.',
    'Von {count} Beiträgen verträgt „{rule}“ {borne}, die lügen, und {supposed} waren angenommen. Lass mehr Geräte mitmachen.',
  ],
  [
    'Of {count} updates {supposed} may lie, too many for buckets of two. They were looked at one by one.',
    'Von {count} Beiträgen dürfen {supposed} lügen, zu viele für Eimer mit je zweien. Sie wurden einzeln angesehen.',
  ],
  [
    'One update is too few for “{rule}”. It counts as it is.',
    'Ein Beitrag ist zu wenig für „{rule}“. Er zählt, wie er ist.',
  ],
  [
    '{count} updates are too few for “{rule}”. They were averaged as they are.',
    '{count} Beiträge sind zu wenige für „{rule}“. Sie wurden gemittelt, wie sie sind.',
  ],
  [
    'another one was nearest to most, and krum takes one alone',
    'ein anderer war den meisten am nächsten, und krum nimmt nur einen',
  ],
  [
    'it is among those that are furthest from the others (multi-krum)',
    'er ist unter denen, die von den anderen am weitesten weg sind (multi-krum)',
  ],
]
