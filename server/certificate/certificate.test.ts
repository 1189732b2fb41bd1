import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listen } from '../listen'
import { certificateFor, covers, lanAddresses, makeCertificate } from './certificate'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gossamer-certificates-'))
})
afterEach(() => rm(directory, { recursive: true }))

describe('the certificate', () => {
  it('is kept while it fits, so that a device accepts it only once', async () => {
    const first = await certificateFor(['192.168.1.5'], directory)
    expect(await certificateFor(['192.168.1.5'], directory)).toEqual(first)
    expect((await stat(join(directory, 'key.pem'))).mode & 0o077).toBe(0)
  })

  it('is renewed when the address changes', async () => {
    await certificateFor(['192.168.1.5'], directory)
    const second = await certificateFor(['10.0.0.7'], directory)
    expect(covers(second.cert, ['10.0.0.7'], Date.now())).toBe(true)
    expect(await readFile(join(directory, 'cert.pem'), 'utf8')).toBe(second.cert)
  })

  it('is renewed before it expires', async () => {
    const { cert } = await makeCertificate(['192.168.1.5'])
    const days = 24 * 60 * 60 * 1000
    expect(covers(cert, ['192.168.1.5'], Date.now() + 380 * days)).toBe(true)
    expect(covers(cert, ['192.168.1.5'], Date.now() + 384 * days)).toBe(false)
  })

  it('covers nothing when it cannot be read', () => {
    expect(covers('rubbish', ['192.168.1.5'], Date.now())).toBe(false)
  })
})

describe('LAN addresses', () => {
  const entry = (address: string, internal = false) =>
    ({ address, internal, family: 'IPv4', netmask: '', mac: '', cidr: null }) as const

  it('are those that others can reach, private ones first', () => {
    expect(
      lanAddresses({
        lo: [entry('127.0.0.1', true)],
        vpn: [entry('203.0.113.9')],
        wifi: [entry('192.168.1.5')],
        broken: [entry('169.254.3.4')],
      }),
    ).toEqual(['192.168.1.5', '203.0.113.9'])
  })
})

describe('two laptops on a cable', () => {
  it('have the addresses that they gave themselves', () => {
    const cable = {
      address: '169.254.3.4',
      internal: false,
      family: 'IPv4',
      netmask: '',
      mac: '',
      cidr: null,
    } as const
    expect(lanAddresses({ cable: [cable] })).toEqual(['169.254.3.4'])
  })
})

describe('a port with a certificate', () => {
  it('speaks https to everybody, http to this machine, and sends all others from http to https', async () => {
    const certificate = await makeCertificate(['192.168.1.5'])
    const lan = { certificate, address: () => '192.168.1.5' }
    const server = await listen({ port: 0, pages: directory, lan, report: () => {} })
    const { port } = server
    const get = (path: string, host: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        httpRequest({ port, path, headers: { host } }, resolve).on('error', reject).end()
      })
    const getSecure = (path: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        httpsRequest({ port, path, ca: certificate.cert }, resolve).on('error', reject).end()
      })

    expect((await getSecure('/api/address')).statusCode).toBe(200)
    expect((await get('/api/address', `localhost:${port}`)).statusCode).toBe(200)
    const redirected = await get('/?role=device&room=TEST', `192.168.1.5:${port}`)
    expect(redirected.statusCode).toBe(307)
    expect(redirected.headers.location).toBe(`https://192.168.1.5:${port}/?role=device&room=TEST`)
    const help = await get('/certificate-help', `192.168.1.5:${port}`)
    expect(help.statusCode).toBe(200)
    const helpIn = async (language: string, search = '') => {
      const asked = { headers: { 'accept-language': language } }
      return (await fetch(`http://localhost:${port}/certificate-help${search}`, asked)).text()
    }
    expect(await helpIn('de-AT,de;q=0.9,en;q=0.5')).toContain('Dein Browser wird dich warnen')
    expect(await helpIn('fr')).toContain('Your browser will warn you')
    expect(await helpIn('de', '?lang=en')).toContain('Your browser will warn you')
    const reply = await fetch(`http://localhost:${port}/api/address`)
    expect(await reply.json()).toEqual({ address: `https://192.168.1.5:${port}` })
    await server.close()
  })
})
