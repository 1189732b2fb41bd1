/** The worker that reads a person's own text: a file of many megabytes, or a hostile one, must not hold up the page. */
import { expose } from 'comlink'
import { reader } from './reader'

expose(reader)
