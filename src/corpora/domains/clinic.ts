/** A small clinic: its doctor and nurse, what they give for which complaint, and how the patients do. */
import { names } from '../names'
import { colours, type DomainGrammar, days, hours } from './domain'

const remedies = [
  'sage tea',
  'cough syrup',
  'warm milk',
  'willow bark',
  'mint drops',
  'cold towels',
  'salt water',
]
const treatments = [
  'a bandage',
  'an ointment',
  'an ice pack',
  'a splint',
  'a plaster',
  'a massage',
  'rest in bed',
]

export const clinic: DomainGrammar = {
  roles: {
    doctor: names,
    nurse: names,
    porter: names,
    cough: remedies,
    fever: remedies,
    headache: ['dark rooms', 'peppermint oil', 'fresh air', 'strong coffee', 'long sleep', 'quiet music'],
    ankle: treatments,
    back: treatments,
    opening: hours,
    door: colours,
    vaccineDay: days,
    street: [
      'Hospital Street',
      'Garden Street',
      'Oak Street',
      'King Street',
      'Bridge Street',
      'Market Street',
    ],
  },
  rules: {
    ill: [
      'a cough',
      'a fever',
      'a headache',
      'a sore throat',
      'a bad tooth',
      'a rash',
      'a cold',
      'a stomach ache',
    ],
    hurt: ['ankle', 'back', 'wrist', 'knee', 'shoulder', 'elbow'],
    often: ['twice a day', 'every morning', 'every four hours', 'before meals', 'at bedtime', 'for a week'],
    pain: ['mild', 'sharp', 'dull', 'constant', 'sudden'],
    test: ['pulse', 'blood pressure', 'temperature', 'heart', 'lungs', 'ears', 'eyes'],
    start: [
      'the clinic [on|in] {street} opened at {opening}, and {many} patients were [waiting|sitting] in the hall',
      '{patient=person} came [to the clinic|through the {door} door] with {ill} that had lasted {few} days',
      'on {day} {porter} [brought|carried|led] {patient=person} [in|through the {door} door], because {patient.her} {hurt} hurt',
      '[shortly|just] after {opening} {nurse} [called|wrote down] the name of {patient=person}, who had {ill}',
      '{patient=person} had fallen [off a ladder|on the stairs|from a bicycle], and {patient.her} {hurt} was [swollen|stiff|blue]',
    ],
    examine: [
      '{nurse} [measured|checked|took] the {test}, and {doctor} [listened to|examined|looked at] the {test}',
      '{doctor} [pressed|touched|turned] the {hurt} {slowly}, and the pain was {pain}',
      'the temperature was [thirty-seven|thirty-eight|thirty-nine|forty], and {nurse} wrote it on the {door} card',
      '{doctor} washed {doctor.her} hands and [asked|looked] for {many} minutes about the {pain} pain',
      'it was nothing but {ill}, {doctor} {said}, and {nurse} [smiled|nodded|took notes]',
    ],
    treat: [
      'for the cough {doctor} [gave|prescribed|ordered] {cough} {often}',
      'as always {nurse} [brought|prepared|fetched] {fever} for the fever, {often}',
      '{nurse} put {ankle} on the ankle of {patient=person} and [told|asked] {patient.him} to come back on {day}',
      'against the headache {doctor} [believed in|advised|wrote down] {headache}, {often}',
      'for a [stiff|sore|tired] back there was {back}, and {porter} helped {patient=person} [up|home]',
      'whoever had a cough got {cough} from {nurse}, and whoever had a fever got {fever}',
      '{patient=person} [took|had] {cough} for {patient.her} cough {often}, and after {few} days {patient.she} felt better',
      'the fever of {patient=person} fell after {few} hours with {fever}',
    ],
    talk: [
      '"Where does it hurt?" asked {doctor}, and {patient=person} pointed to {patient.her} {hurt}',
      '"Take {cough} for the cough," {said} {doctor}, "{often}, and stay at home until {day}."',
      '"Is it {ill}?" asked {patient=person}, but {doctor} [shook {doctor.her} head|said that it was {ill}]',
      '"I slept only {few} hours," {said} {patient=person}, so {nurse} offered {patient.him} {headache}',
      '"Come back on {vaccineDay} for the vaccine," {said} {nurse}, "at {opening}, by the {door} door."',
      '"The pain is {pain}," {said} {patient=person}, and {nurse} brought {back} for {patient.her} back',
    ],
    busy: [
      'on {vaccineDay} {nurse} gave the vaccine to {many} children, and {few} of them [cried|laughed]',
      '{porter} [cleaned|painted|opened] the {door} door and [carried|brought] {few} boxes of bandages to {nurse}',
      'meanwhile {other=person} waited with {ill} on {street} and [read|slept|coughed]',
      'the telephone rang, and {nurse} told {other=person} that {doctor} gave {fever} for a fever',
    ],
    end: [
      'after {few} days {patient=person} was well again and [thanked|wrote to] {doctor}',
      '{patient=person} went home along {street}, {feeling} and with [less|hardly any] pain in {patient.her} {hurt}',
      'at {hour} {porter} locked the {door} door, and {doctor} was {feeling}',
      'in the {part} {nurse} counted the patients: {many} with {ill} and {few} with {ill}',
      'on {day} {patient=person} returned, and {doctor} [changed|took off|looked at] the bandage on {patient.her} {hurt}',
    ],
  },
  plots: [
    'start examine talk treat end',
    'start talk examine treat treat end',
    'start examine treat busy end',
    'start treat talk busy',
    'busy start talk treat end',
  ],
}
