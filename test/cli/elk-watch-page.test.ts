/** `elk watch` as a target of the kind service: what tells people that it is gone where there is no Prometheus. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openWatchPage } from '../../src/cli/elk-watch-page.ts'
import { type Health, WatchedRounds } from '../../src/elk/watched-rounds.ts'
import { parseServiceUrl } from '../../src/network/service/address.ts'
import { checkService } from '../../src/network/service/check.ts'
import { systemClock } from '../../src/observation/clock.ts'

const EXPECTATIONS = { timeout: 5, verifyTls: true, family: 'any', status: [], bodyContains: '' } as const

async function faultAt(port: number): Promise<string | null> {
  const url = parseServiceUrl(`http://127.0.0.1:${port}/health`)
  const answer = await checkService(url, EXPECTATIONS, systemClock, new AbortController().signal)
  assert.ok(!('failure' in answer), JSON.stringify(answer))
  return answer.fault?.kind ?? null
}

describe('the page of elk watch, as a target of the monitor', () => {
  it('is up, answers 503 with the reason where it asks in vain, and is gone with the program', async () => {
    const rounds = new WatchedRounds(60, Date.now())
    let health: Health = { isWell: true }
    const listening = { host: '127.0.0.1', port: 0 }
    const page = await openWatchPage(
      listening,
      () => rounds.state,
      () => health,
    )
    assert.equal(await faultAt(page.port), null)
    health = { isWell: false, why: 'no round of questions has ended for 10 min' }
    assert.equal(await faultAt(page.port), 'wrong-answer')
    const answer = await fetch(`http://127.0.0.1:${page.port}/health`)
    assert.equal(await answer.text(), 'no round of questions has ended for 10 min\n')
    page.close()
    assert.equal(await faultAt(page.port), 'refused')
  })
})
