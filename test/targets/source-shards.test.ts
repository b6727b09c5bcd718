import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { streams, Told, temporaryFolder } from './fixtures.ts'

const folder = temporaryFolder()

function fileOf(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

/** What each of so many shards makes of one file. */
async function shardsOf(files: readonly string[]): Promise<Told[]> {
  const told = files.map((file, index) => new Told({ SHARD: `${index}/${files.length}` }, { file }))
  await Promise.all(told.map((one) => one.start()))
  for (const one of told) one.stop()
  return told
}

const URLS = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [`s${index}`, `rtmp://relay.example/live/key${index}`]),
)

describe('a targets file that several monitors share', () => {
  it('is watched by all of them together as by one alone, nothing twice', async () => {
    const file = fileOf('sixty.json', streams(URLS))
    const alone = await new Told({}, { file }).start()
    alone.stop()
    const shards = await shardsOf([file, file, file, file])
    assert.deepEqual(shards.flatMap(({ names }) => names).sort(), alone.names.toSorted())
    const wanted = new Map(alone.newest.watches.map((watch) => [JSON.stringify(watch), watch]))
    for (const watch of shards.flatMap(({ newest }) => newest.watches)) assert.ok(wanted.has(JSON.stringify(watch)))
    for (const { names, newest } of shards) {
      assert.ok(names.length > 0 && names.length < 60)
      assert.deepEqual(newest.keeps.find(({ kind }) => kind === 'stream')?.names, names)
    }
    assert.equal(alone.memory.sharedFile, null)
  })

  it('has one number on all that have read the same, in whatever order', async () => {
    const file = fileOf('order.json', streams(URLS))
    const turned = fileOf('turned.json', streams(Object.fromEntries(Object.entries(URLS).reverse())))
    const older = fileOf('older.json', streams({ ...URLS, s1: 'rtmp://other.example/live/key1' }))
    const [first, second, third] = (await shardsOf([file, turned, older])).map(({ memory }) => memory.sharedFile)
    assert.equal(first?.hash, second?.hash)
    assert.notEqual(first?.hash, third?.hash)
    assert.equal(first?.targets.stream?.inFile, 60)
  })

  it('says nothing of a key in that number', async () => {
    const file = fileOf('key.json', streams({ main: 'rtmp://relay.example/live/first-key' }))
    const other = fileOf('other-key.json', streams({ main: 'rtmp://relay.example/live/second-key' }))
    const [first, second] = (await shardsOf([file, other])).map(({ memory }) => memory.sharedFile?.hash)
    assert.equal(first, second)
  })

  it('may list more than one monitor could watch', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2500 }, (_, index) => [`s${index}`, `rtmp://r.example/a/${index}`]),
    )
    const shards = await shardsOf([fileOf('many.json', streams(many)), join(folder, 'many.json')])
    assert.equal(
      shards.reduce((sum, { names }) => sum + names.length, 0),
      2500,
    )
    assert.deepEqual(
      shards.flatMap(({ rejections }) => rejections),
      [],
    )
    const only = new Told({ SHARD: '0/1' }, { file: join(folder, 'many.json') })
    await only.start()
    only.stop()
    assert.equal(only.names.length, 2000)
    assert.match(only.rejections.join(), /2500 of the entries belong to shard 0 of 1.* Start more shards/)
  })

  it('refuses on every shard what no shard can watch', async () => {
    const text = JSON.stringify({
      streams: ['a', 'b'].map((name) => ({ name, url: `rtmp://r.example/live/${name}`, dependsOn: ['encoder'] })),
      webPresenters: [{ name: 'encoder', address: '192.0.2.20' }],
    })
    const file = fileOf('encoder.json', text)
    for (const { rejections, memory } of await shardsOf([file, file])) {
      assert.match(rejections.join(), /webPresenters\[0\] "encoder": .*give these streams one "shardKey"/)
      assert.equal(memory.sharedFile?.targets.encoder?.inFile, 0)
    }
  })

  it('is watched by nobody whose SHARD is wrong', () => {
    assert.throws(() => new Told({ SHARD: '2/2' }, { file: 'any.json' }), { code: 'invalid-shard' })
  })
})
