/** The page about the browser's warning in English and German, with what browsers write on their own buttons. */

export interface BrowserWords {
  readonly name: string
  /** The heading of its warning. */
  readonly warning: string
  /** What is pressed first. */
  readonly first: string
  /** What is pressed then; `host` stands where the browser names the address. */
  second(host: string): string
}

interface HelpWords {
  readonly title: string
  readonly heading: string
  readonly why: string
  readonly safe: string
  readonly todo: string
  readonly only: string
  step(first: string, then: string): string
  picture(browser: string, press: string): string
  onwards(address: string): string
  readonly other: string
  readonly browsers: readonly BrowserWords[]
}

const en: HelpWords = {
  title: 'Gossamer: about the warning',
  heading: 'Your browser will warn you. Here is why.',
  why: 'Gossamer runs on a computer in this room, not on the internet. Its certificate was made by that computer itself, so no outside authority vouches for it, and the browser says so.',
  safe: 'The connection is encrypted all the same. What protects the room is not this certificate but the secret in your invitation link: tabs check it with each other before they exchange anything.',
  todo: 'What to do',
  only: 'Only do this on a network whose people you know, and only for the address on the teacher’s screen.',
  step: (first, then) => `Press <em>${first}</em>, then <em>${then}</em>.`,
  picture: (browser, press) => `What ${browser} shows: press “${press}”.`,
  onwards: (address) => `Go on to ${address}`,
  other: 'Deutsch',
  browsers: [
    {
      name: 'Chrome, Edge',
      warning: 'Your connection is not private',
      first: 'Advanced',
      second: (host) => `Proceed to ${host} (unsafe)`,
    },
    {
      name: 'Firefox',
      warning: 'Warning: Potential Security Risk Ahead',
      first: 'Advanced…',
      second: () => 'Accept the Risk and Continue',
    },
    {
      name: 'Safari',
      warning: 'This Connection Is Not Private',
      first: 'Show Details',
      second: () => 'visit this website',
    },
  ],
}

const de: HelpWords = {
  title: 'Gossamer: zur Warnung',
  heading: 'Dein Browser wird dich warnen. Das ist der Grund.',
  why: 'Gossamer läuft auf einem Rechner in diesem Raum, nicht im Internet. Sein Zertifikat hat dieser Rechner selbst gemacht. Niemand von außen bürgt dafür, und das sagt der Browser.',
  safe: 'Verschlüsselt ist die Verbindung trotzdem. Den Raum schützt nicht dieses Zertifikat, sondern das Geheimnis in deinem Einladungslink: Die Tabs prüfen es untereinander, bevor sie irgendetwas austauschen.',
  todo: 'Was zu tun ist',
  only: 'Tu das nur in einem Netz, dessen Leute du kennst, und nur bei der Adresse, die vorne auf dem Bildschirm steht.',
  step: (first, then) => `Drücke <em>${first}</em>, dann <em>${then}</em>.`,
  picture: (browser, press) => `Was ${browser} zeigt: Drücke „${press}“.`,
  onwards: (address) => `Weiter zu ${address}`,
  other: 'English',
  browsers: [
    {
      name: 'Chrome, Edge',
      warning: 'Dies ist keine sichere Verbindung',
      first: 'Erweitert',
      second: (host) => `Weiter zu ${host} (unsicher)`,
    },
    {
      name: 'Firefox',
      warning: 'Warnung: Mögliches Sicherheitsrisiko erkannt',
      first: 'Erweitert…',
      second: () => 'Risiko akzeptieren und fortfahren',
    },
    {
      name: 'Safari',
      warning: 'Diese Verbindung ist nicht privat',
      first: 'Details einblenden',
      second: () => 'diese Website besuchen',
    },
  ],
}

export const helpWords = { en, de } as const
export type HelpLanguage = keyof typeof helpWords
