/** German: what noise hides, and how much was told of a text, in the shape of `en-privacy.ts`. */

import { decimal, writtenFor } from '../format'
import type { enPrivacy } from './en-privacy'

const L = 'de'

export const dePrivacy: typeof enPrivacy = {
  privacy: {
    title: 'Privatheit',
    device:
      'Was einen Tab verlässt, wird gekürzt und unter Rauschen versteckt. Geschützt ist der ganze Text eines Tabs, nicht nur ein Satz: Aus dem, was er sendet, kann niemand sicher sagen, ob er überhaupt aus diesem Text gelernt hat.',
    example:
      'Jede Zeile des Textes wird in jedem Schritt unter Rauschen versteckt. Geschützt ist eine Zeile, nicht der ganze Text eines Tabs: Was seine Zeilen gemeinsam haben, lässt sich lernen.',
    epsilon: (epsilon) => `ε ${decimal(epsilon, 2, L)}`,
    noGuarantee: 'Keine Garantie',
    withoutNoise: 'Änderungen werden gekürzt, aber nicht verrauscht: Das allein verspricht nichts.',
    own: 'So viel wurde von diesem Text verraten.',
    most: 'So viel wurde von dem Text verraten, von dem am meisten verraten wurde.',
    beside: (delta, updates) =>
      `Mit δ = ${writtenFor(String(delta), L)}, nach ${updates === 1 ? '1 Beitrag' : `${updates} Beiträgen`} des Textes, in diesem Raum und anderen.`,
    budget: (budget) => `Das Training an einem Text endet vor ε ${decimal(budget, 2, L)}.`,
    counted: 'Es ist kein Budget gesetzt: Es wird gezählt, und das Training geht weiter.',
    replaced: (epsilon) =>
      `ε ${decimal(epsilon, 2, L)}, wo jemand fragt, aus welchem von zwei Texten ein Tab gelernt hat.`,
    shown: (epsilon) => `Ein Angriff zeigt ε ≥ ${decimal(epsilon, 2, L)}`,
    shownNothing: 'Ein Angriff zeigt nichts',
    audited: (pieces, most, updates) =>
      `Dieser Tab greift ${updates === 1 ? 'seinen eigenen Beitrag' : `seine ${updates} Beiträge`} an: Er versucht, ${pieces} Stücke seines Textes zu unterscheiden, von denen die Hälfte gelernt wurde. Was er zeigt, ist eine untere Schranke und muss unter der Angabe bleiben; so wenige Stücke könnten höchstens ε ${decimal(most, 2, L)} zeigen.`,
    told: (auc) => `Unterschieden: ${decimal(auc, 2, L)} (0,5: wie eine Münze, 1: immer).`,
    spent: 'Das Budget ist verbraucht: Hier wird nichts mehr gelernt.',
    chance:
      'Das Rauschen kommt aus Zufall, den niemand erraten kann, nicht aus dem Startwert: So ein Lauf wiederholt sich nicht.',
  },
}
