// Contestants taken in turns, round by round, in one run.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Runs each contestant once a round, in their order. One that needs a peer that is missing is not
 * run, one that fails takes no further part: `troubles` says why.
 * @param contestants by name: `run`, or `{run, needs, rounds}`, where run is told the round and resolves
 *   to an object of numbers, `needs` is the name of a peer and `rounds` the most rounds that it takes part in
 * @param peers by name, `{missing}` for one that is not there
 * @param tell is given each round's outcome
 * @returns `{found, troubles}` by contestant: a list of what its rounds gave, and `{state, why}`
 */
export async function interleaved(rounds, contestants, peers = {}, tell = () => undefined) {
  const found = {}
  const troubles = {}
  for (let round = 1; round <= rounds; round++) {
    for (const [name, contestant] of Object.entries(contestants)) {
      const {
        run,
        needs,
        rounds: most = rounds
      } = typeof contestant === 'function' ? { run: contestant } : contestant
      const absent = needs && (peers[needs] ? peers[needs].missing : 'not provided')
      if (absent) troubles[name] = { state: 'missing', why: absent }
      if (troubles[name] || round > most) continue
      try {
        const outcome = await run(round)
        ;(found[name] ??= []).push(outcome)
        tell(round, name, outcome)
      } catch (error) {
        troubles[name] = { state: 'failed', why: error.message.split('\n')[0] }
        tell(round, name, undefined, error)
      }
    }
  }
  return { found, troubles }
}
