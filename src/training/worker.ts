/** The compute worker: the engine behind comlink. */
import { expose } from 'comlink'
import { memoryBytes } from '../lib/memory'
import { keepsFiles, loadInBrowser } from './browser'
import { createEngine } from './engine'
import { reportsFirst } from './reports'

expose(reportsFirst(createEngine({ load: loadInBrowser, memoryBytes, keepsFiles })))
