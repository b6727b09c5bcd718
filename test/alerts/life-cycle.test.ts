import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { applyCommand } from '../../src/alerts/command.ts'
import { SETTLE, SETTLE_OFF, UNWATCHED } from '../../src/alerts/timing.ts'
import { parseDutyCommand } from '../../src/observation/duty-command.ts'
import { iso, issue, START, World } from './world.ts'

const FIRING = 'firing StreamOffline main'
const RESOLVED = 'resolved StreamOffline main'

describe('the life of an alert', () => {
  let world: World
  const offline = () => issue('streamOffline', 'error', world.at - 500)
  const down = () => world.observe('stream', 'main', 'down', [offline()])
  const up = () => world.observe('stream', 'main', 'ok')
  beforeEach(() => {
    world = new World()
    world.watch('stream', 'main')
  })

  it('begins once, at once, and ends once, however often it is observed', () => {
    world.pass(3, down)
    assert.deepEqual(world.said, [FIRING])
    assert.equal(world.sent[0]?.time, iso(START + 1000))
    world.pass(3, up)
    assert.deepEqual(world.said, [FIRING, RESOLVED])
    assert.equal(world.sent[1]?.endedBy, 'cleared')
    assert.equal(world.sent[1]?.endsAt, iso(START + 4000))
    assert.deepEqual(world.book.records, {})
  })

  it('has the labels that Prometheus gives it, and the labels of the user beside them', () => {
    down()
    const [alert] = world.sent
    const { alertname, severity, kind, target, monitor, site, labels } = alert ?? assert.fail()
    assert.deepEqual(
      { alertname, severity, kind, target, monitor, site },
      {
        alertname: 'HmonitorStreamOffline',
        severity: 'critical',
        kind: 'stream',
        target: 'main',
        monitor: 'hall',
        site: 'main-hall',
      },
    )
    assert.deepEqual(labels, { programme: 'sunday' })
  })

  it('is the same alert when the fault comes back, with another beginning', () => {
    down()
    world.pass(1, up)
    world.pass(1, down)
    const [first, , second] = world.sent
    assert.equal(first?.id, second?.id)
    assert.notEqual(first?.startsAt, second?.startsAt)
  })

  it('is not begun by information', () => {
    world.pass(20, () => world.observe('stream', 'main', 'ok', [issue('keyframeIntervalVaries', 'info', START)]))
    assert.deepEqual(world.said, [])
  })

  it('waits 10 s before it tells of a warning, and not at all where that is over by then', () => {
    const stalled = () => world.observe('stream', 'main', 'down', [issue('streamStalled', 'warning', START)])
    world.pass(9, stalled)
    world.pass(5, up)
    assert.deepEqual(world.said, [])
    world.pass(11, stalled)
    assert.deepEqual(world.said, ['firing StreamStalled main'])
  })

  it('tells once of a warning that becomes critical', () => {
    const both = () => world.observe('stream', 'main', 'down', [issue('streamStalled', 'warning', START), offline()])
    world.pass(30, both)
    world.pass(3, up)
    assert.deepEqual(world.said, [FIRING, RESOLVED])
  })

  it('is not ended by what is unknown, and goes on after it', () => {
    down()
    world.pass(100, () => world.observe('stream', 'main', 'unknown'))
    world.pass(1, down)
    assert.deepEqual(world.said, [FIRING])
  })

  it('can begin while the rest is unknown', () => {
    world.observe('stream', 'main', 'unknown', [issue('notMeasured', 'error', START)])
    assert.deepEqual(world.said, ['firing NotMeasured main'])
  })

  it('says when it ended because nobody expects the stream any more', () => {
    down()
    world.observe('stream', 'main', 'off')
    assert.equal(world.sent[1]?.endedBy, 'not-expected')
  })

  it('ends when its target has not been watched for a minute, and says so', () => {
    down()
    world.unwatch('stream', 'main')
    world.pass(UNWATCHED / 1000)
    assert.deepEqual(world.said, [FIRING])
    world.pass(1)
    assert.equal(world.sent[1]?.endedBy, 'not-watched')
  })

  it('is said again after four hours, until somebody acknowledges it', () => {
    down()
    world.pass(4 * 3600, down)
    assert.deepEqual(world.said, [FIRING, 'repeated StreamOffline main'])
    const [alert] = world.sent
    const command = parseDutyCommand({ action: 'acknowledge', id: alert?.id, by: 'Anna' }, world.at) ?? assert.fail()
    world.book = applyCommand(world.book, command, world.at).book
    world.pass(9 * 3600)
    world.pass(1, up)
    assert.deepEqual(world.said, [FIRING, 'repeated StreamOffline main', RESOLVED])
    assert.equal(world.sent[2]?.acknowledgedBy, 'Anna')
  })

  it('is not told while it is silenced, and told then where it still fires', () => {
    world.timing = { ...world.timing, criticalHold: 5000 }
    down()
    const [id = ''] = Object.keys(world.book.records)
    const command =
      parseDutyCommand({ action: 'silence', id, until: iso(world.at + 60_000) }, world.at) ?? assert.fail()
    world.book = applyCommand(world.book, command, world.at).book
    world.pass(59, down)
    assert.deepEqual(world.said, [])
    world.pass(2, down)
    assert.deepEqual(world.said, [FIRING])
  })

  describe('over a restart', () => {
    it('goes on without a word where the fault is still there', () => {
      world.pass(5, down)
      const started = world.sent[0]?.startsAt
      world.restart()
      world.pass(3, () => world.observe('stream', 'main', 'unknown'))
      world.pass(5, down)
      world.pass(1, up)
      assert.deepEqual(world.said, [FIRING, RESOLVED])
      assert.equal(world.sent[1]?.startsAt, started)
    })

    it('does not end because the checks begin anew and have not raised it again yet', () => {
      down()
      world.restart()
      world.pass(SETTLE / 1000 + 10, () => world.observe('stream', 'main', 'down'))
      world.pass(5, down)
      assert.deepEqual(world.said, [FIRING])
    })

    it('ends once, where the fault went away meanwhile, when its target has been measured for long enough', () => {
      down()
      world.restart()
      world.pass(SETTLE / 1000, up)
      assert.deepEqual(world.said, [FIRING])
      world.pass(5, up)
      assert.deepEqual(world.said, [FIRING, RESOLVED])
    })

    it('is not ended at once by a manual stream that nobody expects yet', () => {
      down()
      world.restart()
      world.pass(600, () => world.observe('stream', 'main', 'off'))
      assert.deepEqual(world.said, [FIRING])
      world.pass(SETTLE_OFF / 1000 - 590, () => world.observe('stream', 'main', 'off'))
      assert.equal(world.sent[1]?.endedBy, 'not-expected')
    })

    it('is told after it, where it was not before', () => {
      world.timing = { ...world.timing, criticalHold: 3000 }
      down()
      world.restart()
      world.pass(4, down)
      assert.deepEqual(world.said, [FIRING])
    })
  })
})
