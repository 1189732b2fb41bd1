/**
 * A tab's disk: what one life has stored the next one finds. It works in the order in which it was asked. While it is slow
 * each piece of work takes so long, and what was not done when a life ends is lost, as a transaction is that was never
 * committed. While it is full nothing more can be stored, and what is there can be read.
 */
import { memoryStorage, type OwnText, type Storage } from '../../src/node/stored/storage'
import type { Life } from './life'

export interface Disk {
  /** As one life sees it. */
  in(life: Life): Storage
  /** How long each piece of work takes from now on; 0: no time. */
  slowDown(milliseconds: number): void
  fill(isFull: boolean): void
}

/** @param text the tab's own, which a person has given it before */
export function openDisk(key: string, text: OwnText): Disk {
  const kept = memoryStorage()
  void kept.saveText(key, text)
  let takesMs = 0
  let isFull = false
  return {
    in(life) {
      let last: Promise<unknown> = Promise.resolve()
      const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
        const done = last.then(() => passed(life, takesMs)).then(work)
        last = done.catch(() => {})
        return done
      }
      const write = <Result>(work: () => Promise<Result>): Promise<Result> =>
        inTurn(() => (isFull ? Promise.reject(full()) : work()))
      return {
        loadRoom: (code) => inTurn(() => kept.loadRoom(code)),
        createRoom: (room, log) => write(() => kept.createRoom(room, log)),
        append: (code, event, change) => write(() => kept.append(code, event, change)),
        setAside: (code, events) => write(() => kept.setAside(code, events)),
        loadBallot: (name) => inTurn(() => kept.loadBallot(name)),
        saveBallot: (name, ballot) => write(() => kept.saveBallot(name, ballot)),
        loadWish: (name) => inTurn(() => kept.loadWish(name)),
        saveWish: (name, of) => write(() => kept.saveWish(name, of)),
        loadMembership: (name) => inTurn(() => kept.loadMembership(name)),
        saveMembership: (name, membership) => write(() => kept.saveMembership(name, membership)),
        loadEstate: (name) => inTurn(() => kept.loadEstate(name)),
        saveEstate: (name, growth) => write(() => kept.saveEstate(name, growth)),
        loadKey: (name) => inTurn(() => kept.loadKey(name)),
        saveKey: (name, key) => write(() => kept.saveKey(name, key)),
        loadPeer: (key) => inTurn(() => kept.loadPeer(key)),
        savePeer: (key, peer) => write(() => kept.savePeer(key, peer)),
        loadText: (key) => inTurn(() => kept.loadText(key)),
        saveText: (key, text) => write(() => kept.saveText(key, text)),
        loadView: (key) => inTurn(() => kept.loadView(key)),
        saveView: (key, view) => write(() => kept.saveView(key, view)),
        loadDraft: (hash) => inTurn(() => kept.loadDraft(hash)),
        saveDraft: (hash, draft) => write(() => kept.saveDraft(hash, draft)),
        loadAccounts: (hash) => inTurn(() => kept.loadAccounts(hash)),
        changeAccounts: (hash, change) => write(() => kept.changeAccounts(hash, change)),
      }
    },
    slowDown(milliseconds) {
      takesMs = milliseconds
    },
    fill(isFullNow) {
      isFull = isFullNow
    },
  }
}

const full = () => new DOMException('This disk is full.', 'QuotaExceededError')

/** Never, where the life ends before. */
const passed = ({ clock }: Life, milliseconds: number): Promise<void> =>
  milliseconds === 0 ? Promise.resolve() : new Promise((resolve) => clock.after(milliseconds, resolve))
