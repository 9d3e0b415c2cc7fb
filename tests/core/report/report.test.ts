import { createHash } from 'node:crypto'
import { defaultTreeAdapter, parse } from 'parse5'
import type { DefaultTreeAdapterTypes, ParserError } from 'parse5'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ExperimentKind, Outcome } from '../../../src/core/experiment/kind'
import type { Experiment } from '../../../src/core/study/experiment'
import { escapeMarkup } from '../../../src/core/markup'
import { reportHtml } from '../../../src/core/report/report'
import type { ReportParts } from '../../../src/core/report/report'
import { settingsOf } from '../../../src/core/report/settings'
import { createStudy, parseStudy, writeStudy } from '../../../src/core/study/study'
import type { Provenance, Study } from '../../../src/core/study/study'
import { code, FRAMEWORK_NAMES, FRAMEWORKS } from '../../../src/core/preprocessing/fitted'
import type { FittedPreprocessing } from '../../../src/core/preprocessing/preprocessing'
import { parseLayers } from '../../../src/core/network/layers/text'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunRecord } from '../../../src/core/study/run'
import { sampleRuns } from '../../renderer/fixtures/sample-runs'

type Element = DefaultTreeAdapterTypes.Element

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
const WEIGHTS = 'c'.repeat(64)

const images: Provenance = {
  id: 'a'.repeat(64),
  name: 'Four pixels',
  format: 'idx',
  ...{ height: 2, width: 2, channels: 1, dtype: 'uint8' },
  classNames: ['dark', 'bright'],
  ...{ trainCount: 60000, testCount: 10000 },
  sources: [{ path: 'train-images', bytes: 47040016, sha256: 'b'.repeat(64) }],
  warnings: []
}

/** A kind whose outcome is what was asked. */
const KIND: ExperimentKind = {
  id: 'told',
  name: 'Told',
  question: 'Why?',
  ask: z.custom<Outcome>((value) => value !== 'wrong'),
  choices: () => [],
  plan: () => [],
  outcome: (ask, _facts, runs) => {
    const outcome = ask as Outcome
    return { ...outcome, notes: [...outcome.notes, `${runs.length} of its runs`] }
  }
}

function asked(name: string, ask: unknown, own: Partial<Experiment> = {}): Experiment {
  const counts = { features: 4, classes: 2, trainCount: 60000, testCount: 10000 }
  return {
    ...{ id: `experiment-${name}`, name, kind: 'told', ask, facts: { ...counts, inputs: [] } },
    ...{ datasetId: images.id, datasetName: images.name, createdAt: 1, runIds: ['run-0', 'run-1'] },
    ...own
  }
}

function study(
  own: Partial<Provenance> = {},
  run: Partial<RunRecord> = {},
  experiments: readonly Experiment[] = []
): Study {
  const runs = sampleRuns().map((each) => ({ ...each, weightsSha256: WEIGHTS, ...run }))
  return createStudy(
    {
      normscope: '1.2.3',
      dataset: { ...images, ...own },
      choices: [{ id: 'raw' }, { id: 'unit' }],
      runs,
      experiments
    },
    sha256
  )
}

const draw: ReportParts['draw'] = ({ summary }, ids) =>
  `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeMarkup(summary)}"><clipPath id="${ids}-1"/></svg>`

/** The page as a browser takes it, and what it complains of. */
function read(page: string) {
  const errors: string[] = []
  const document = parse(page, {
    sourceCodeLocationInfo: true,
    onParseError: ({ code }: ParserError) => errors.push(code)
  })
  const elements: Element[] = []
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if (defaultTreeAdapter.isElementNode(node)) elements.push(node)
    if ('childNodes' in node) node.childNodes.forEach(walk)
  }
  walk(document)
  return {
    errors,
    elements,
    named: (...names: string[]) => elements.filter(({ tagName }) => names.includes(tagName))
  }
}
const attribute = ({ attrs }: Element, name: string): string | undefined =>
  attrs.find((each) => each.name === name)?.value
