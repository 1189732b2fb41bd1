/** English: the first pages and what all pages share. `de.ts` has the same shape, so a missing key does not compile. */
import { bytesIn, change, count, durationIn, percent, writtenFor } from '../format'
import { enAttacks } from './en-attacks'
import { enDeparted } from './en-departed'
import { enForgetting } from './en-forgetting'
import { enGuide } from './en-guide'
import { enLab } from './en-lab'
import { enOwn } from './en-own'
import { enParameters } from './en-parameters'
import { enPictures } from './en-pictures'
import { enPrivacy } from './en-privacy'
import { enProof } from './en-proof'
import { enReason } from './en-reason'
import { enRoom } from './en-room'
import { enSchemes } from './en-schemes'

const L = 'en'

export const en = {
  language: 'English',
  tagline: 'Learn together. Keep your words.',
  close: 'Close',
  cancel: 'Cancel',
  number: (value: number) => count(value, L),
  bytes: (value: number) => bytesIn(value, L),
  duration: (seconds: number) => durationIn(seconds, L),
  percent: (share: number) => percent(share, L),
  change: (share: number) => change(share, L),
  devices: (n: number) => (n === 1 ? '1 device' : `${n} devices`),
  rounds: (n: number) => (n === 1 ? '1 round' : `${count(n, L)} rounds`),
  examples: (n: number) => (n === 1 ? '1 example' : `${count(n, L)} examples`),
  tokens: (n: number) => (n === 1 ? '1 token' : `${count(n, L)} tokens`),
  tokensPerSecond: (n: number) => `${count(Math.round(n), L)} tokens/s`,
  /** What the engine says is English. */
  said: (text: string) => text,
  /** A value as settings write it, in this language. */
  written: (text: string): string => writtenFor(text, L),
  andMore: (names: string, n: number) => `${names} and ${n} more`,
  you: 'you',
  table: {
    earlier: 'Earlier rows',
    later: 'Later rows',
    window: (from: number, to: number, of: number) =>
      `${count(from, L)} to ${count(to, L)} of ${count(of, L)}`,
  },
  coordinator: 'Coordinator',

  head: {
    home: 'Gossamer, to the first page',
    room: 'Room',
    theme: 'Light or dark',
    themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
    language: 'Language',
    help: 'Help and keys',
    leave: 'Leave the room',
    skip: 'Skip to the content',
  },
  rail: { label: 'Where we are', join: 'Join', train: 'Train', takeHome: 'Take home' },

  landing: {
    lead: 'Every browser tab is a device. Each one reads text that nobody else may see, learns from it, and shares only what it learned. Afterwards any tab can answer about things that only another tab has read.',
    points: [
      'The text never leaves its tab.',
      'Nothing to install, no account, no internet.',
      'One shared model, and you take it home.',
    ],
    open: 'Open a federation',
    openLead: 'This tab becomes the coordinator. You get a code for the others.',
    join: 'Join',
    joinLead: 'Somebody else has opened a federation? Type its code.',
    code: 'Room code',
    codeHint: 'For example 4F7-K2Q. Small letters and missing dashes are fine.',
    codeWrong:
      'A code has six letters or digits, such as 4F7-K2Q. Check what is shown on the coordinator’s screen.',
    wall: 'Show it all in one window',
    wallLead: 'A coordinator and four devices side by side: the whole thing without a second tab.',
    proofNeedsRoom: 'A proof needs a room of a few tabs.',
    proofOnWall: 'Open one in this window',
    preset: 'What to learn',
    model: 'Model',
    models: {
      toy: { title: 'Toy', lead: 'Tiny; learns within a minute on any laptop.' },
      seedling: { title: 'Seedling', lead: 'Larger; wants a real GPU.' },
      lens: { title: 'Lens', lead: 'Sees small pictures beside words.' },
      another: { title: 'Another model', lead: 'From Hugging Face, or a folder of yours.' },
    },
    advanced: 'All parameters',
    picture:
      'Tabs on the ends of threads send what they learned to the middle and get the merged adapter back.',
    recordedRound: (round: number, of: number) => `Recorded run: round ${round} of ${of}`,
    recordedRecall: (merged: string, alone: string | null) =>
      `Of the other tabs’ facts it now knows ${merged}${alone === null ? '' : `; a tab training alone knows ${alone}`}.`,
  },
  another: {
    hub: 'Model on huggingface.co',
    hubHint: 'Needs the internet, in every browser that joins. It is downloaded once and kept.',
    hubWrong: 'Write it as owner/name, for example openai-community/gpt2. Or drop a model’s folder below.',
    suggestions: 'Suggestions',
    or: 'or without internet',
    kept: (model: string, parameters: string, size: string) => `${model}: ${parameters} parameters, ${size}`,
    elsewhere:
      'It was copied into this browser. A device in another browser is asked for the same folder when it joins.',
  },
  modelFolder: {
    label: 'Model folder',
    drop: 'Drop a Hugging Face model folder here',
    choose: 'Choose a folder',
    holds: 'With config.json, tokenizer.json and model.safetensors (a GPT-2, LLaMA, Mistral or Qwen).',
    copying: 'Copying the model',
    tooMany: (most: number) =>
      `This folder holds more than ${count(most, L)} files. Choose the folder of the model itself.`,
  },
  presets: {
    facts: {
      title: 'Private facts',
      lead: 'Each tab reads a few made-up facts. In the end every tab knows them all.',
    },
    quick: { title: 'Quick look', lead: 'The same, with fewer rounds: done in about a minute.' },
    domains: {
      title: 'A subject each',
      lead: 'Each tab reads about a subject of its own. Together one model can do them all.',
    },
    pictures: {
      title: 'Pictures and words',
      lead: 'Some tabs see things, others know about their owners. Together one model knows both.',
    },
  },
  notes: {
    insecure:
      'This page came over plain http, where browsers switch off the GPU and device-to-device calls. Open it as http://localhost on this machine, or start the server with “npm start -- --lan” and use its https address.',
    noGpu:
      'This browser offers no WebGPU, so the tab will train on its processor: slower, but it works. For the GPU use a current Chrome or Edge.',
  },

  ...enParameters,
  ...enRoom,
  ...enOwn,
  ...enAttacks,
  ...enDeparted,
  ...enForgetting,
  ...enGuide,
  ...enSchemes,
  ...enPictures,
  ...enPrivacy,
  ...enProof,
  ...enReason,
  lab: enLab,
}

export type Words = typeof en
