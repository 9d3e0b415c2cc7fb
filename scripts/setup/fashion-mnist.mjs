// Fashion-MNIST: 70,000 pictures of clothes, the data set of the question.
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { publishFolder, removeLeftovers } from './atomic.mjs'
import { aptUnpack, isDebian } from './apt.mjs'
import { folderBytes, watchFolder } from './command.mjs'
import { download, fileHash } from './download.mjs'
import { withLock } from './lock.mjs'
import { inCache } from './paths.mjs'
import { SetupProblem } from './problem.mjs'
import { readJson, writeStamp } from './stamp.mjs'

/** SHA-256 of the unpacked bytes: compressed files differ between publishers. */
const files = {
  'train-images-idx3-ubyte.gz': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  'train-labels-idx1-ubyte.gz': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  't10k-images-idx3-ubyte.gz': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  't10k-labels-idx1-ubyte.gz': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34'
}
const packageBytes = 30_900_000
const debianPackage = 'dataset-fashion-mnist'
const installedFolder = '/usr/share/datasets/fashion-mnist'
const officialAddress = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com'

const target = inCache('fashion-mnist')
const manifest = join(target, 'manifest.json')

/** The folder with the four files if it is complete: the person's own choice, or the cache's. */
export function fashionMnistAtHand() {
  const chosen = process.env.NORMSCOPE_FASHION_MNIST
  if (chosen && existsSync(chosen)) return chosen
  const sizes = readJson(manifest)?.sizes
  if (!sizes) return undefined
  const complete = Object.keys(files).every(
    (name) => statSync(join(target, name), { throwIfNoEntry: false })?.size === sizes[name]
  )
  return complete ? target : undefined
}

/** Why the four files in `folder` are not the data set; undefined when they are. */
async function wrong(folder) {
  for (const [name, sha256] of Object.entries(files)) {
    const file = join(folder, name)
    if (!existsSync(file)) return `${name} is missing`
    const found = await fileHash(file, createGunzip()).catch((error) => error.message)
    if (found !== sha256) return `unpacked, ${name} has SHA-256 ${found}, expected ${sha256}`
  }
  return undefined
}

/** Verifies the files of `source` and copies them into the cache in one step. */
async function adopt(source) {
  const problem = await wrong(source)
  if (problem) return problem
  await publishFolder(target, (folder) => {
    const sizes = {}
    for (const name of Object.keys(files)) {
      copyFileSync(join(source, name), join(folder, name))
      sizes[name] = statSync(join(folder, name)).size
    }
    writeStamp(join(folder, 'manifest.json'), 'fashion-mnist', { sizes })
  })
  return undefined
}

async function fromDebian(step) {
  const base = inCache('downloads', debianPackage)
  removeLeftovers(base)
  const folder = `${base}.${process.pid}-000000.partial`
  mkdirSync(folder, { recursive: true })
  try {
    const failure = await watchFolder(
      folder,
      () => step.progress(folderBytes(folder), packageBytes),
      () => aptUnpack(debianPackage, folder)
    )
    return failure ?? (await adopt(join(folder, 'unpacked', installedFolder)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function fromOfficialAddress(step) {
  const folder = inCache('downloads', 'fashion-mnist')
  try {
    for (const [name, sha256] of Object.entries(files)) {
      if (existsSync(join(folder, name))) continue
      await download(`${officialAddress}/${name}`, join(folder, name), {
        sha256,
        unpack: createGunzip,
        progress: step.progress
      })
    }
  } catch (error) {
    return [error.message, ...(error.tried ?? [])].join('; ')
  }
  const problem = await adopt(folder)
  rmSync(folder, { recursive: true, force: true })
  return problem
}

const sources = [
  {
    name: `the installed Debian package ${debianPackage}`,
    possible: () => existsSync(installedFolder),
    provide: () => adopt(installedFolder)
  },
  {
    name: `the Debian package ${debianPackage}`,
    possible: isDebian,
    provide: fromDebian
  },
  { name: 'the official address', possible: () => true, provide: fromOfficialAddress }
]

/** Resolves to the folder of the four files; throws a SetupProblem where no source has them. */
export async function provideFashionMnist(report) {
  const result = await report.step('Fashion-MNIST', async (step) => {
    const present = fashionMnistAtHand()
    if (present) return { folder: present, text: 'ready' }
    return withLock(
      inCache('locks', 'fashion-mnist.lock'),
      async () => {
        const byOther = fashionMnistAtHand()
        if (byOther) return { folder: byOther, text: 'ready' }
        const tried = []
        for (const { name, possible, provide } of sources) {
          if (!possible()) continue
          const failure = await provide(step)
          if (!failure) return { folder: target, text: `from ${name}, verified` }
          tried.push(`${name}: ${failure}`)
        }
        throw new SetupProblem('Fashion-MNIST could not be had', {
          tried,
          remedy:
            'check the network, or put the four .gz files into a folder and name it in NORMSCOPE_FASHION_MNIST',
          without: 'the generated set of ten classes takes its place; your own files open as ever'
        })
      },
      { onWait: (pid) => step.doing(`waiting for another set-up (process ${pid})`) }
    )
  })
  return result.folder
}
