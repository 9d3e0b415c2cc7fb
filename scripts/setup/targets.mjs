// What the build may use of the language: as much as the programs know that run it.
import { electronAtHand } from './electron.mjs'

/** The old Electron that stands in: Electron 22. */
const standIn = { node: 'node16.17', chrome: 'chrome108' }

/**
 * The pinned Electron: its Chrome, and the least Node that package.json asks for, as engine, trainer and
 * command line run outside Electron too.
 */
const pinned = { node: 'node20.19', chrome: 'chrome152' }

/** Targets of the build for an Electron; without one, the window is served to a browser. */
export const targetsFor = (electron) => (electron?.substitute ? standIn : pinned)

/** Targets of the build for the Electron that is there. */
export const buildTargets = () => targetsFor(electronAtHand())
