import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DependencyGraph } from '../../src/targets/dependency-graph.ts'

interface Target {
  kind: string
  name: string
  needs: readonly string[]
}

function graphOf(targets: readonly Target[]) {
  const graph = new DependencyGraph(targets, ({ needs }) =>
    needs.map((text) => {
      const [kind = 'any', name = ''] = text.split(':')
      return { kind, name }
    }),
  )
  const said = (found: readonly Target[]) => found.map(({ kind, name }) => `${kind} ${name}`)
  const of = (kind: string, name: string) => {
    const target = graph.get(kind, name)
    assert.ok(target)
    return target
  }
  return {
    graph,
    causes: (kind: string, name: string) => said(graph.causesOf(of(kind, name))),
    effects: (kind: string, name: string) => said(graph.effectsOf(of(kind, name))),
  }
}

describe('who needs whom', () => {
  const { graph, causes, effects } = graphOf([
    { kind: 'stream', name: 'main', needs: ['any:box', 'any:ingest'] },
    { kind: 'stream', name: 'backup', needs: ['any:ingest'] },
    { kind: 'encoder', name: 'box', needs: ['any:switch'] },
    { kind: 'ping', name: 'box', needs: [] },
    { kind: 'ping', name: 'switch', needs: [] },
    { kind: 'service', name: 'ingest', needs: ['ping:box'] },
    { kind: 'platform', name: 'alone', needs: ['any:nobody'] },
  ])

  it('is everything that is named, directly or not, nearest first, each once', () => {
    assert.deepEqual(causes('stream', 'main'), ['encoder box', 'ping box', 'service ingest', 'ping switch'])
    assert.deepEqual(causes('service', 'ingest'), ['ping box'], 'a name of one kind means that kind')
    assert.deepEqual(causes('platform', 'alone'), [])
  })

  it('is known the other way round, in the order of the targets', () => {
    assert.deepEqual(effects('ping', 'switch'), ['stream main', 'encoder box'])
    assert.deepEqual(effects('ping', 'box'), ['stream main', 'stream backup', 'service ingest'])
    assert.deepEqual(effects('stream', 'main'), [])
  })

  it('knows targets by kind and name', () => {
    assert.equal(graph.get('ping', 'box')?.kind, 'ping')
    assert.equal(graph.get('stream', 'box'), undefined)
  })

  it('ends in a circle, in which nothing needs itself', () => {
    const circle = graphOf([
      { kind: 'ping', name: 'a', needs: ['any:b'] },
      { kind: 'ping', name: 'b', needs: ['any:a', 'any:b'] },
    ])
    assert.deepEqual(circle.causes('ping', 'a'), ['ping b'])
    assert.deepEqual(circle.effects('ping', 'a'), ['ping b'])
    assert.deepEqual(circle.causes('ping', 'b'), ['ping a'])
  })
})
