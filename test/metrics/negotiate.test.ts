import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { negotiate } from '../../src/metrics/format.ts'

const CASES: [string, string | undefined, 'text' | 'openmetrics'][] = [
  ['no header', undefined, 'text'],
  ['an empty header', '', 'text'],
  ['curl', '*/*', 'text'],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', 'text'],
  [
    'Prometheus 2.42',
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,' +
      'text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  [
    'Prometheus 3',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;' +
      'version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    'openmetrics',
  ],
  [
    'Prometheus 3 set to the text format first',
    'text/plain;version=0.0.4;q=0.6,application/openmetrics-text;q=0.5',
    'text',
  ],
  ['only another version of OpenMetrics', 'application/openmetrics-text;version=2.0.0', 'text'],
  ['OpenMetrics of any version', 'application/openmetrics-text', 'openmetrics'],
  ['OpenMetrics refused', 'application/openmetrics-text;q=0, text/plain;q=0.1', 'text'],
  ['both alike', 'application/openmetrics-text;version=1.0.0, text/plain;version=0.0.4', 'text'],
  ['a whole group', 'application/*', 'openmetrics'],
  ['capitals and spaces', ' Application/OpenMetrics-Text ; Version="1.0.0" ; Q=0.9 , text/plain;q=0.2', 'openmetrics'],
  ['what neither format fits', 'image/png', 'text'],
  ['nonsense', ';;;q=,,=;/', 'text'],
  ['a quality that is no number', 'application/openmetrics-text;q=x, text/plain;q=0.1', 'text'],
]

describe('the choice of a format by Accept', () => {
  for (const [title, accept, format] of CASES) {
    it(`answers ${title} with ${format}`, () => assert.equal(negotiate(accept), format))
  }

  it('answers a header of any length quickly', () => {
    assert.equal(negotiate('a/b;q=0.1,'.repeat(1_000_000)), 'text')
  })
})
