import { grouped } from '../../core/numbers'
import { cacheFacts, emptyCache } from '../data/store/tidy'
import type { Command } from './command'

const MEGABYTE = 1e6

const megabytes = (bytes: number): string => `${grouped(Math.ceil(bytes / MEGABYTE))} MB`

/** What decoded images take on the disk, and how to have that back. */
export const cache: Command = {
  usage: 'cache',
  description: 'Say what decoded images take on the disk; with --empty, take them away',
  options: [['--empty', 'Take them away; they are decoded again when they are opened']],
  example: 'normscope cache --empty',
  more: [
    {
      title: 'Limit',
      body: '  Beyond the limit, what was opened longest ago goes by itself. What was opened in\n  the last ten minutes stays, for a program may be reading it.'
    }
  ],
  async run({ output }, _words, options) {
    const isEmptied = options.empty === true
    const facts = isEmptied ? await emptyCache(() => false) : { ...(await cacheFacts()), freed: 0 }
    const { folder, sets, bytes, limit, freed } = facts
    output.give(facts)
    if (isEmptied) output.say(`Freed ${megabytes(freed)}.`)
    output.say(
      `Decoded images: ${megabytes(bytes)} of at most ${megabytes(limit)}, ${grouped(sets)} data ${sets === 1 ? 'set' : 'sets'} in ${folder}`
    )
  }
}
