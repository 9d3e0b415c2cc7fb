// What tests need from the system: a Chromium, a display server, Electron's shared libraries.
import { existsSync } from 'node:fs'
import { aptInstall, isDebian, isRoot } from './apt.mjs'
import { findProgram } from './command.mjs'
import { missingLibraries } from './electron.mjs'
import { SetupProblem } from './problem.mjs'

const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const chromiumPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
]

/** Debian packages, with their names in different releases; none of them is needed to run the app. */
const electronPackages = [
  ['libgtk-3-0t64', 'libgtk-3-0'],
  ['libnss3'],
  ['libasound2t64', 'libasound2'],
  ['libgbm1'],
  ['libdrm2'],
  ['libcups2t64', 'libcups2'],
  ['libxss1'],
  ['libxtst6'],
  ['libatspi2.0-0t64', 'libatspi2.0-0']
]

export function chromiumAtHand() {
  const chosen = process.env.NORMSCOPE_CHROMIUM
  if (chosen && existsSync(chosen)) return chosen
  return findProgram(...chromiumNames) ?? chromiumPlaces.find((place) => existsSync(place))
}

/** Each need: how to see that it is there, what to install where it is not, and its plain name. */
const needs = [
  {
    name: 'Chromium',
    missing: async () => (chromiumAtHand() ? undefined : 'no Chromium or Chrome'),
    packages: [['chromium', 'chromium-browser'], ['fonts-dejavu-core']],
    without: 'component tests and tests of the served app are skipped'
  },
  {
    name: 'display server',
    missing: async () =>
      process.platform !== 'linux' || findProgram('Xvfb') ? undefined : 'no Xvfb',
    packages: [['xvfb']],
    without: 'tests of the desktop window are skipped'
  },
  {
    name: "Electron's libraries",
    missing: async (electron) => {
      const libraries = electron ? await missingLibraries(electron) : []
      return libraries.length > 0 ? `no ${libraries.join(', ')}` : undefined
    },
    packages: electronPackages,
    without: 'tests of the desktop window are skipped'
  }
]

/**
 * Makes sure of all needs: as root on Debian by apt-get, elsewhere by saying what is missing.
 * Resolves to `{chromium, display, lacking}`: the browser's path or undefined, whether desktop
 * tests can run, and the facts of what is missing.
 */
export async function provideTestSystem(report, electron) {
  const look = async () => {
    const states = await Promise.all(needs.map((need) => need.missing(electron)))
    return needs
      .map((need, index) => ({ ...need, found: states[index] }))
      .filter(({ found }) => found)
  }
  const answer = (lacking) => ({
    chromium: chromiumAtHand(),
    display: !lacking.some(({ name }) => name !== 'Chromium'),
    lacking: lacking.map(({ name, found }) => `${name}: ${found}`)
  })
  try {
    return await report.step('Chromium, Xvfb', async () => {
      const lacking = await look()
      if (lacking.length === 0) return { ...answer([]), text: 'ready' }
      const groups = lacking.flatMap(({ packages }) => packages)
      const tried = []
      if (isDebian() && isRoot()) {
        tried.push(await aptInstall(groups))
        const still = await look()
        if (still.length === 0) return { ...answer([]), text: 'installed by apt-get' }
      }
      const left = await look()
      throw Object.assign(
        new SetupProblem(left.map(({ name, found }) => `${name}: ${found}`).join('; '), {
          tried: tried.filter(Boolean),
          remedy: isDebian()
            ? `apt-get install ${groups.map(([name]) => name).join(' ')} as root`
            : `install ${left.map(({ name }) => name).join(', ')} with your system's tools`,
          without: [...new Set(left.map((need) => need.without))].join('; ')
        }),
        { answer: answer(left) }
      )
    })
  } catch (error) {
    if (error.answer) return error.answer
    throw error
  }
}
