/** German: attacks to watch, in the shape of `en-attacks.ts`. */
import type { enAttacks } from './en-attacks'

const signed = {
  name: 'Unterschriften',
  says: 'Was nicht mit dem richtigen Schlüssel unterschrieben ist, zählt nicht.',
}
const masks = {
  name: 'Masken',
  says: 'Zu sehen ist nur die Summe der vier Geräte. Sie verrät immer noch, was ihr Mittel weiß.',
}
const noise = {
  name: 'Rauschen',
  says: 'Der Beitrag wird gekürzt und verrauscht, bevor er den Tab verlässt. Auch die anderen lernen dann weniger daraus.',
}
const ofPoison = {
  bound: {
    name: 'Längengrenze',
    says: 'Keine Änderung darf länger sein als das Doppelte der üblichen. Jeder Raum hat sie, wenn er nichts anderes sagt.',
  },
  rule: { name: 'Multi-Krum', says: 'Beiträge, die fern von den anderen liegen, zählen nicht ins Mittel.' },
}
const gainLost = 'des Gelernten gehen dem Raum verloren'

export const deAttacks: typeof enAttacks = {
  attacks: {
    link: 'Angriffe zum Zusehen',
    linkLead:
      'Ein Geheimnis aus einem Beitrag lesen, ein Modell vergiften, einen Namen fälschen; dann die Abwehr einschalten.',
    title: 'Angriffe zum Zusehen',
    lead: 'Jede Karte tut, was sie sagt, hier und jetzt, in diesem Tab: echtes Training eines kleinen Modells, der Code der Anwendung selbst, erfundene Texte. „Starten“ misst, wie weit der Angriff ohne Abwehr kommt und wie weit mit jeder, die eingeschaltet ist.',
    groups: { told: 'Was verraten wird', spoiled: 'Was verdorben wird', forged: 'Wer wer ist' },
    lesson: (name) => `Mit Kurven, im Labor: ${name}`,
    by: 'Wer angreift',
    stands: {
      device: 'ein Gerät des Raums',
      coordinator: 'wer leitet',
      listener: 'jemand, der liest, was gesendet wird',
      stranger: 'jemand Fremdes mit dem Link des Raums',
    },
    attack: 'Angriff',
    always: 'Sie steht in jedem Raum und lässt sich nur in dieser Simulation ausschalten.',
    run: 'Starten',
    stop: 'Anhalten',
    runOf: (title) => `Starten: ${title}`,
    stopOf: (title) => `Anhalten: ${title}`,
    preparing: 'Wird vorbereitet …',
    measuring: (arm) => `Wird gemessen: ${arm} …`,
    arms: { nobody: 'Kein Angriff', undefended: 'Angriff ohne Abwehr' },
    fell: (before, after, defence) => `${before} ohne Abwehr, ${after} mit der Abwehr „${defence}“.`,
    notRun: 'Noch ist nichts gemessen.',
    cards: {
      reading: {
        title: 'Fakten aus einem Beitrag lesen',
        does: 'Zählt den Beitrag eines Geräts zum Grundmodell, das alle haben, und fragt nach den Geheimnissen dieses Geräts.',
        number: 'der privaten Fakten eines Geräts werden richtig gesagt',
        defences: {
          masks,
          noise,
          both: {
            name: 'Masken und Rauschen',
            says: 'Nur die Summe ist zu sehen, und jedes Gerät gibt einen Teil des Rauschens dazu.',
          },
        },
      },
      membership: {
        title: 'Wurde aus diesem Text gelernt?',
        does: 'Vergleicht, wie viel wahrscheinlicher jeder Text geworden ist: Gelesenes fällt auf, auch wenn sich nichts abfragen lässt.',
        number:
          'wie gut sich gelesene Texte von anderen unterscheiden lassen (1: immer, 0,5: wie eine Münze)',
        defences: { masks, noise },
      },
      gradients: {
        title: 'Wörter aus einem Gradienten',
        does: 'Probiert an jeder Stelle jedes Wort des Vokabulars: Die im Raum des Gradienten liegen, sind der Satz.',
        number: 'der Wörter eines Satzes werden zurückgerechnet',
        defences: {
          together: {
            name: 'Acht Sätze je Schritt',
            says: 'Mehr Wörter, als der Adapter Ränge hat, teilen sich einen Gradienten.',
          },
          steps: {
            name: 'Zwanzig Schritte vor dem Senden',
            says: 'Gesendet wird kein Gradient, sondern was Adam aus zwanzig gemacht hat.',
          },
          noise: { name: 'Rauschen', says: 'Der Gradient wird gekürzt und verrauscht.' },
        },
      },
      rows: {
        title: 'Wörter aus einem geteilten Modell',
        does: 'Rechnet die unteren Schichten selbst und probiert Wort für Wort, was die Zahlenreihe ergibt, die herüberkam.',
        number: 'der Wörter werden wiedergefunden',
        defences: {
          deeper: {
            name: 'Ein tieferer Schnitt',
            says: 'Mehr Schichten bleiben auf dem Gerät. Das hilft nicht, wie man sieht.',
          },
          noise: {
            name: 'Rauschen auf den Reihen',
            says: 'Es braucht Rauschen, das dreimal so lang ist wie die Reihen, und dann redet das Modell Unsinn. Kein Raum bietet es an: Was privat bleiben muss, fragt man in der Betriebsart „allein“.',
          },
        },
      },
      signFlip: {
        title: 'Gift: rückwärts',
        does: 'Drei von zehn Geräten senden das Gelernte mit umgekehrtem Vorzeichen, dreimal so lang.',
        number: gainLost,
        defences: ofPoison,
      },
      scaling: {
        title: 'Gift: viel zu laut',
        does: 'Drei von zehn Geräten senden das Gelernte zehnmal so lang.',
        number: gainLost,
        defences: ofPoison,
      },
      labelFlip: {
        title: 'Gift: falsche Texte',
        does: 'Drei von zehn Geräten lernen ganz ehrlich aus Texten, deren Wörter verkehrt herum stehen.',
        number: gainLost,
        defences: ofPoison,
      },
      backdoor: {
        title: 'Gift: ein versteckter Satz',
        does: 'Drei von zehn Geräten bringen dem Modell auch eine Antwort auf einen geheimen Satz bei. Alles andere bleibt so gut wie zuvor.',
        number: 'der Male, die der Satz fällt, gehorcht das Modell',
        defences: ofPoison,
      },
      orders: {
        title: 'Eine lügende Leitung',
        does: 'Spricht im Namen der Leitung: für jedes Gerät ein anderes Modell, tausend Schritte, jemand ausgesperrt.',
        number: 'der gefälschten Briefe werden befolgt',
        defences: { signed },
      },
      sybil: {
        title: 'Eine Person, viele Tabs',
        does: 'Öffnet drei Tabs neben vier ehrlichen Geräten und behauptet in jedem tausend Beispiele.',
        number: 'der Zusammenführung gehören dieser einen Person',
        defences: {
          claims: {
            name: 'Begrenzte Angaben',
            says: 'Eine Angabe zählt nicht mehr als der Median aller Angaben.',
          },
          lock: {
            name: 'Geschlossener Raum',
            says: 'Niemand kommt herein, der nicht schon da war, als er geschlossen wurde.',
          },
        },
      },
      spoofing: {
        title: 'Ein fremder Name',
        does: 'Klopft unter dem Namen eines Geräts an, das im Raum ist, mit dessen öffentlichem Schlüssel und einer alten Unterschrift.',
        number: 'der Versuche kommen unter diesem Namen herein',
        defences: {
          signed: {
            ...signed,
            says: 'Ein Name ist die Prüfsumme eines Schlüssels, und wer eintritt, unterschreibt damit.',
          },
        },
      },
    },
    costs: {
      title: 'Was Privatheit kostet',
      lead: 'Ein Raum mit vier Geräten, drei Runden: dieselben Texte und Schritte, mit und ohne.',
      table: 'Was jeder Raum kostet',
      columns: {
        what: 'Was gesendet wird',
        bytes: 'Bytes',
        roomSeconds: 'Virtuelle Zeit',
        computingSeconds: 'Gerechnet in',
        loss: 'Verlust',
        epsilon: 'ε',
      },
      rows: { plain: 'Wie es ist', masks: 'Unter Masken', noise: 'Unter Rauschen', both: 'Unter beidem' },
      measuring: (what) => `Ein Raum läuft: ${what} …`,
      base: (loss) => `Bevor etwas gelernt war, lag der Verlust bei ${loss}.`,
    },
  },
}
