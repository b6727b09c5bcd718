import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pingCommand, readPingOutput } from '../../../src/network/ping/command.ts'

const V4 = { address: '192.0.2.1', family: 4 } as const
const V6 = { address: '2001:db8::1', family: 6 } as const

function read(platform: string, lines: readonly string[], host: typeof V4 | typeof V6 = V4) {
  const command = pingCommand(host, 3, 1, platform)
  assert.ok(command)
  return readPingOutput(lines.join('\n'), host.address, command.config, platform)
}

/** Of a series of three, as milliseconds. */
function milliseconds(output: ReturnType<typeof read>): number[] {
  assert.ok(output.read, 'it should have been read')
  return output.roundTrips.map((seconds) => Math.round(seconds * 1e6) / 1e3)
}

const SUMMARY = [
  '',
  '--- 192.0.2.1 ping statistics ---',
  '3 packets transmitted, 3 received, 0% packet loss, time 408ms',
  'rtt min/avg/max/mdev = 0.030/0.033/0.037/0.003 ms',
]

describe('what ping prints', () => {
  it('is read from iputils', () => {
    const output = read('linux', [
      'PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.',
      '64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.030 ms',
      '64 bytes from 192.0.2.1: icmp_seq=2 ttl=64 time=12.5 ms',
      '64 bytes from 192.0.2.1: icmp_seq=3 ttl=64 time=101 ms',
      ...SUMMARY,
    ])
    assert.deepEqual(milliseconds(output), [0.03, 12.5, 101])
  })

  it('is read from iputils over IPv6, which writes no space before the address', () => {
    const output = read(
      'linux',
      [
        'PING 2001:db8::1(2001:db8::1) 56 data bytes',
        '64 bytes from 2001:db8::1: icmp_seq=1 ttl=64 time=1.25 ms',
        '',
        '--- 2001:db8::1 ping statistics ---',
        '3 packets transmitted, 1 received, 66.6667% packet loss, time 408ms',
        'rtt min/avg/max/mdev = 1.250/1.250/1.250/0.000 ms',
      ],
      V6,
    )
    assert.deepEqual(milliseconds(output), [1.25])
  })

  it('is read from BusyBox', () => {
    const output = read('linux', [
      'PING 192.0.2.1 (192.0.2.1): 56 data bytes',
      '64 bytes from 192.0.2.1: seq=0 ttl=64 time=0.063 ms',
      '64 bytes from 192.0.2.1: seq=1 ttl=64 time=0.089 ms',
      '',
      '--- 192.0.2.1 ping statistics ---',
      '3 packets transmitted, 2 packets received, 33% packet loss',
      'round-trip min/avg/max = 0.063/0.076/0.089 ms',
    ])
    assert.deepEqual(milliseconds(output), [0.063, 0.089])
  })

  it('is read from macOS', () => {
    const output = read('darwin', [
      'PING 192.0.2.1 (192.0.2.1): 56 data bytes',
      '64 bytes from 192.0.2.1: icmp_seq=0 ttl=57 time=12.001 ms',
      'Request timeout for icmp_seq 1',
      '',
      '--- 192.0.2.1 ping statistics ---',
      '3 packets transmitted, 1 packets received, 66.7% packet loss',
      'round-trip min/avg/max/stddev = 12.001/12.001/12.001/0.000 ms',
    ])
    assert.deepEqual(milliseconds(output), [12.001])
  })

  const WINDOWS: Record<string, string[]> = {
    English: [
      'Pinging 192.0.2.1 with 32 bytes of data:',
      'Reply from 192.0.2.1: bytes=32 time=12ms TTL=57',
      'Request timed out.',
      'Reply from 192.0.2.1: bytes=32 time<1ms TTL=57',
      '',
      'Ping statistics for 192.0.2.1:',
      '    Packets: Sent = 3, Received = 2, Lost = 1 (33% loss),',
      'Approximate round trip times in milli-seconds:',
      '    Minimum = 0ms, Maximum = 12ms, Average = 6ms',
    ],
    German: [
      'Ping wird ausgeführt für 192.0.2.1 mit 32 Bytes Daten:',
      'Antwort von 192.0.2.1: Bytes=32 Zeit=12ms TTL=57',
      'Zeitüberschreitung der Anforderung.',
      'Antwort von 192.0.2.1: Bytes=32 Zeit<1ms TTL=57',
      '',
      'Ping-Statistik für 192.0.2.1:',
      '    Pakete: Gesendet = 3, Empfangen = 2, Verloren = 1',
      '    (33% Verlust),',
      'Ca. Zeitangaben in Millisek.:',
      '    Minimum = 0ms, Maximum = 12ms, Mittelwert = 6ms',
    ],
    French: [
      "Envoi d'une requête 'Ping'  192.0.2.1 avec 32 octets de données :",
      'Réponse de 192.0.2.1 : octets=32 temps=12 ms TTL=57',
      "Délai d'attente de la demande dépassé.",
      'Réponse de 192.0.2.1 : octets=32 temps<1 ms TTL=57',
      '',
      'Statistiques Ping pour 192.0.2.1:',
      '    Paquets : envoyés = 3, reçus = 2, perdus = 1 (perte 33%),',
      'Durée approximative des boucles en millisecondes :',
      '    Minimum = 0ms, Maximum = 12ms, Moyenne = 6ms',
    ],
    Russian: [
      'Обмен пакетами с 192.0.2.1 по с 32 байтами данных:',
      'Ответ от 192.0.2.1: число байт=32 время=12мс TTL=57',
      'Превышен интервал ожидания для запроса.',
      'Ответ от 192.0.2.1: число байт=32 время<1мс TTL=57',
      '',
      'Статистика Ping для 192.0.2.1:',
      '    Пакетов: отправлено = 3, получено = 2, потеряно = 1',
      '    (33% потерь)',
      'Приблизительное время приема-передачи в мс:',
      '    Минимальное = 0мсек, Максимальное = 12 мсек, Среднее = 6 мсек',
    ],
    Chinese: [
      '正在 Ping 192.0.2.1 具有 32 字节的数据:',
      '来自 192.0.2.1 的回复: 字节=32 时间=12ms TTL=57',
      '请求超时。',
      '来自 192.0.2.1 的回复: 字节=32 时间<1ms TTL=57',
      '',
      '192.0.2.1 的 Ping 统计信息:',
      '    数据包: 已发送 = 3，已接收 = 2，丢失 = 1 (33% 丢失)，',
      '往返行程的估计时间(以毫秒为单位):',
      '    最短 = 0ms，最长 = 12ms，平均 = 6ms',
    ],
  }
  for (const [language, lines] of Object.entries(WINDOWS)) {
    it(`is read from Windows in ${language}`, () => {
      assert.deepEqual(milliseconds(read('win32', lines)), [12, 1])
    })
  }

  it('is a series without an answer where all are lost, and says what a router says', () => {
    const output = read('linux', [
      'PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.',
      'From 198.51.100.1 icmp_seq=1 Destination Host Unreachable',
      '',
      '--- 192.0.2.1 ping statistics ---',
      '3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 408ms',
    ])
    assert.deepEqual(output, {
      read: true,
      roundTrips: [],
      said: 'Destination Host Unreachable (from 198.51.100.1)',
    })
  })

  it('counts an answer once that the network has doubled', () => {
    const output = read('linux', [
      'PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.',
      '64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=1.00 ms',
      '64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=1.20 ms (DUP!)',
      ...SUMMARY,
    ])
    assert.deepEqual(milliseconds(output), [1])
  })

  it('is no result without the summary, as when ping was ended', () => {
    const lines = [
      'PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.',
      '64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=1.00 ms',
    ]
    assert.deepEqual(read('linux', lines), { read: false })
  })

  for (const nonsense of ['', 'x', 'x y', 'a=b=c=d=e', '\u0000\n---\n---', 'PING x y\n1=2=3=4 without a time']) {
    it(`is no result where it is ${JSON.stringify(nonsense)}`, () => {
      assert.deepEqual(read('linux', [nonsense]), { read: false })
    })
  }
})