function textOf(node: DefaultTreeAdapterTypes.Node): string {
  if (defaultTreeAdapter.isTextNode(node)) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

describe('an outcome in parts', () => {
  const figure = (id: string) => ({
    ...{ id, title: `Figure ${id}`, subtitle: '', definition: '', summary: id, marks: [] },
    x: { label: 'x', scale: 'linear', format: 'number' },
    y: { label: 'y', scale: 'linear', format: 'number' }
  })
  const list = (title: string) => ({ title, columns: [{ title: 'choice' }], rows: [['raw']] })
  const [own, other] = [figure('own'), figure('other')]
  const [mine, all] = [list('Mine'), list('All')]
  const part = {
    ...{ title: '(a) A claim', verdict: 'not decided (one seed)', sentence: 'Few seeds.' },
    ...{ figures: [own], tables: [mine] }
  }
  const outcome = {
    ...{ sentence: 'Of 1 claim.', notes: [], data: {} },
    ...{ figures: [own, other], tables: [all, mine], parts: [part] }
  }
  const page = reportHtml({ study: study({}, {}, [asked('Claims', outcome)]), draw, kinds: [KIND] })

  it('has each with its verdict, figures and tables below it, each once', () => {
    const { named } = read(page)
    const text = textOf(named('main')[0] ?? named('body')[0]!)
    const places = [
      'All',
      'Figure other',
      '(a) A claim',
      'Not decided (one seed).',
      'Figure own',
      'Mine'
    ].map((words) => text.indexOf(words, text.indexOf('Of 1 claim.')))
    expect(places.every((at) => at > 0)).toBe(true)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    const headings = named('h3', 'h4').map(textOf)
    expect(headings.filter((words) => words === 'Figure own')).toHaveLength(1)
    expect(
      named('caption')
        .map(textOf)
        .filter((words) => words === 'Mine')
    ).toHaveLength(1)
  })
})

describe('a report', () => {
  const page = reportHtml({ study: study(), draw })
  const { errors, elements, named } = read(page)

  it('is a page that a parser of HTML finds no fault with', () => {
    expect(errors).toEqual([])
    expect(attribute(named('html')[0]!, 'lang')).toBe('en')
    expect(textOf(named('title')[0]!)).toBe('Four pixels: Normscope report')
  })
  it('has one title, headings without a gap, and links that lead somewhere', () => {
    const levels = named('h1', 'h2', 'h3', 'h4').map(({ tagName }) => Number(tagName[1]))
    expect(levels.filter((level) => level === 1)).toEqual([1])
    levels.forEach((level, i) => expect(level).toBeLessThanOrEqual((levels[i - 1] ?? 0) + 1))
    const ids = elements.flatMap((element) => attribute(element, 'id') ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const targets = named('a').map((link) => attribute(link, 'href')!.slice(1))
    expect(targets.length).toBeGreaterThan(4)
    expect(ids).toEqual(expect.arrayContaining(targets))
  })
  it('has heads of rows and columns in its tables, and words for each picture', () => {
    const heads = named('th')
    expect(heads.length).toBeGreaterThan(20)
    for (const head of heads) expect(['row', 'col']).toContain(attribute(head, 'scope'))
    expect(named('table').length).toBe(named('caption').length)
    const pictures = named('svg')
    // accuracy, loss, gradient norm, samples without gradient
    expect(pictures).toHaveLength(4)
    for (const picture of pictures) expect(attribute(picture, 'aria-label')).toBeTruthy()
  })
  it('loads nothing and runs nothing', () => {
    for (const { attrs, tagName } of elements) {
      for (const { name, value } of attrs) {
        if (['src', 'href', 'srcset', 'data', 'action'].includes(name)) expect(value[0]).toBe('#')
        expect(name).not.toMatch(/^on/)
        if (name !== 'xmlns') expect(value).not.toMatch(/https?:|\/\//)
      }
      expect(['link', 'img', 'iframe', 'object', 'embed', 'form']).not.toContain(tagName)
    }
    expect(textOf(named('style')[0]!)).not.toMatch(/url\(|@import/)
    expect(named('script').map((script) => attribute(script, 'type'))).toEqual(['application/json'])
    const policy = named('meta').find((meta) => attribute(meta, 'http-equiv') !== undefined)!
    expect(attribute(policy, 'content')).toContain("default-src 'none'")
  })
  it('brings its typeface with it where it is given one', () => {
    const typeface = 'data:font/woff2;base64,AAAA'
    const style = textOf(read(reportHtml({ study: study(), draw, typeface })).named('style')[0]!)
    expect(Array.from(style.matchAll(/url\(([^)]*)\)/g), ([, url]) => url)).toEqual([
      `"${typeface}"`
    ])
  })
  it('says what was trained on what, with the hashes', () => {
    const cells = named('td', 'th').map(textOf)
    expect(cells).toEqual(expect.arrayContaining(['60,000', '47,040,016', 'b'.repeat(64)]))
    expect(cells.filter((cell) => cell === WEIGHTS)).toHaveLength(10)
    // means of the seeds' last accuracies in the sample
    expect(cells).toEqual(expect.arrayContaining(['77.3 %', '87.1 %', '87.4 %', '20.0 %']))
    expect(textOf(named('body')[0]!)).toContain('Written by Normscope 1.2.3')
  })
  it('has a sentence for each configuration, and a warning where seeds are few', () => {
    const told = named('li').map(textOf)
    expect(told.some((text) => /^as stored, clipped loss: In the last epoch, 100/.test(text))).toBe(
      true
    )
    expect(told).toContain('With fewer than 3 seeds, differences may be chance.')
  })
  it('explains each choice, part of a network and figure that it names, once', () => {
    const terms = named('dt').map(textOf)
    expect(new Set(terms).size).toBe(terms.length)
    const used = ['As stored', 'Rescaled to [0, 1]', 'Standardised, whole set', 'Adam', 'ReLU']
    expect(terms).toEqual(expect.arrayContaining([...used, 'Test accuracy by epoch', 'trapped']))
  })
  it('shows what experiments say, their tables and figures', () => {
    const [figure] = sampleFigure()
    const outcome: Outcome = {
      sentence: 'The loss makes 60 of 67 points.',
      figures: [figure!],
      tables: [
        {
          title: 'Cells',
          columns: [{ title: 'on' }, { title: 'n', right: true }],
          rows: [['loss', '3']]
        }
      ],
      notes: ['One cell did not finish.'],
      data: {}
    }
    const experiments = [asked('The gap', outcome)]
    const own = read(reportHtml({ study: study({}, {}, experiments), draw, kinds: [KIND] }))
    expect(own.named('h2').map(textOf)).toContain('The gap')
    const words = textOf(own.named('body')[0]!)
    const said = ['Why?', outcome.sentence, 'One cell did not finish.', '2 of its runs']
    for (const part of said) expect(words).toContain(part)
    expect(own.named('caption').map(textOf)).toContain('Cells')
    expect(own.named('svg')).toHaveLength(5)
  })
  it('has the choice that is advised as code of each library, with its constants', () => {
    const advised = (choice: Outcome['recommended']): Outcome => ({
      ...{ sentence: 'Use it.', figures: [], tables: [], notes: [], data: {} },
      ...(choice && { recommended: choice })
    })
    const fitted: FittedPreprocessing = {
      choice: { id: 'standardised' },
      ...{ height: 2, width: 2, channels: 1 },
      parameters: { mean: [72.9], std: [90.5] },
      form: { kind: 'affine', centre: [72.9], divisor: [90.5] }
    }
    const made = (choice: Outcome['recommended'], fits: readonly FittedPreprocessing[]) =>
      read(
        reportHtml({
          study: study({}, {}, [asked('Which choice', advised(choice))]),
          images: { tables: [], figures: [], fitted: fits },
          draw,
          kinds: [KIND]
        })
      )
    const own = made({ id: 'standardised' }, [fitted])
    expect(own.errors).toEqual([])
    expect(own.named('h3').map(textOf)).toContain('“Standardised, whole set” as code')
    expect(own.named('h4').map(textOf)).toEqual(Object.values(FRAMEWORK_NAMES))
    const codes = own.named('pre').map(textOf)
    expect(codes).toEqual(FRAMEWORKS.map((library) => code(fitted, library).trimEnd()))
    for (const each of codes) expect(each).toMatch(/72\.9|-0\.8055/)
    expect(made(undefined, [fitted]).named('pre')).toEqual([])
    const away = made({ id: 'standardised' }, [])
    expect(away.named('pre')).toEqual([])
    expect(textOf(away.named('main')[0]!)).toMatch(/not at hand.*--for/s)
  })
  it('says so of an experiment of a later version, or one whose ask is none', () => {
    const experiments = [asked('Later', {}, { kind: 'later' }), asked('Broken', 'wrong')]
    const own = read(reportHtml({ study: study({}, {}, experiments), draw, kinds: [KIND] }))
    const words = own.named('p').map(textOf)
    const later =
      'An experiment of the kind “later”, which this version of Normscope does not know.'
    expect(words).toContain(later)
    expect(
      words.some((text) => text.startsWith('Its outcome could not be worked out: “Told”'))
    ).toBe(true)
  })
  it('does not say twice what one training of all runs says', () => {
    const training = asked('All', { configs: [TUTORIAL_CONFIG] }, { kind: 'training' })
    const heads = (experiments: Experiment[]): string[] =>
      read(reportHtml({ study: study({}, {}, experiments), draw }))
        .named('h2')
        .map(textOf)
    expect(heads([training])).not.toContain('All')
    expect(heads([training, { ...training, id: 'b', name: 'More' }])).toEqual(
      expect.arrayContaining(['All', 'More'])
    )
  })
  it('has the runs of an experiment with it, not among the results, and each hash once', () => {
    const outcome = { sentence: 'So it is.', figures: [], tables: [], notes: [], data: {} }
    const own = { ...asked('All', { configs: [TUTORIAL_CONFIG] }), kind: 'training' }
    const ids = study().runs.map(({ id }) => id)
    const experiments = [
      { ...own, runIds: ids.slice(0, 4) },
      // one of them is used again
      asked('The gap', outcome, { runIds: ids.slice(3) })
    ]
    const made = read(reportHtml({ study: study({}, {}, experiments), draw, kinds: [KIND] }))
    const hashes = (caption: RegExp): number => {
      const table = made.named('table').find((each) => caption.test(textOf(each)))
      return table ? textOf(table).split(WEIGHTS).length - 1 : 0
    }
    expect(made.errors).toEqual([])
    expect(ids).toHaveLength(10)
    expect(hashes(/^\s*Seeds and weights\s/)).toBe(4)
    expect(hashes(/^\s*Seeds and weights: The gap\s/)).toBe(6)
    // runs 0 to 3 are of two configurations
    const told = made.elements.filter((each) => attribute(each, 'class') === 'finding')
    expect(told).toHaveLength(2)
    const settings = made.elements.filter((each) => attribute(each, 'class') === 'settings')
    expect(settings.map(textOf).join()).toMatch(/^\s*7 runs, which differ in preprocessing/)
  })
  it('of a study without runs tells of the images', () => {
    const empty = createStudy({ normscope: '1', dataset: images, choices: [], runs: [] }, sha256)
    const own = read(reportHtml({ study: empty, draw }))
    expect(own.errors).toEqual([])
    expect(own.named('h2').map(textOf)).not.toContain('Results')
    expect(own.named('td').map(textOf)).toContain('60,000')
  })
})

function sampleFigure() {
  const x = { label: 'x', scale: 'linear', format: 'number' } as const
  const words = { title: 'Share', subtitle: 'of all', definition: 'What it is.', summary: 'One.' }
  return [{ id: 'share', ...words, x, y: x, marks: [] }]
}

const HOSTILE = '</script><img src=x onerror="alert(1)"><!-- <svg/onload=alert(2)> & \'" \u0000'

describe('names in a report that look like HTML', () => {
  const outcome: Outcome = {
    sentence: HOSTILE,
    figures: [{ ...sampleFigure()[0]!, title: HOSTILE, subtitle: HOSTILE, summary: HOSTILE }],
    tables: [{ title: HOSTILE, columns: [{ title: HOSTILE }], rows: [[HOSTILE]] }],
    notes: [HOSTILE],
    data: {}
  }
  const made = study(
    {
      name: HOSTILE,
      classNames: [HOSTILE, 'b'],
      warnings: [HOSTILE],
      sources: [{ path: HOSTILE, bytes: 1, sha256: HOSTILE }],
      openedFrom: { paths: [HOSTILE] }
    },
    { notes: [HOSTILE], status: 'failed', error: { code: 'x', message: HOSTILE } },
    [asked(HOSTILE, outcome)]
  )
  const page = reportHtml({ study: made, draw, kinds: [KIND] })
  const { elements, named } = read(page)

  it('are texts and nothing else', () => {
    expect(named('img')).toEqual([])
    expect(named('script')).toHaveLength(1)
    for (const { attrs } of elements) {
      expect(attrs.filter(({ name }) => name.startsWith('on'))).toEqual([])
    }
    const said = HOSTILE.replace('\u0000', '\ufffd')
    expect(textOf(named('h1')[0]!)).toBe(said)
    expect(named('caption').map(textOf)).toContain(said)
    expect(named('svg').map((svg) => attribute(svg, 'aria-label'))).toContain(said)
  })
  it('come back from the study that it holds', () => {
    expect(parseStudy(page, sha256)).toEqual(parseStudy(writeStudy(made), sha256))
    expect(parseStudy(page, sha256).dataset.name).toBe(HOSTILE)
  })
})

describe('a report that is read as a study', () => {
  const made = study()
  const page = reportHtml({ study: made, draw })
  it('is the study that was written', () => {
    expect(parseStudy(page, sha256)).toEqual(parseStudy(writeStudy(made), sha256))
  })
  it('is refused where it was cut off, or is another page', () => {
    const cut = page.slice(0, page.indexOf('</script>'))
    for (const text of [cut, '<!doctype html><p>A page</p>']) {
      expect(() => parseStudy(text, sha256, 'report.html')).toThrow('holds no Normscope study')
    }
  })
  it('is refused where its results were changed', () => {
    const changed = page.replaceAll('"testAccuracy": 0.2', '"testAccuracy": 0.9')
    expect(changed).not.toBe(page)
    expect(() => parseStudy(changed, sha256)).toThrow('changed after it was written')
  })
})

describe('the settings of a run in words', () => {
  it('are all there, also those that have no words of their own', () => {
    const told = settingsOf({ ...TUTORIAL_CONFIG, later: [1, 2] } as never)
    const said = Object.fromEntries(told.map(({ name, value }) => [name, value]))
    expect(said).toMatchObject({
      Preprocessing: 'Rescaled to [0, 1]',
      'Hidden layers': 'dense-128',
      Optimiser: 'Adam, learning rate 0.001, beta 1 0.9, beta 2 0.999, epsilon 1e-7',
      'Batch size': '32',
      'Weight decay': 'none',
      later: '[1,2]'
    })
    expect(Object.keys(said)).not.toContain('seed')
  })
  it('call layers by the name of their preset, and write all of them', () => {
    const layersOf = (text: string) =>
      settingsOf({ ...TUTORIAL_CONFIG, layers: parseLayers(text) }).find(
        ({ name }) => name === 'Hidden layers'
      )?.value
    expect(layersOf('lenet-5')).toBe(
      'LeNet-5: conv5x5-6, pool2, conv5x5-16/valid, pool2, flatten, dense-120, dense-84'
    )
    expect(layersOf('bn,128,64')).toBe('bn, dense-128, dense-64')
    expect(layersOf('none')).toBe('none: a linear classifier')
  })
})
