import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nearestWord } from '../../src/observation/nearest-word.ts'

const KEYS = ['name', 'url', 'interval', 'checks', 'media', 'expected', 'profile', 'profiles', 'backupOf', 'labels']
const LISTS = ['site', 'streams', 'hosts', 'services', 'bandwidth', 'webPresenters', 'vimeo', 'profiles']

describe('the nearest right word', () => {
  for (const [written, known, meant] of [
    ['profil', KEYS, 'profile'],
    ['intervall', KEYS, 'interval'],
    ['backupof', KEYS, 'backupOf'],
    ['nmae', KEYS, 'name'],
    ['stream', LISTS, 'streams'],
    ['webPresenter', LISTS, 'webPresenters'],
    ['web_presenters', LISTS, 'webPresenters'],
    ['Host', LISTS, 'hosts'],
    ['youtub', ['youtube', 'vimeo', 'twitch', 'facebook'], 'youtube'],
    ['yuotube', ['youtube', 'vimeo', 'twitch', 'facebook'], 'youtube'],
    ['Vimeo ', ['youtube', 'vimeo', 'twitch', 'facebook'], 'vimeo'],
    ['adress', ['name', 'address', 'count'], 'address'],
    ['gatway', ['main', 'gateway', 'encoder'], 'gateway'],
    ['alway', ['always', 'manual'], 'always'],
  ] as const) {
    it(`to "${written}" is "${meant}"`, () => assert.equal(nearestWord(written, known), meant))
  }

  for (const [written, known] of [
    ['deep', ['packets', 'content', 'full', 'auto']],
    ['sunday', ['always', 'manual']],
    ['colour', KEYS],
    ['description', KEYS],
    ['', KEYS],
    ['x', ['a', 'b']],
    ['key', KEYS],
    ['cameras', LISTS],
    ['x'.repeat(1_000_000), ['x'.repeat(999_999)]],
  ] as const) {
    it(`is never proposed for something far away, as "${written.slice(0, 20)}"`, () =>
      assert.equal(nearestWord(written, known), null))
  }

  it('is not guessed where two are equally near', () => assert.equal(nearestWord('abr', ['cbr', 'vbr']), null))
})
