import { describe, expect, it } from 'vitest'
import { requestOf, requestWord } from '../../../src/main/cluster/job-words'
import type { JobRequest } from '../../../src/main/cluster/job-words'
import { factsOf } from '../data/helpers'

const request = (paths: string[]): JobRequest => ({
  kind: 'check',
  source: { paths, notFinite: 'zero', pictures: { background: 'white' } },
  trains: false
})

describe('what a job is asked', () => {
  it('carries all files and how they are opened', () => {
    const asked = request(['/shared/b.npz', '/shared/*.npz', '@/shared/list.txt'])
    expect(requestOf(requestWord(asked))).toEqual(asked)
  })

  it('is refused where no command line takes so many files', async () => {
    const paths = Array.from({ length: 5000 }, (_, at) => `/shared/images/part-${at}.npz`)
    const facts = await factsOf(async () => requestWord(request(paths)))
    expect(facts).toMatchObject({ code: 'job-too-long', path: paths[0] })
    expect(facts.message).toContain('5,000 files')
  })

  it('is nothing else', async () => {
    expect((await factsOf(async () => requestOf('e30'))).code).toBe('job-request')
  })
})
