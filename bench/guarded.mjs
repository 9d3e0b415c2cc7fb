/**
 * Rows that a regression guard holds, in `npm test`: each may fall to SHARE of its goal, or of what
 * was `reached` where that is less. Their peers are there wherever the tests are; `options` of the part
 * make it quick.
 */
export const SHARE = 0.7

export const GUARDED = [
  { part: 'open', what: 'train-images.gz to bytes', against: "Python's gzip", reached: 0.6 },
  { part: 'statistics', what: 'ten choices', against: 'good NumPy' },
  {
    part: 'training',
    what: 'training tutorial',
    against: 'NumPy by hand',
    options: { epochs: '2' }
  }
]

const rounded = (ratio) => Math.round(ratio * 100) / 100

/** A row with the goal that the guard holds in place of its own. */
export function heldRow(row, { reached } = {}) {
  if (row.faster !== undefined) {
    return { ...row, faster: rounded(SHARE * Math.min(row.faster, reached ?? row.faster)) }
  }
  if (row.share !== undefined) {
    return { ...row, share: rounded(Math.max(row.share, reached ?? row.share) / SHARE) }
  }
  throw new Error(`"${row.what}" has no ratio to hold`)
}
