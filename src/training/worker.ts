/** The compute worker: the engine behind comlink. */
import { expose } from 'comlink'
import { loadInBrowser } from './browser'
import { createEngine } from './engine'

expose(createEngine({ load: loadInBrowser }))
