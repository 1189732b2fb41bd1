/**
 * The real server on a free port of this machine, in a process that may fall. Its pages are two small files; everything
 * else is what `npm start` runs. Says its port once it listens.
 */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate } from '../../../server/certificate/certificate'
import { listen } from '../../../server/listen'

const pages = await mkdtemp(join(tmpdir(), 'gossamer-attack-'))
await mkdir(join(pages, 'assets'))
await writeFile(join(pages, 'index.html'), '<!doctype html><title>Gossamer</title>')
await writeFile(join(pages, 'assets', 'main-abc.js'), 'export {}')
await writeFile(join(pages, '.hidden'), 'private')

const isLan = process.argv[2] === 'lan'
const lan = isLan ? { certificate: await makeCertificate(['127.0.0.1']), address: () => '127.0.0.1' } : null
const { port } = await listen({ port: 0, pages, lan, report: () => {} })
process.send!({ port, pages })
process.on('disconnect', () => process.exit(0))
