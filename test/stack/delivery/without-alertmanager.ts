import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { until } from '../../fixtures/wait.ts'
import { verifyWebhook } from '../../fixtures/webhook-signature.ts'
import { BUSY, type Stage, setStage } from './stage.ts'

/** The monitor tells people itself, is killed, and finds the mail server refusing. */
export const withoutAlertmanager = () => {
  let stage: Stage
  before(async () => {
    stage = await setStage({ streams: { ended: 'ends', silent: 'silent' } })
    await stage.monitor()
  })
  after(() => stage?.stop())

  it('tells soon where the server ends the stream and where it falls silent, once each', async () => {
    const [ended, silent] = await Promise.all([stage.kill('ended'), stage.kill('silent')])
    const first = await stage.untilTold('ended', 'firing', ended, 20)
    assert.ok(Math.max(first.mail, first.post) <= 4 + BUSY, `ended: ${JSON.stringify(first)}`)
    const second = await stage.untilTold('silent', 'firing', silent, 20)
    assert.ok(Math.max(second.mail, second.post) <= 9 + BUSY, `silent: ${JSON.stringify(second)}`)
    const [mail] = stage.mailsOf('ended', 'firing')
    assert.match(mail?.text ?? '', /the server says that the stream ended[\s\S]*What to do now[\s\S]*Check the encoder/)
    for (const { headers, body } of stage.hook.posts) assert.ok(verifyWebhook('signed with this', headers, body))
  })

  it('loses nothing and says nothing twice when the monitor is killed and the mail server refuses', async () => {
    await stage.untilDelivered()
    await stage.crash()
    stage.mailbox.refuse({ code: 451, message: 'greylisted, try again later' })
    await stage.monitorAlone()
    await stage.publish('ended')
    await stage.watching.untilUp('ended', 1, 30)
    await stage.untilFiring('silent', true, 10)
    await stage.untilFiring('ended', false, 45)
    await until(() => stage.postsOf('ended', 'resolved').length > 0, 45, 'the webhook hears that it is over')
    assert.equal(stage.mailsOf('ended', 'resolved').length, 0)
    stage.mailbox.refuse(null)
    await until(() => stage.mailsOf('ended', 'resolved').length > 0, 40, 'the mail comes through')
    for (const name of ['ended', 'silent']) {
      const [mails, posts] = [stage.mailsOf(name, 'firing'), stage.postsOf(name, 'firing')]
      assert.equal(mails.length, 1, `${name}: ${mails.map(({ text }) => text).join('\n')}`)
      assert.equal(posts.length, 1, `${name}: ${JSON.stringify(posts)}`)
    }
    assert.equal(stage.mailsOf('ended', 'resolved').length, 1)
    assert.equal(stage.postsOf('ended', 'resolved').length, 1)
    assert.match(stage.mailsOf('ended', 'resolved')[0]?.text ?? '', /Lasted: (\d+ min )?\d+ s/)
    assert.equal(stage.mailsOf('silent', 'resolved').length, 0)
  })
}
