// The order of checks and stages of tests: what runs beside what.

/**
 * @typedef {object} Work
 * @property {(workers: number) => Promise<unknown>} run
 * @property {boolean} [timed] its trainers stand back for whoever else computes
 * @property {boolean} [calm] computes in a thread or two: a timed work can run beside it
 */

const isTimed = ({ timed }) => timed === true
const isCalm = ({ calm }) => calm === true

/**
 * Runs all works, at most two at a time, and resolves to their outcomes in the order of the list. Timed works come
 * first, one after another, with only calm ones beside them; then the others as they are listed. A work has half of
 * the cores; one that begins when nothing else waits has all.
 * @param {readonly Work[]} works
 */
export function inLanes(works, cores) {
  const lanes = Math.min(2, cores)
  const outcomes = []
  const waiting = [...works]
  const running = new Set()

  const take = (fits) => {
    const at = waiting.findIndex(fits)
    return at < 0 ? undefined : waiting.splice(at, 1)[0]
  }
  const next = () =>
    [...running].some(isTimed) ? take(isCalm) : (take(isTimed) ?? waiting.shift())

  return new Promise((resolve, reject) => {
    const begin = () => {
      for (let work; running.size < lanes && (work = next());) start(work)
      if (running.size === 0) resolve(outcomes)
    }
    const start = (work) => {
      running.add(work)
      const workers = waiting.length > 0 ? Math.ceil(cores / lanes) : cores
      work.run(workers).then((outcome) => {
        outcomes[works.indexOf(work)] = outcome
        running.delete(work)
        begin()
      }, reject)
    }
    begin()
  })
}
