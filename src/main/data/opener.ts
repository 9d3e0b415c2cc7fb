import { fileSource } from './files'
import type { FileSource } from './files'

/** Files opened while a plan is made and carried out. */
export interface Opener {
  open(path: string): Promise<FileSource>
  closeAll(): Promise<void>
}

export function createOpener(): Opener {
  const opened: FileSource[] = []
  return {
    async open(path) {
      const source = await fileSource(path)
      opened.push(source)
      return source
    },
    async closeAll() {
      for (const source of opened.splice(0)) await source.close().catch(() => undefined)
    }
  }
}
