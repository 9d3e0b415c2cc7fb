#!/usr/bin/env node
// `npm run fuzz`: damaged files of every format are opened until the time is over.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { endChildrenWithUs, track } from '../scripts/setup/command.mjs'
import { inProject } from '../scripts/setup/paths.mjs'
import { bundled } from './bundle.mjs'
import { compare } from './compare.mjs'

const help = `Usage: npm run fuzz -- [--minutes 5] [--seed N] [--only NAME] [--batches N] [--from N]
       npm run fuzz -- --compare 4000 [--seed N] [--from N]

Opens damaged files of every format, and whatever else the app reads: lists and patterns, studies, runs,
settings, the cache, answers of a cluster. What ends the program, is no error of ours, hangs, takes too
much memory or has wrong pixels is a finding: it is written to fuzz/findings.json, which npm test
replays. The same seed and batch give the same files.

--compare: valid files that NumPy, Pillow, pyarrow and others write are opened, and what is read is
compared with what they wrote.`

const options = readOptions(process.argv.slice(2))
/** No word of the worker for so long: an attempt that lets nothing else run. */
const HANG_MS = 30_000
const HEAP_MB = 256
const FINDINGS = inProject('fuzz', 'findings.json')

if (options?.compare > 0) process.exitCode = await compare(options)
else if (options) await main(options)

function readOptions(words) {
  const given = {
    minutes: 5,
    seed: Date.now() % 1_000_000,
    only: '',
    batches: '',
    from: 0,
    compare: 0
  }
  for (let at = 0; at < words.length; at += 2) {
    const key = words[at].replace(/^--/, '')
    const value = words[at + 1]
    const isNumber = typeof given[key] === 'number' || key === 'batches'
    if (!(key in given) || value === undefined || (isNumber && !(Number(value) >= 0))) {
      console.log(help)
      process.exitCode = words.includes('--help') ? 0 : 2
      return undefined
    }
    given[key] = isNumber ? Number(value) : value
  }
  return given
}

async function main({ minutes, seed, only, batches, from }) {
  endChildrenWithUs()
  const program = await bundled('worker')
  const started = Date.now()
  const until = started + minutes * 60_000
  const total = { attempts: 0, counts: {}, rss: 0, decoder: 0, findings: [] }
  console.log(`Seed ${seed}`)
  for (let batch = from; Date.now() < until;) {
    const next = await runWorker(program, { seed, batch, until, only, batches }, total)
    if (next === undefined) break
    batch = next
  }
  report(total, seed, (Date.now() - started) / 1000)
  if (total.findings.length > 0) keep(total.findings)
  process.exitCode = total.findings.length > 0 ? 1 : 0
}

/** Resolves to the batch to go on with after a process that was lost; undefined at the end. */
async function runWorker(program, { seed, batch, until, only, batches }, total) {
  const folder = inProject('node_modules', '.cache')
  mkdirSync(folder, { recursive: true })
  const mark = `${folder}/fuzz-mark-${process.pid}`
  const words = [
    `--max-old-space-size=${HEAP_MB}`,
    program,
    seed,
    batch,
    until,
    mark,
    only,
    batches
  ]
  const env = { ...process.env, NORMSCOPE_PROGRAM_FOLDER: inProject('out', 'main') }
  const child = spawn(process.execPath, words.map(String), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env
  })
  track(child)
  let errors = ''
  child.stderr.on('data', (part) => (errors = `${errors}${part}`.slice(-2000)))
  let frozen = false
  let timer
  const watch = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      frozen = true
      child.kill('SIGKILL')
    }, HANG_MS)
  }
  const ended = new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal }))
  )
  watch()
  for await (const line of createInterface({ input: child.stdout })) {
    watch()
    const message = JSON.parse(line)
    if (message.finding) add(total, message)
    else {
      for (const [key, count] of Object.entries(message.counts)) {
        total.counts[key] = (total.counts[key] ?? 0) + count
        total.attempts += count
      }
      total.rss = Math.max(total.rss, message.rss)
      total.decoder = Math.max(total.decoder, message.decoder)
    }
  }
  const { code, signal } = await ended
  clearTimeout(timer)
  // ended from outside, as everything is that this was started with
  if (code === 0 || signal === 'SIGTERM' || signal === 'SIGINT') return undefined
  const lost = JSON.parse(readFileSync(mark, 'utf8'))
  const memory = /heap out of memory|Allocation failed/.test(errors)
  const finding = frozen ? 'hang' : memory ? 'memory' : 'crash'
  add(total, {
    finding,
    message: `${signal ?? `exit code ${code}`}\n${errors}`,
    recipe: lost.recipe
  })
  return lost.batch + 1
}

/** One of each kind of finding is enough: the first line of its stack tells them apart. */
function add(total, { finding, message, recipe }) {
  const key = `${finding} ${message.split('\n').slice(0, 2).join(' ').replaceAll(/\d+/g, 'N')}`
  total.counts[finding] = (total.counts[finding] ?? 0) + (finding === 'memory' ? 1 : 0)
  const known = total.findings.find((one) => one.key === key)
  if (known) return void known.times++
  total.findings.push({ key, finding, message, recipe, times: 1 })
  console.log(
    `${finding}: ${message.split('\n').slice(0, 12).join('\n  ')}\n  ${JSON.stringify(recipe)}`
  )
}

function report({ attempts, counts, rss, decoder, findings }, seed, seconds) {
  for (const [key, count] of Object.entries(counts).sort(([, a], [, b]) => b - a)) {
    console.log(`${String(count).padStart(9)}  ${key}`)
  }
  const rate = Math.round(attempts / seconds)
  const [reader, decoders] = [rss, decoder].map((bytes) => `${Math.round(bytes / 2 ** 20)} MB`)
  console.log(
    `${attempts} files in ${Math.round(seconds)} s (${rate} a second), seed ${seed}, at most ${reader} in the reader and ${decoders} in a decoder, ${findings.length} kinds of findings`
  )
}

function keep(findings) {
  const known = JSON.parse(readFileSync(FINDINGS, 'utf8'))
  const kept = new Set(known.map(({ recipe }) => JSON.stringify(recipe)))
  const fresh = findings
    .map(({ finding, message, recipe }) => ({ finding, message: message.split('\n')[0], recipe }))
    .filter(({ recipe }) => !kept.has(JSON.stringify(recipe)))
  writeFileSync(FINDINGS, `${JSON.stringify([...known, ...fresh], undefined, 2)}\n`)
  console.log(`Written to ${FINDINGS}`)
}
