import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { infoLabels, MAX_USER_LABELS, MAX_VALUE_LENGTH } from '../../src/metrics/every-kind.ts'

describe('the labels of _info', () => {
  it("holds what the target says of itself and the user's own labels", () => {
    assert.deepEqual(infoLabels({ codec: 'h264', channels: 2 }, { programme: 'sunday' }), {
      codec: 'h264',
      channels: '2',
      programme: 'sunday',
    })
  })

  it('leaves out what has no value, which to Prometheus is the same', () => {
    assert.deepEqual(infoLabels({ codec: null, encoder: '' }, { room: '' }), {})
  })

  it("makes the user's label names valid", () => {
    const labels = infoLabels({}, { 'camera-angle': 'a', '4k': 'b', __meta: 'c', raumgröße: 'd' })
    assert.deepEqual(labels, { _4k: 'b', _meta: 'c', camera_angle: 'a', raumgr__e: 'd' })
  })

  it("does not let a user's label hide the target or what the target says", () => {
    assert.deepEqual(infoLabels({ codec: 'h264' }, { codec: 'mine', target: 'other' }), {
      codec: 'h264',
      user_codec: 'mine',
      user_target: 'other',
    })
  })

  it('keeps a name for what the target may say later, so that no label changes its meaning', () => {
    assert.deepEqual(infoLabels({ codec: null }, { codec: 'mine' }), { user_codec: 'mine' })
  })

  it('keeps two labels apart that become the same name', () => {
    assert.deepEqual(infoLabels({}, { 'a-b': '1', 'a.b': '2', a_b: '3' }), { a_b: '1', user_a_b: '2', user_a_b_2: '3' })
  })

  it('bounds the number and the length, so that neither a user nor a publisher can bloat a scrape', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`label_${index}`, 'x']))
    assert.equal(Object.keys(infoLabels({}, many)).length, MAX_USER_LABELS)
    assert.equal(infoLabels({ encoder: 'x'.repeat(10_000) }, {}).encoder?.length, MAX_VALUE_LENGTH)
  })
})
