import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MetricsRegistry } from '../../src/metrics/registry.ts'
import type { EncoderMeasurements } from '../../src/observation/encoder.ts'
import { NO_ENCODER } from '../../src/observation/encoder.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { expositionOf } from '../exposition.ts'
import { promtoolComplaints } from './promtool.ts'

const STREAMING: EncoderMeasurements = {
  ...{ up: true, deviceState: 'streaming', bytesPerSecond: 750_000, cacheUsedRatio: 0.03, cacheRisePerMinute: 0.1 },
  ...{ duration: 95, videoFormat: '1080p30', protocol: 'rest', total: { broadcasts: 1 } },
  device: { model: 'Blackmagic Streaming Encoder HD', label: 'Main "hall"', software: '3.5' },
}

async function exposed(changes: Partial<Observation<'encoder', EncoderMeasurements>> = {}): Promise<string> {
  const registry = new MetricsRegistry(KINDS)
  const observation: Observation<'encoder', EncoderMeasurements> = {
    ...{ kind: 'encoder', target: 'main', labels: {}, time: '2026-01-02T03:04:05.000Z', sequence: 1 },
    ...{ state: 'ok', expected: true, score: 100, measurements: STREAMING, issues: [], ...changes },
  }
  registry.record(observation, null)
  return (await expositionOf(registry, 'text/plain')).body
}

describe('the metrics of an encoder', () => {
  it('are what it says of itself', async () => {
    const body = await exposed()
    for (const line of [
      'hmonitor_encoder_up{target="main"} 1',
      'hmonitor_encoder_device_state{target="main",state="streaming"} 1',
      'hmonitor_encoder_device_state{target="main",state="idle"} 0',
      'hmonitor_encoder_bytes_per_second{target="main"} 750000',
      'hmonitor_encoder_cache_used_ratio{target="main"} 0.03',
      'hmonitor_encoder_duration_seconds{target="main"} 95',
    ]) {
      assert.ok(body.includes(`\n${line}\n`), line)
    }
    assert.match(
      body,
      /hmonitor_encoder_info\{.*model="Blackmagic Streaming Encoder HD".*device_label="Main \\"hall\\""/,
    )
    assert.equal(promtoolComplaints(body), '')
  })

  it('are gone where they are not known, but for what always stands', async () => {
    const measurements = { ...NO_ENCODER, up: false, device: STREAMING.device }
    const down = await exposed({ state: 'down', score: 0, measurements })
    assert.match(down, /hmonitor_encoder_up\{target="main"\} 0/)
    assert.doesNotMatch(down, /hmonitor_encoder_(device_state|bytes|cache|duration)[^ ]*\{/)
    const unknown = await exposed({ state: 'unknown', score: null, measurements: NO_ENCODER })
    assert.doesNotMatch(unknown, /hmonitor_encoder_up\{/)
    assert.match(unknown, /hmonitor_encoder_probe_success\{target="main"\} 0/)
  })
})
