import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { explainPing, explainStart } from '../../../src/network/ping/command.ts'

describe('why ping could not send', () => {
  const SAYINGS = [
    ['ping: socket: Operation not permitted', 'icmp-forbidden'],
    ['ping: socktype: SOCK_RAW\nping: socket: Operation not permitted', 'icmp-forbidden'],
    ['ping: socket: => missing cap_net_raw+p capability or setuid?', 'icmp-forbidden'],
    ['ping: permission denied (are you root?)', 'icmp-forbidden'],
    ['ping: Lacking privilege for raw socket.', 'icmp-forbidden'],
    ['ping: sendmsg: Operation not permitted', 'icmp-forbidden'],
    ['ping: connect: Network is unreachable', 'no-network'],
    ['ping: sendto: Network is unreachable', 'no-network'],
    ['ping: sendto: No route to host', 'no-network'],
    ['PING: transmit failed. General failure.', 'no-network'],
    ['PING: Fehler bei der Übertragung. Allgemeiner Fehler.', 'no-network'],
  ] as const
  for (const [printed, code] of SAYINGS) {
    it(`is ${code} where it prints "${printed}"`, () => {
      assert.equal(explainPing(printed)?.code, code)
    })
  }

  it('is not known from what a series prints that was sent', () => {
    assert.equal(explainPing('ping: Warning: time of day goes back (-12us), taking countermeasures'), null)
  })

  it('is a missing program where there is none, and says how to install it', () => {
    const { code, message } = explainStart('ENOENT')
    assert.equal(code, 'no-ping')
    assert.match(message, /apt-get install iputils-ping/)
  })

  it('is forbidden ICMP where a container lacks the capability of the file, and says what to allow', () => {
    const { code, message } = explainStart('EPERM')
    assert.equal(code, 'icmp-forbidden')
    assert.match(message, /NET_RAW.*ping_group_range/)
  })
})
