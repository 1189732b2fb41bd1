/** German: being forgotten, and what certifies it, in the shape of `en-forgetting.ts`. */
import { count } from '../format'
import type { enForgetting } from './en-forgetting'

const L = 'de'
const number = (value: number, digits: number) => value.toLocaleString(L, { maximumFractionDigits: digits })

export const deForgetting: typeof enForgetting = {
  forgetting: {
    title: 'Vergessen werden',
    lead: (canUnlearn) =>
      canUnlearn
        ? 'Dieser Tab darf gehen und mitnehmen, was das Modell von ihm gelernt hat: Die anderen lernen noch einmal ohne ihn, etwa ein Viertel so lang.'
        : 'Dieser Raum führt kein Buch: Dieser Tab darf gehen, und von ihm wird nichts mehr gelernt, aber was gelernt ist, bleibt.',
    leave: 'Gehen und vergessen werden',
    sure: 'Ja, endgültig gehen',
    stay: 'Nein, bleiben',
    takeOut: (name) => `${name} vergessen`,
    sureOf: (name) => `Ja, ${name} herausnehmen und verlernen`,
    warning: 'Dieser Tab verlässt den Raum, und der Text, den er aufbewahrt hat, wird hier gelöscht.',
    text: 'Wörter des Textes, der vergessen werden soll',
    textHint: 'Jedes Beispiel, in dem sie stehen, verschwindet. Dieser Tab bleibt mit den übrigen.',
    forgetText: 'Diesen Text vergessen',
    waiting: 'Der Raum verlernt ihn jetzt. Lass diesen Tab offen, bis die Urkunde da ist.',
    waitsForRoom:
      'Dieser Tab hat darum gebeten, vergessen zu werden, und sagt es noch einmal, sobald der Koordinator da ist. Lass ihn offen, oder öffne ihn wieder, bis die Urkunde da ist.',
    certificates: 'Urkunden',
    certificatesLead: 'Was vergessen wurde und was daraus geworden ist.',
    save: 'Als Datei speichern',
    of: { everything: (device) => `${device}, alles`, text: (device) => `Ein Text von ${device}` },
    done: {
      replayed: (rounds, steps, retrainingSteps) =>
        `Der Lauf wurde noch einmal durchgegangen: ${count(rounds, L)} Mischungen, ${count(steps, L)} lokale Schritte statt der ${count(retrainingSteps, L)}, die neues Lernen brauchte.`,
      subtracted:
        'Exakt: Es war nur im letzten Mischen dabei, und das wurde ohne es wiederholt. Das Modell ist, Bit für Bit, das, das es nie hatte.',
      'never-merged': 'Nichts davon wurde je verrechnet.',
      'not-kept': 'Daraus wird nichts mehr gelernt. Was gelernt ist, bleibt: Dieser Raum führt kein Buch.',
    },
    forgotten: (isForgotten) => {
      if (isForgotten === null) return 'Ob eine Spur bleibt, ließ sich nicht messen.'
      return isForgotten
        ? 'Am Verlust ist nicht mehr zu erkennen, ob er gelesen wurde.'
        : 'Sein Verlust hebt sich noch von dem anderer Texte ab.'
    },
    loss: 'Verlust auf dem vergessenen Text',
    auc: 'Von anderen Texten zu unterscheiden (AUC, 0,5: Zufall)',
    kept: 'Verlust auf dem Zurückgelegten der anderen',
    change: (before, after) =>
      [before, after].map((value) => (value === null ? 'nicht gemessen' : number(value, 3))).join(' → '),
    version: (before, after) => `Version ${before} → ${after}`,
  },
}