describe('how ping is called', () => {
  it('sends so many echoes 0.2 s apart and waits so long for the last answer', () => {
    const { file, args } = pingCommand(V4, 5, 2, 'linux') ?? {}
    assert.equal(file, 'ping')
    assert.deepEqual(args, ['-n', '-W', '2', '-c', '5', '-s', '56', '-4', '-i', '0.2', '192.0.2.1'])
  })

  it('uses the same program for IPv6', () => {
    const { file, args } = pingCommand(V6, 5, 2, 'linux') ?? {}
    assert.deepEqual([file, args?.includes('-6'), args?.at(-1)], ['ping', true, '2001:db8::1'])
  })

  it('does not change the time to live on Windows, where -i means that', () => {
    assert.ok(!pingCommand(V4, 5, 2, 'win32')?.args.includes('-i'))
  })

  it('asks for English and keeps the environment of the monitor to itself', () => {
    process.env.HMONITOR_TEST_SECRET = 'secret'
    try {
      const { env = {} } = pingCommand(V4, 5, 2, 'linux') ?? {}
      assert.equal(env.LC_ALL, 'C')
      assert.deepEqual(
        Object.keys(env).filter((name) => !['LANG', 'LC_ALL', 'PATH', 'SystemRoot'].includes(name)),
        [],
      )
    } finally {
      delete process.env.HMONITOR_TEST_SECRET
    }
  })

  it('is not known on a platform that the ping package does not know', () => {
    assert.equal(pingCommand(V4, 5, 2, 'sunos'), null)
  })
})
