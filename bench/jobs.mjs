// Fifty jobs of ten choices, one after the other: how many of their runs do not come to a result.
import { CHOICES, preparedJob } from './job/job.mjs'

const JOBS = 50
const OWN = `${JOBS} jobs`

export default {
  name: 'jobs',
  title: 'Fifty jobs',
  rounds: 1,
  measures: { lost: { unit: 'runs', digits: 0 } },
  rows: [{ what: `runs lost in ${JOBS} jobs`, of: OWN, measure: 'lost', most: 0 }],
  async prepare() {
    const job = await preparedJob()
    return {
      [OWN]: async () => {
        let came = 0
        for (let at = 0; at < JOBS; at++) {
          try {
            came += Object.values(await job()).filter(Number.isFinite).length
          } catch (error) {
            console.error(error.message)
          }
        }
        return { lost: JOBS * CHOICES.length - came }
      }
    }
  }
}
