import type { Result } from '../core/error'
import type { CommandId } from './commands'

/** What a person is asked to choose. */
export type PathKind = 'files' | 'folders' | 'labels' | 'study'

/** What the preload script offers the window in the desktop shell as `window.normscope`; absent in the served shell. */
export interface DesktopBridge {
  /** asks main for a port to the engine; it arrives as a window message of type CHANNELS.enginePort */
  requestEngine(): void
  /** asks where to save and writes the file whole or not at all; undefined when the person cancelled */
  saveFile(request: {
    suggestedName: string
    bytes: Uint8Array
  }): Promise<Result<string | undefined>>
  /** paths of a data set or study, several of files and folders; none when the person cancelled */
  choosePaths(kind: PathKind): Promise<readonly string[]>
  /** path of a dropped file */
  pathOfFile(file: File): string
  copyImage(png: Uint8Array): Promise<Result<void>>
  copyText(text: string): Promise<Result<void>>
  onCommand(listener: (command: CommandId) => void): () => void
  /** the engine process ended; a new port follows by itself */
  onEngineLost(listener: (reason: string) => void): () => void
  readonly versions: {
    readonly normscope: string
    readonly electron: string
    readonly chrome: string
    readonly node: string
  }
}

/** What window and main process say to each other by, each name used on both sides. */
export const CHANNELS = {
  requestEngine: 'request-engine',
  /** also the type of the window message that brings the port to the page (event.ports[0]) */
  enginePort: 'normscope-engine-port',
  engineLost: 'engine-lost',
  command: 'command',
  choosePaths: 'choose-paths',
  saveFile: 'save-file',
  copyImage: 'copy-image',
  copyText: 'copy-text'
} as const
