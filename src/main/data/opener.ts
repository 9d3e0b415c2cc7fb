import { fileSource } from './files'
import type { FileSource } from './files'

/** Who is told how far an opening is, and what ends it. */
export interface OpenHooks {
  readonly onProgress: (stage: string, fraction?: number) => void
  /** throws NormscopeError 'cancelled', or what the opening was ended for, once that is asked for */
  readonly check: () => void
}

/** What is open while a plan is made and carried out. */
export interface Opener extends OpenHooks {
  open(path: string): Promise<FileSource>
  /** has something closed together with the files */
  closeLater(thing: { close(): unknown }): void
  closeAll(): Promise<void>
}

export function createOpener(hooks: OpenHooks): Opener {
  const opened: { close(): unknown }[] = []
  return {
    ...hooks,
    async open(path) {
      const source = await fileSource(path)
      opened.push(source)
      return source
    },
    closeLater: (thing) => void opened.push(thing),
    async closeAll() {
      const all = opened.splice(0).map(async (thing) => void (await thing.close()))
      await Promise.allSettled(all)
    }
  }
}
