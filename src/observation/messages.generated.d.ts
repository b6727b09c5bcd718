import type { Validator } from './schema-faults.ts'

/** What is copied of a value: the keys of an object, what lies under its other keys, the items of a list. */
export interface Shape {
  readonly keys?: Readonly<Record<string, Shape>>
  readonly rest?: Shape
  /** Keys that are not named are refused. */
  readonly isClosed?: true
  readonly items?: Shape
}

/** Everything that comes as a whole and has a definition of its own in `messages.schema.json`. */
export type MessageName =
  | 'watch'
  | 'unwatch'
  | 'keep'
  | 'expect'
  | 'inspect'
  | 'picture'
  | 'report'
  | 'acknowledge'
  | 'silence'
  | 'unsilence'
  | 'note'
  | 'seen'
  | 'listTargets'
  | 'setTarget'
  | 'removeTarget'
  | 'tryTarget'
  | 'listReceivers'
  | 'setReceiver'
  | 'removeReceiver'
  | 'tryReceiver'
  | 'issue'
  | 'usual'
  | 'eventBudget'
  | 'observation'
  | 'event'
  | 'alert'
  | 'incident'
  | 'incidentEvent'
  | 'reportSent'
  | 'webhook'
  | 'webhookAlert'
  | 'alertmanagerSilence'
  | 'alertBook'
  | 'alertRecord'
  | 'recordedAlert'
  | 'knownSilence'
  | 'incidentBook'
  | 'incidentRecord'
  | 'recordedIncident'
  | 'outbox'
  | 'remembered'
  | 'baselines'
  | 'eventTimes'
  | 'endedRuntime'
  | 'trial'

/** Each stops at the first fault and changes nothing. */
export const messages: Readonly<Record<MessageName, Validator>>
export const shapes: Readonly<Record<MessageName, Shape>>
