import axe from 'axe-core'
import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ClusterStatus } from '../../src/contract/cluster'
import { NormscopeError } from '../../src/core/error'
import { clusterWords } from '../../src/renderer/state/cluster'
import { FakeEngine } from './fixtures/fake-engine'
import { runRecord } from './fixtures/runs'
import { openWindow } from './fixtures/window'

beforeEach(() => page.viewport(1280, 800))

const ADDRESS = 'http://10.0.0.1:8265'
const SET: ClusterStatus = {
  ...{ address: ADDRESS, on: true },
  facts: { version: '2.60.0', nodes: 2, cpus: 6 }
}
const AWAY: ClusterStatus = {
  ...SET,
  problem: {
    code: 'cluster-unreachable',
    message: 'The cluster at 10.0.0.1:8265 cannot be reached: connect ECONNREFUSED.',
    hint: "Check the address, which is that of Ray's dashboard."
  }
}

/** An engine with a cluster; it keeps what is set. */
function engineWith(cluster?: ClusterStatus): FakeEngine {
  const engine = new FakeEngine()
  const { status } = engine.answers
  let now = cluster
  engine.answers.status = (input) => ({ ...status(input), cluster: now })
  engine.answers.setCluster = (settings) => {
    now = settings
    engine.events?.statusChanged(engine.answers.status({}))
  }
  return engine
}
const asked = (engine: FakeEngine, method: string): unknown[] =>
  engine.calls.flatMap((call) => (call.method === method ? [call.input] : []))

async function violations(): Promise<string[]> {
  return (await axe.run(document.body)).violations.map(({ id }) => id)
}

async function openDialog(engine: FakeEngine) {
  const { workbench } = await openWindow(engine, { view: 'training' })
  workbench.openDialog('cluster')
  const dialog = page.getByRole('dialog', { name: 'Ray cluster' })
  await expect.element(dialog).toBeVisible()
  return { workbench, dialog }
}

describe('the settings of a cluster', () => {
  it('are empty and off, and are saved with the keyboard alone', async () => {
    const engine = engineWith()
    const { dialog } = await openDialog(engine)
    await expect.element(dialog.getByLabelText('Address of Ray’s dashboard')).toHaveFocus()
    await expect.element(dialog.getByLabelText('Address of Ray’s dashboard')).toHaveValue('')
    await expect.element(dialog.getByRole('switch')).not.toBeChecked()
    await userEvent.keyboard(`${ADDRESS}{Tab}normscope{Tab} {Enter}`)
    await expect.element(dialog).not.toBeInTheDocument()
    expect(asked(engine, 'setCluster')).toEqual([
      { address: ADDRESS, program: 'normscope', on: true }
    ])
  })

  it('say what is wrong with an address, and send nothing', async () => {
    const engine = engineWith()
    const { dialog } = await openDialog(engine)
    for (const address of ['10.0.0.1:8265', 'http://me:secret@10.0.0.1:8265', 'ray://10.0.0.1']) {
      await dialog.getByLabelText('Address of Ray’s dashboard').fill(address)
      await dialog.getByRole('button', { name: 'Save' }).click()
      await expect.element(dialog.getByText(/for example http:\/\/10\.0\.0\.1:8265/)).toBeVisible()
    }
    await dialog.getByRole('button', { name: 'Test' }).click()
    expect([asked(engine, 'setCluster'), asked(engine, 'testCluster')]).toEqual([[], []])
    expect(await violations()).toEqual([])
  })

  it('are tested: version, nodes, CPUs and whether a node has the images', async () => {
    const engine = engineWith()
    engine.answers.testCluster = () => ({
      facts: SET.facts!,
      images: { name: 'Shoes', path: '/home/me/shoes', tensorflowVersion: '2.21.0' }
    })
    const { dialog } = await openDialog(engine)
    await dialog.getByLabelText('Address of Ray’s dashboard').fill(ADDRESS)
    await dialog.getByRole('button', { name: 'Test' }).click()
    const found = dialog.getByText('Ray 2.60.0, 2 nodes, 6 CPUs.')
    await expect
      .element(found)
      .toHaveTextContent('A node has Shoes at the same path and trains with TensorFlow 2.21.0.')
    expect(asked(engine, 'testCluster')).toEqual([{ address: ADDRESS }])
    expect(asked(engine, 'setCluster')).toEqual([])
    // another address was not tested
    await dialog.getByLabelText('Address of Ray’s dashboard').fill('http://10.0.0.2:8265')
    await expect.element(found).not.toBeInTheDocument()
  })

  it('say why a test failed, of the cluster or of the images on it', async () => {
    const engine = engineWith()
    engine.answers.testCluster = () => {
      throw new NormscopeError(AWAY.problem!)
    }
    const { dialog } = await openDialog(engine)
    await dialog.getByLabelText('Address of Ray’s dashboard').fill(ADDRESS)
    await dialog.getByRole('button', { name: 'Test' }).click()
    await expect.element(dialog.getByText(/cannot be reached/)).toBeVisible()
    const problem = { code: 'cluster-data-differs', message: 'Other data lie there.' }
    engine.answers.testCluster = () => ({
      facts: SET.facts!,
      images: { name: 'Shoes', path: '/home/me/shoes', problem }
    })
    await dialog.getByRole('button', { name: 'Test' }).click()
    await expect.element(dialog.getByText('The nodes cannot train on Shoes')).toBeVisible()
    await expect.element(dialog.getByText('Other data lie there.')).toBeVisible()
    expect(await violations()).toEqual([])
  })

  it('can be left while a test goes on, which cancels it', async () => {
    const engine = engineWith()
    let end = (): void => undefined
    engine.hold = (method) =>
      method === 'testCluster' ? new Promise((resolve) => (end = resolve)) : undefined
    const { dialog } = await openDialog(engine)
    await dialog.getByLabelText('Address of Ray’s dashboard').fill(ADDRESS)
    await dialog.getByRole('button', { name: 'Test' }).click()
    await expect.element(dialog.getByRole('button', { name: 'Cancel the test' })).toBeVisible()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => asked(engine, 'cancelClusterTest')).toHaveLength(1)
    end()
  })
})

