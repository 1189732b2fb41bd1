/** German: the Reason screen. */
import { count, decimal } from '../format'
import { deModes } from './de-modes'
import type { enReason } from './en-reason'

const L = 'de'
const milliseconds = (ms: number) => `${ms < 9.95 ? decimal(ms, 1, L) : count(ms, L)} ms`
const seconds = (ms: number) =>
  ms < 99.5 ? milliseconds(ms) : `${decimal(ms / 1000, ms < 995 ? 2 : 1, L)} s`
const tokensOf = (n: number) => (n === 1 ? '1 Token' : `${count(n, L)} Tokens`)
const times = (n: number) => (n > 1 ? ` (${count(n, L)}-mal)` : '')

export const deReason: typeof enReason = {
  screens: {
    label: 'Ansichten',
    room: 'Föderation',
    reason: 'Denken',
    proof: 'Beweis',
    answering: 'eine Antwort ist unterwegs',
    proving: 'ein Beweis ist unterwegs',
  },
  reason: {
    title: 'Gemeinsam denken',
    lead: 'Frag einmal und lass die Tabs dieses Raums antworten: einen allein oder mehrere, die sich die Arbeit teilen. Schließ einen mitten im Satz, und die anderen bringen ihn zu Ende.',
    ask: 'Frage',
    asking: 'Antwortet …',
    stop: 'Anhalten',
    hint: 'Enter fragt, Escape hält an.',
    how: 'Wer antwortet',
    cannot: 'Jetzt nicht:',
    ...deModes,
    fine: 'Länge, Temperatur, Startwert',
    fineMore: 'Länge, Temperatur, Startwert und mehr',
    tokens: 'Höchstens so viele Tokens',
    temperature: 'Temperatur',
    temperatureHint: '0: immer das wahrscheinlichste.',
    seed: 'Startwert',
    keptDraft: (layers, room) =>
      `Dieser Tab rät mit dem, was Raum ${room} dafür trainiert hat, ${layers === 1 ? 'auf der ersten Schicht allein' : `auf den ersten ${count(layers, L)} Schichten allein`}. Das ändert, wie oft Vermutungen stimmen, nicht, wie die anderen urteilen.`,

    answer: 'Antwort',
    empty: 'Hier erscheint die Antwort, jedes Wort in der Farbe des Tabs, der es gesagt hat.',
    waiting: 'Die Tabs machen sich bereit …',
    comparing:
      'Zuerst wird an Text, aus dem niemand gelernt hat, gezählt, wie oft die Wörter dieses Tabs die des ganzen Modells sind …',
    nothing: 'Der Text war sofort zu Ende.',
    byToken: 'Die Antwort, Token für Token',
    point: 'Zeig auf ein Wort, oder geh mit den Pfeiltasten weiter, um zu sehen, wer es gesagt hat.',
    pointSeveral:
      'Jedes Wort ging durch alle Tabs, deren Farben darunter liegen. Zeig auf eines, oder geh mit den Pfeiltasten weiter.',
    token: (place, piece, name) => `Token ${place}, „${piece}“: ${name}`,
    gap: (gap) => `Vorsprung vor dem nächsten: ${decimal(gap, 2, L)}`,
    gain: (name, nats) => `${name} ${nats < 0 ? '−' : '+'}${decimal(Math.abs(nats), 1, L)}`,
    gains: (all) => `Blicke, in Nats: ${all}`,
    refused: (piece, name) => `${name} hatte „${piece}“ geraten`,
    instead: (piece) => `statt „${piece}“`,
    who: 'Wer es gesagt hat',
    said: (name, tokens) => `${name}: ${tokensOf(tokens)}`,
    unknown: 'ein Tab, den es nicht mehr gibt',
    you: (name) => `${name} (dieser Tab)`,
    takenOver:
      'Dieser Text gehört einem anderen Tab. Den gibt es nicht mehr; dieser hier hat seine Wörter und seinen Startwert und bringt den Satz zu Ende.',
    done: (text) => `Antwort: ${text}`,
    hash: 'Prüfsumme der Tokens',
    hashLead: 'Gleich in jedem Lauf, der dasselbe sagt.',
    copyHash: 'Kopieren',
    copied: 'Prüfsumme kopiert',

    crew: 'Die Tabs',
    layersLead:
      'Welcher Tab welche Schichten des Modells hat. Links gehen Wörter hinein, rechts kommen sie heraus.',
    judgesLead: 'Wer mit welchen Schichten des Modells rät, und wer mit allen prüft.',
    weightsLead: 'Wie viel jeder Tab zählt, Token für Token.',
    viewsLead: 'Wer etwas Eigenes sieht. Jedes Wort steht in der Farbe des Tabs, dessen Blick dafür sprach.',
    crewLead: 'Alle in diesem Raum, bereit, sich die Arbeit zu teilen.',
    map: 'Schichten und die Tabs, bei denen sie liegen',
    layers: (from, to) => (to - from === 1 ? `Schicht ${from + 1}` : `Schichten ${from + 1} bis ${to}`),
    allLayers: 'alle Schichten',
    asks: 'fragt',
    device: 'Gerät',
    edge: 'Edge',
    guesses: (layers) => `rät mit ${layers}`,
    judges: 'prüft mit allen Schichten',
    leavesEarly: 'alle Schichten, oder nur die ersten, wo sie sicher sind',
    sees: 'sieht etwas Eigenes',
    didNotAnswer: 'sieht etwas, hat nicht geantwortet',
    free: 'frei',
    gone: 'weg',
    weight: (share) => `zählt ${share}`,
    silent: (share) => `zählt ${share}, nicht gefragt`,
    close: 'Tab schließen',
    closeNamed: (name) => `Tab schließen: ${name}`,
    weightsPicture: 'Gewichte der Tabs über die Tokens der Antwort',
    place: 'Token',
    table: 'Die Gewichte als Tabelle',

    figures: 'Was es kostet',
    speed: 'Tempo',
    perSecond: 'Tokens/s',
    perToken: 'Ein Token braucht',
    split: 'Wohin die Zeit eines Tokens geht',
    computing: 'rechnen',
    travelling: 'unterwegs',
    gathering: 'die anderen finden',
    rest: 'wählen, zurücklesen, zeigen',
    milliseconds,
    bytesPerToken: 'Bytes je Token',
    bytesPerHop: (bytes, hops) => (hops === 1 ? `${bytes} je Etappe` : `${bytes} je Etappe, ${hops} Etappen`),
    noBytes: 'nichts verlässt diesen Tab',
    perRound: 'Tokens je Runde',
    accepted: 'Angenommene Tipps',
    offload: 'Nachgefragte Tokens',
    saved: 'Gesparte Schichten',
    hedges: 'Ein zweiter Edge gefragt',
    handovers: 'Übergaben',
    often: (n) => (n === 1 ? 'einmal' : n === 0 ? 'nie' : `${count(n, L)}-mal`),
    kept: (sure, most, compared) =>
      `Mit ${sure} Sicherheit sind höchstens ${decimal(most, 1, L)} von 100 hier behaltenen Tokens nicht die des ganzen Modells, an ${count(compared, L)} Tokens von Text wie kurzen Geschichten und Fakten in einfachem Englisch, aus denen niemand gelernt hat.`,
    keptNothing: (sure, compared) =>
      `An ${count(compared, L)} Tokens von Text wie kurzen Geschichten und Fakten in einfachem Englisch war kein Tipp sicher genug für das Risiko, das du erlaubst, bei ${sure} Sicherheit.`,
    keptUncounted:
      'Wie oft ein hier behaltenes Token nicht das des ganzen Modells ist, wurde nicht gezählt: Die Schwelle war vorgegeben.',
    wire: 'Auf der Leitung, nach Tab und Art',
    wireWith: (name) => `Auf der Leitung mit ${name}`,
    sent: 'Gesendet',
    received: 'Empfangen',
    kinds: {
      pass: 'Reihen für seine Schichten',
      passed: 'Reihen aus seinen Schichten',
      tokens: 'Tokens für seine Meinung',
      masses: 'seine wahrscheinlichsten Tokens',
      draft: 'Text und Tipps',
      verdict: 'Urteile',
      choices: 'seine Wahl, zum Vergleich',
      need: 'fragt nach dem Text',
      refused: 'Absagen',
      adapter: 'was er gelernt hat, geliehen',
    },
    recovery: 'Verloren, bemerkt, ersetzt',
    noLoss: 'niemand ging verloren',
    lossAndRecovery: (detectedMs, replacedMs) => `${seconds(detectedMs)} + ${seconds(replacedMs)}`,
    lossOnly: (detectedMs) => `${seconds(detectedMs)} …`,

    events: 'Was geschah',
    noEvents: 'Bisher nichts Besonderes.',
    at: (tokens) => (tokens === 0 ? 'vor dem ersten Token' : `nach ${tokensOf(tokens)}`),
    lost: (name, detectedMs) =>
      `${name} ging verloren, bemerkt nach ${seconds(detectedMs)}. Andere übernehmen.`,
    recovered: (name, detectedMs, replacedMs, tokens) =>
      `${name} ging verloren, bemerkt nach ${seconds(detectedMs)}, ersetzt in ${seconds(replacedMs)}, ${tokensOf(tokens)} noch einmal gelesen.`,
    checked: (name, by, n) => `${by} hat die Reihen von ${name} nachgerechnet: Sie stimmen${times(n)}.`,
    liar: (name) => `${name} lieferte, was nicht stimmen kann, und bleibt außen vor.`,
    handover: (from, to, n) => `Von hier an prüft ${to}, nicht ${from}${times(n)}.`,
    unseen: (name) => `Was ${name} sieht, zählt nicht mehr: Der Tab ist außer Reichweite.`,
    chose: (way, why) => `${way}: ${why}`,
    changed: (way, before, why) => `Von hier an ${way}, nicht ${before}: ${why}`,
    contradiction: (one, its, other, word, chosen) =>
      `${one} und ${other} widersprechen sich: Was ${one} sieht, spricht für „${its}“, was ${other} sieht, für „${word}“. Alle Blicke zusammen sagen „${chosen}“.`,
    keeps: (doubt) =>
      `Dieser Tab behält, woran er weniger als ${decimal(doubt, 2, L)} zweifelt, und fragt nach dem Rest.`,
    keepsAll: 'Dieser Tab darf alles behalten, was er sagt: Nichts muss gefragt werden.',
    asksAll: 'Dieser Tab fragt nach jedem Token.',
    shipped: (bytes, masses, areAdaptersCheaper) =>
      `Die Adapter auszuleihen kostete ${bytes}; stattdessen für jedes Token zu fragen würde ${masses} kosten. Für diese Antwort ist ${
        areAdaptersCheaper ? 'Ausleihen' : 'Fragen'
      } billiger; je länger die Antworten, desto mehr lohnt sich Ausleihen.`,

    sight: 'Was nur dieser Tab sieht',
    sightLead:
      'Andere dürfen diesen Tab danach fragen, mit „Viele Blicke“. Was du schreibst, bleibt hier; sie erfahren die wahrscheinlichsten nächsten Wörter einer Antwort, aus denen sich manches davon erraten lässt.',
    sightText: 'In Worten',
    sightMost: (most) => `Höchstens ${count(most, L)} Tokens, ein Wort hat eins oder zwei.`,
    sightKeep: 'Diesen Tab das sehen lassen',
    sightForget: 'Vergessen',
    sightKept: (tokens) =>
      tokens === null ? 'Dieser Tab sieht es.' : `Dieser Tab sieht es: ${tokensOf(tokens)}.`,
    sightNone: 'Dieser Tab sieht noch nichts Eigenes.',

    consent: 'Was du anderen erlaubst',
    offer: 'Andere dürfen fragen, was dieser Tab gelernt hat',
    offerLead:
      'Sie sehen die wahrscheinlichsten nächsten Wörter dessen, was dieser Tab allein gelernt hat, oder leihen seinen Adapter; deinen Text sehen sie nie. Was sie fragen, erfährt dieser Tab.',
    noOwn:
      'Dieser Tab hat allein noch nichts gelernt. Das tut er in Runden, in denen „Jedes Gerät lernt auch allein“ an ist.',
    coordinatorOwn:
      'Der Tab des Koordinators lernt selbst nichts, also gibt es nichts, was andere fragen könnten.',
    served: 'Wer diesen Tab gefragt hat',
    servedTokens: (name, tokens) => `${name}: ${tokensOf(tokens)}`,
    servedNobody: 'Noch hat niemand diesen Tab etwas gefragt.',
  },
}
