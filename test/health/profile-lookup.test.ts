import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { UserProfile } from '../../src/health/profile.ts'
import { createProfiles } from '../../src/health/profile-lookup.ts'

const refused = (own: Record<string, UserProfile>, name: string, code: string, message: RegExp) =>
  assert.throws(() => createProfiles(own).get(name), { name: 'MonitorError', code, message })

describe('looking up a profile', () => {
  it('finds a shipped one', () => {
    const youtube = createProfiles().get('youtube')
    assert.equal(youtube.title, 'YouTube')
    assert.equal(youtube.limits.keyframeInterval?.max, 4)
    assert.equal(youtube.limits.bFrames, null)
  })

  it('refuses an unknown one and names those that there are', () => {
    refused({ relay: {} }, 'dacast', 'unknown-profile', /"dacast".*youtube, vimeo, twitch, facebook, custom, relay/)
    refused({}, 'youtub', 'unknown-profile', /"youtub", did you mean "youtube"\?$/)
    refused({}, 'toString', 'unknown-profile', /toString/)
  })

  it('gives what the user changed about a shipped one, and the rest of it', () => {
    const profiles = createProfiles({ youtube: { limits: { keyframeInterval: { max: 6 }, audioBitrate: null } } })
    const { title, limits } = profiles.get('youtube')
    assert.equal(title, 'YouTube')
    assert.equal(limits.keyframeInterval?.max, 6)
    assert.equal(limits.keyframeInterval?.recommended, 2)
    assert.equal(limits.audioBitrate, null)
    assert.deepEqual(limits.audioCodec, createProfiles().get('youtube').limits.audioCodec)
    assert.deepEqual(profiles.names, ['youtube', 'vimeo', 'twitch', 'facebook', 'custom'])
  })

  it('does not give a platform as the source of a number that the user changed', () => {
    const { limits } = createProfiles({ youtube: { limits: { frameRate: { max: 50 } } } }).get('youtube')
    assert.deepEqual(limits.frameRate, { max: 50, sources: [] })
  })

  it('follows one that extends another that extends another', () => {
    const own: Record<string, UserProfile> = {
      strict: { extends: 'house', limits: { bFrames: { max: 0 } } },
      house: { extends: 'facebook', title: 'Our house', limits: { frameRate: { max: 30 } } },
    }
    const strict = createProfiles(own).get('strict')
    assert.equal(strict.title, 'strict')
    assert.equal(strict.limits.bFrames?.max, 0)
    assert.equal(strict.limits.frameRate?.max, 30)
    assert.equal(strict.limits.keyframeInterval?.max, 4)
    assert.equal(createProfiles(own).get('house').title, 'Our house')
  })

  it('extends what the user made of a shipped one', () => {
    const own = { youtube: { limits: { frameRate: { max: 50 } } }, mine: { extends: 'youtube' } }
    assert.equal(createProfiles(own).get('mine').limits.frameRate?.max, 50)
    assert.equal(createProfiles({ youtube: { extends: 'youtube' } }).get('youtube').limits.frameRate?.max, 60)
  })

  it('has no limits but its own where it extends none', () => {
    const { limits } = createProfiles({ relay: { limits: { keyframeInterval: { max: 1 } } } }).get('relay')
    assert.deepEqual(limits.keyframeInterval, { recommended: null, max: 1, excessive: null, min: null, sources: [] })
    assert.equal(Object.values(limits).filter((limit) => limit !== null).length, 1)
  })

  it('refuses a circle, and one that extends what there is not', () => {
    refused({ a: { extends: 'b' }, b: { extends: 'a' } }, 'a', 'invalid-profile', /a -> b -> a/)
    refused({ a: { extends: 'a' } }, 'a', 'invalid-profile', /a -> a/)
    refused({ youtube: { extends: 'b' }, b: { extends: 'youtube' } }, 'b', 'invalid-profile', /b -> youtube -> b/)
    refused({ a: { extends: 'nowhere' } }, 'a', 'unknown-profile', /"nowhere"/)
  })

  it('refuses a range that could never be met, and only for who names it', () => {
    const own = { wrong: { extends: 'youtube', limits: { keyframeInterval: { max: 1 } } } }
    refused(own, 'wrong', 'invalid-profile', /keyframeInterval has 0\.5, 2, 1, 7\.5/)
    assert.doesNotThrow(() => createProfiles(own).get('youtube'))
    const rows = [{ lines: 720, frameRate: 30, min: 3000, recommended: null, max: 2000 }]
    refused({ wrong: { limits: { videoBitrate: { rows } } } }, 'wrong', 'invalid-profile', /720 lines.*3000, 2000/)
  })
})
