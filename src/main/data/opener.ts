import type { DecoderOptions } from './decoder-process'
import { Decoders } from './decoders'
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
  readonly decoders: Decoders
  open(path: string): Promise<FileSource>
  closeAll(): Promise<void>
}

export function createOpener(hooks: OpenHooks, options?: DecoderOptions): Opener {
  const decoders = new Decoders(hooks.check, options)
  const opened: FileSource[] = []
  return {
    ...hooks,
    decoders,
    async open(path) {
      const source = await fileSource(path)
      opened.push(source)
      return source
    },
    async closeAll() {
      await decoders.close()
      for (const source of opened.splice(0)) await source.close().catch(() => undefined)
    }
  }
}
