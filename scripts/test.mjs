#!/usr/bin/env node
// `npm test`: set-up, speed by itself, then checks and tests in lanes beside each other; the last line is the tally.
// `npm test -- lint unit` runs only the named stages.
import { availableParallelism } from 'node:os'
import { provideTestSystem } from './setup/browser.mjs'
import { endChildrenWithUs } from './setup/command.mjs'
import { provideParts } from './setup/parts.mjs'
import { providePeers } from './setup/peers.mjs'
import { SetupProblem } from './setup/problem.mjs'
import { Report } from './setup/report.mjs'
import { updateState } from './setup/state.mjs'
import { startDisplay } from './testing/display.mjs'
import { inLanes } from './testing/lanes.mjs'
import { runCheck, runSpeed, runStage } from './testing/run.mjs'
import { checks, stages } from './testing/stages.mjs'
import { lastLine, ofCheck, sum } from './testing/tally.mjs'

const speed = { name: 'speed' }
const names = [...checks, speed, ...stages].map(({ name }) => name)
const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !names.includes(name))
const wanted = ({ name }) => chosen.length === 0 || chosen.includes(name)
const report = new Report()

if (unknown.length > 0) {
  console.error(`Unknown stage: ${unknown.join(', ')}. Stages: ${names.join(', ')}`)
  process.exitCode = 2
} else {
  endChildrenWithUs()
  const tally = await test()
  report.line('')
  // Nothing may be written after this line.
  process.stdout.write(`${lastLine(tally)}\n`, () => process.exit(tally.failed > 0 ? 1 : 0))
}

/** Provides `parts`; undefined where a required one failed, which is reported already. */
async function provide(parts) {
  try {
    return await provideParts(parts, report)
  } catch (error) {
    if (error instanceof SetupProblem) return undefined
    throw error
  }
}

async function test() {
  const tallies = []
  const base = await provide(['packages', 'tensorflow', 'electron', 'fashionMnist', 'numpy'])
  if (!base) return ofCheck(1)
  const system = await provideTestSystem(report, base.found.electron?.executable)
  updateState({ environment: { NORMSCOPE_CHROMIUM: system.chromium } })
  if (system.chromium) process.env.NORMSCOPE_CHROMIUM = system.chromium
  const built = await provide(['build'])
  if (chosen.length === 0 || !built) tallies.push(ofCheck(built ? 0 : 1))

  report.line('')
  if (built && wanted(speed)) {
    const peers = await providePeers(['python', 'numpy'], new Report({ write: () => undefined }))
    tallies.push(await runSpeed(peers, report))
  }

  const needsDisplay = process.platform === 'linux'
  const display = needsDisplay && system.display ? await startDisplay() : undefined
  const found = {
    chromium: system.chromium,
    electron: base.found.electron,
    display: system.display && (!needsDisplay || display !== undefined)
  }
  const cores = availableParallelism()
  const how = { env: display ? { DISPLAY: display.name, WAYLAND_DISPLAY: '' } : {} }
  const staged = async (stage, workers) => {
    // Without a build there is no program to drive: that is a failure, not a skip.
    if (stage.program && !built) return ofCheck(1)
    return runStage(stage, found, { ...how, workers }, report)
  }
  const works = [
    ...checks.map((check) => ({ ...check, calm: true, run: () => runCheck(check, report) })),
    ...stages.map((stage) => ({ ...stage, run: (workers) => staged(stage, workers) }))
  ]
  tallies.push(...(await inLanes(works.filter(wanted), cores)))
  display?.stop()
  return sum(tallies)
}