describe('a window whose runs go to a cluster', () => {
  it('says where and with how many CPUs, and which node has which run', async () => {
    const engine = engineWith(SET)
    const [running, queued] = [
      runRecord({ id: 'a', status: 'running' }, []),
      runRecord({ id: 'b' }, [])
    ]
    engine.runs = [
      { ...running, node: '10.0.0.7 (29b8846b)' },
      { ...queued, status: 'queued', config: { ...queued.config, seed: 5 } }
    ]
    await openWindow(engine, { view: 'training' })
    const strip = page.getByRole('contentinfo')
    await expect.element(strip.getByText('10.0.0.7')).toBeVisible()
    await strip.getByRole('button', { name: 'Ray at 10.0.0.1, 6 CPUs' }).click()
    const rows = page.getByRole('dialog').getByRole('row')
    await expect.element(rows.nth(1)).toHaveTextContent('10.0.0.7 (29b8846b)')
    await expect.element(rows.nth(2)).toHaveTextContent(/seed 5\s*queued/)
    expect(await violations()).toEqual([])
  })

  it('that does not answer says so in a bar, from which the runs can be trained here', async () => {
    const engine = engineWith(AWAY)
    engine.runs = [{ ...runRecord({ id: 'b' }, []), status: 'queued' }]
    await openWindow(engine, { view: 'training' })
    const bar = page
      .getByRole('status')
      .filter({ hasText: 'Ray at 10.0.0.1 takes no runs. 1 run waits.' })
    await expect.element(bar).toHaveTextContent('ECONNREFUSED')
    await bar.getByRole('button', { name: 'What to do?' }).click()
    await expect.element(page.getByRole('dialog').getByText(/Check the address/)).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await bar.getByRole('button', { name: 'Train here instead' }).click()
    expect(asked(engine, 'setCluster')).toEqual([{ address: ADDRESS, on: false }])
    await expect.element(bar).not.toBeInTheDocument()
    await expect.element(page.getByText(/^Ray at/)).not.toBeInTheDocument()
  })

  it('has words for each state', () => {
    expect(clusterWords(SET)).toBe('Ray at 10.0.0.1, 6 CPUs')
    expect(clusterWords({ ...SET, facts: { ...SET.facts!, cpus: 1 } })).toBe(
      'Ray at 10.0.0.1, 1 CPU'
    )
    expect(clusterWords({ ...SET, facts: undefined })).toBe('Ray at 10.0.0.1: no answer yet')
    expect(clusterWords({ ...SET, checking: true })).toBe('Ray at 10.0.0.1: looks for the images')
    expect(clusterWords(AWAY)).toBe('Ray at 10.0.0.1 takes no runs')
  })
})
