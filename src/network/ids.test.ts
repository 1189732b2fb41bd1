import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { webIdentity } from './identity/web-crypto'
import { canonicalCode, coordinatorKeyOf, makePeerId, parsePeerId, shownCode } from './ids'
import { inviteUrl, parseInvite } from './invite'
import { edgePassOf, isEdgePass, makeRoomKeys } from './keys'

const typedCode = fc.string({
  unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz0123456789-'),
  minLength: 1,
  maxLength: 32,
})

describe('a room code', () => {
  it.each([
    ['4f7-k2q', '4F7K2Q'],
    [' 4F7 K2Q ', '4F7K2Q'],
    ['OIL-U', '011V'],
    ['TEST', 'TEST'],
    ['Room-1', 'R00M1'],
    ['---', ''],
  ])('typed as “%s” means %s', (typed, code) => {
    expect(canonicalCode(typed)).toBe(code)
  })

  it('means the same however often it is mapped', () => {
    fc.assert(fc.property(typedCode, (typed) => canonicalCode(canonicalCode(typed)) === canonicalCode(typed)))
  })

  it('is shown in two halves, when it is one of ours', () => {
    expect(shownCode('4F7K2Q')).toBe('4F7-K2Q')
    expect(shownCode('TEST')).toBe('TEST')
  })

  it('is made up without letters that are misread', async () => {
    const { code } = await makeRoomKeys(webIdentity)
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/)
    expect(canonicalCode(code)).toBe(code)
  })
})

describe('a peer id', () => {
  const keyHash = 'ab'.repeat(16)

  it('names its room, role and key, is accepted by PeerJS, and is fresh each time', () => {
    fc.assert(
      fc.property(
        typedCode.filter((typed) => canonicalCode(typed) !== ''),
        (typed) => {
          const id = makePeerId(webIdentity, typed, 'edge', keyHash)
          const room = canonicalCode(typed)
          expect(parsePeerId(id)).toEqual({ room, role: 'edge', isOfEquals: false, keyHash })
          expect(id).toMatch(/^[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*$/)
          expect(makePeerId(webIdentity, typed, 'edge', keyHash)).not.toBe(id)
        },
      ),
    )
  })

  it('of a room without a coordinator is a device’s, and says so', () => {
    expect(parsePeerId(makePeerId(webIdentity, 'TEST', 'equal', keyHash))).toEqual({
      room: 'TEST',
      role: 'device',
      isOfEquals: true,
      keyHash,
    })
  })

  it('of an older page names no key', () => {
    const id = `TEST-c-${'0'.repeat(32)}`
    expect(parsePeerId(id)).toEqual({ room: 'TEST', role: 'coordinator', isOfEquals: false, keyHash: null })
    expect(coordinatorKeyOf(id)).toBeNull()
    expect(coordinatorKeyOf(makePeerId(webIdentity, 'TEST', 'coordinator', keyHash))).toBe(keyHash)
    expect(coordinatorKeyOf(makePeerId(webIdentity, 'TEST', 'device', keyHash))).toBeNull()
  })

  it.each([
    '',
    'TEST',
    'TEST-x-1',
    `TEST-d-${'0'.repeat(31)}`,
    `TEST-d-${'0'.repeat(32)}-${'0'.repeat(15)}`,
    `TEST-d-${'0'.repeat(32)}-`,
    `LOOP-d-${'0'.repeat(32)}`,
    `te-d-${'0'.repeat(32)}`,
  ])('is not “%s”', (id) => {
    expect(parsePeerId(id)).toBeNull()
  })
})

describe('room keys', () => {
  it('keep the code and the secret that a URL gives, and make up the rest', async () => {
    const keys = await makeRoomKeys(webIdentity, 'TEST', 'secret')
    expect(keys).toMatchObject({ code: 'TEST', secret: 'secret' })
    expect(keys.publicKeyHash).toMatch(/^[0-9a-f]{32}$/)
    expect(keys.signingKey.privateKey).toMatchObject({ extractable: false })
    expect((await makeRoomKeys(webIdentity)).secret).toMatch(/^[0-9a-f]{32}$/)
    expect((await makeRoomKeys(webIdentity, '---')).code).toHaveLength(6)
  })
})

describe('an invitation', () => {
  const room = { code: '4F7K2Q', secret: 'ab cd&=', publicKeyHash: '12' }

  it('hides the secret and the key in the fragment', () => {
    const url = new URL(inviteUrl('https://192.168.1.5:8080', room))
    expect(url.origin + url.pathname + url.search).toBe('https://192.168.1.5:8080/?role=device&room=4F7K2Q')
  })

  it('names an edge only where the coordinator has signed for it', async () => {
    const keys = await makeRoomKeys(webIdentity, '4F7K2Q')
    const pass = await edgePassOf(webIdentity, keys)
    const url = new URL(inviteUrl('http://localhost:8080', keys, pass))
    expect(url.searchParams.get('role')).toBe('edge')
    expect(new URLSearchParams(url.hash.slice(1)).get('e')).toBe(pass)
    expect(await isEdgePass(webIdentity, keys, pass)).toBe(true)
    const other = await makeRoomKeys(webIdentity, '4F7K2Q', keys.secret)
    for (const forged of ['', 'ab', 'ab'.repeat(64), await edgePassOf(webIdentity, other)])
      expect(await isEdgePass(webIdentity, keys, forged)).toBe(false)
  })

  it('is read back from its link', () => {
    expect(parseInvite(inviteUrl('http://localhost:8080', room))).toEqual(room)
  })

  it.each([
    ['4f7-k2q', '4F7K2Q'],
    [' 4F7 K2Q ', '4F7K2Q'],
    ['http://localhost:8080/?role=device&room=TEST', 'TEST'],
  ])('without a secret is a reason to knock: “%s”', (text, code) => {
    expect(parseInvite(text)).toEqual({ code, secret: null, publicKeyHash: null })
  })

  it.each(['', '--', 'http://localhost:8080/', 'what is this?', 'javascript:alert(1)'])(
    'is not “%s”',
    (text) => {
      expect(parseInvite(text)).toBeNull()
    },
  )
})
