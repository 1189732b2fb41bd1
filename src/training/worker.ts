/** The compute worker: the engine behind comlink. */
import { expose } from 'comlink'
import { loadInBrowser } from './browser'
import { createEngine } from './engine'
import { reportsFirst } from './reports'

expose(reportsFirst(createEngine({ load: loadInBrowser })))
