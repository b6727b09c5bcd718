import { describe } from 'node:test'
import { withAlertmanager } from './with-alertmanager.ts'
import { withoutAlertmanager } from './without-alertmanager.ts'

// Side by side: most of the time they wait.
describe('from a stream that fails to a person', { concurrency: true }, () => {
  describe('without Alertmanager', { concurrency: 1 }, withoutAlertmanager)
  describe('with Alertmanager', { concurrency: 1 }, withAlertmanager)
})
