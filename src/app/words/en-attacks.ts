/** English: attacks to watch. `de-attacks.ts` has the same shape. Of a card, `number` says what its number is. */
import type { AttackName } from '../../lab/attacks/attack'

interface DefenceWords {
  readonly name: string
  readonly says: string
}

interface CardWords {
  readonly title: string
  readonly does: string
  readonly number: string
  readonly defences: Readonly<Record<string, DefenceWords>>
}

const signed: DefenceWords = {
  name: 'Signatures',
  says: 'What does not carry the right key’s signature counts for nothing.',
}
const masks: DefenceWords = {
  name: 'Masks',
  says: 'Only the sum of the four devices can be seen. It still tells what their mean knows.',
}
const noise: DefenceWords = {
  name: 'Noise',
  says: 'The update is shortened and hidden under noise before it leaves. The others learn less from it, too.',
}
const ofPoison = {
  bound: {
    name: 'Norm bound',
    says: 'No change may be longer than twice the usual one. Every room has it unless it says otherwise.',
  },
  rule: { name: 'Multi-Krum', says: 'Updates that are far from the others are left out of the mean.' },
}
const gainLost = 'of what the room learned is lost'

const cards: Readonly<Record<AttackName, CardWords>> = {
  reading: {
    title: 'Reading facts from one update',
    does: 'Adds one device’s update to the base model, which everybody has, and asks it about that device’s secrets.',
    number: 'of a device’s private facts are said right',
    defences: {
      masks,
      noise,
      both: {
        name: 'Masks and noise',
        says: 'Only the sum is seen, and each device adds a share of the noise.',
      },
    },
  },
  membership: {
    title: 'Was this text learned from?',
    does: 'Compares how much likelier each text has become: what was read stands out, even where nothing can be recalled.',
    number: 'how well texts that were read are told from others (1: always, 0.5: a coin)',
    defences: { masks, noise },
  },
  gradients: {
    title: 'Words out of a gradient',
    does: 'Tries every word of the vocabulary at every place: those that lie in the space of the gradient are the sentence.',
    number: 'of a sentence’s words are computed back',
    defences: {
      together: {
        name: 'Eight sentences a step',
        says: 'More words than the adapter has ranks share one gradient.',
      },
      steps: {
        name: 'Twenty steps before sending',
        says: 'No gradient is sent, but what Adam made of twenty.',
      },
      noise: { name: 'Noise', says: 'The gradient is shortened and hidden under noise.' },
    },
  },
  rows: {
    title: 'Words out of a split model',
    does: 'Runs the lower layers itself, and tries word by word what gives the row of numbers that came over.',
    number: 'of the words are found again',
    defences: {
      deeper: {
        name: 'A deeper cut',
        says: 'More layers stay on the device. It does not help: see for yourself.',
      },
      noise: {
        name: 'Noise on the rows',
        says: 'It takes noise three times as long as the rows, and then the model speaks nonsense. No room offers it: what must stay private is asked in mode alone.',
      },
    },
  },
  signFlip: {
    title: 'Poison: backwards',
    does: 'Three of ten devices send what they learned with the opposite sign, three times as long.',
    number: gainLost,
    defences: ofPoison,
  },
  scaling: {
    title: 'Poison: far too loud',
    does: 'Three of ten devices send what they learned ten times as long.',
    number: gainLost,
    defences: ofPoison,
  },
  labelFlip: {
    title: 'Poison: wrong texts',
    does: 'Three of ten devices learn, quite honestly, from texts whose words stand in the wrong order.',
    number: gainLost,
    defences: ofPoison,
  },
  backdoor: {
    title: 'Poison: a hidden phrase',
    does: 'Three of ten devices also teach the model an answer to a secret phrase. All else stays as good as it was.',
    number: 'of the times that the phrase is said, the model obeys it',
    defences: ofPoison,
  },
  orders: {
    title: 'A lying coordinator',
    does: 'Speaks in the coordinator’s name: another model for each device, a thousand steps, somebody shut out.',
    number: 'of the forged letters are acted on',
    defences: { signed },
  },
  sybil: {
    title: 'One person, many tabs',
    does: 'Opens three tabs beside four honest devices, and claims a thousand examples in each.',
    number: 'of the merge is this one person’s',
    defences: {
      claims: { name: 'Bounded claims', says: 'A claim counts for no more than the median of all.' },
      lock: { name: 'Locked room', says: 'Nobody comes in who was not there when it was locked.' },
    },
  },
  spoofing: {
    title: 'A name that is another’s',
    does: 'Knocks under the name of a device that is in the room, with its public key and what it once signed.',
    number: 'of the tries get in under that name',
    defences: { signed: { ...signed, says: 'A name is the hash of a key, and who comes in signs with it.' } },
  },
}

export const enAttacks = {
  attacks: {
    link: 'Attacks to watch',
    linkLead: 'Read a secret from an update, poison a model, forge a name; then switch the defence on.',
    title: 'Attacks to watch',
    lead: 'Each card does what it says, here and now, in this tab: real training of a small model, the engine’s own code, texts that are made up. Run measures how far the attack gets without a defence, and with each that is switched on.',
    groups: { told: 'What is told', spoiled: 'What is spoiled', forged: 'Who is who' },
    lesson: (name: string) => `With curves, in the Lab: ${name}`,
    by: 'Who attacks',
    stands: {
      device: 'a device of the room',
      coordinator: 'whoever coordinates',
      listener: 'somebody who reads what is sent',
      stranger: 'a stranger who has the room’s link',
    },
    attack: 'Attack',
    always: 'It stands in every room, and can be switched off in this simulation only.',
    run: 'Run',
    stop: 'Stop',
    runOf: (title: string) => `Run: ${title}`,
    stopOf: (title: string) => `Stop: ${title}`,
    preparing: 'Getting ready …',
    measuring: (arm: string) => `Measuring: ${arm} …`,
    arms: { nobody: 'No attack', undefended: 'Attack, no defence' },
    fell: (before: string, after: string, defence: string) =>
      `${before} without a defence, ${after} with ${defence}.`,
    notRun: 'Nothing has been measured yet.',
    cards,
    costs: {
      title: 'What privacy costs',
      lead: 'A room of four, three rounds: the same texts and steps, with and without.',
      table: 'What each room costs',
      columns: {
        what: 'What is sent',
        bytes: 'Bytes',
        roomSeconds: 'Virtual time',
        computingSeconds: 'Computed in',
        loss: 'Held-out loss',
        epsilon: 'ε',
      },
      rows: { plain: 'As it is', masks: 'Under masks', noise: 'Under noise', both: 'Under both' },
      measuring: (what: string) => `Running a room: ${what} …`,
      base: (loss: string) => `Before anything was learned the loss was ${loss}.`,
    },
  },
}
