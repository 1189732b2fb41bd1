/** The merging worker: the merger behind comlink. */
import { expose } from 'comlink'
import { givingAway } from './across'
import { createMerger } from './merger'

expose(givingAway(createMerger()))
