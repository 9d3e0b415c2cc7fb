import type { DesktopBridge } from '../../contract/bridge'
import { MAX_STUDY_LETTERS } from '../../contract/engine'
import type {
  DatasetSource,
  EngineEvents,
  EngineInput,
  EngineOutput,
  OpenedStudy
} from '../../contract/engine'
import type { ViewId } from '../../contract/views'
import { errorFacts, NormscopeError } from '../../core/error'
import { REPORT_EXTENSION, STUDY_EXTENSION } from '../../core/study/study-path'
import type { Notices } from './notices.svelte'
import { saveBytes } from './save'
import type { SettingsState } from './settings.svelte'
import { settingsOfStudy } from './settings'

type ReportProgress = Readonly<Parameters<EngineEvents['reportProgress']>[0]>

/** What studies need of the workbench. */
interface StudyDesk {
  readonly bridge: DesktopBridge | undefined
  readonly settings: SettingsState
  readonly notices: Notices
  openOrExplain(source: DatasetSource): Promise<void>
  show(view: ViewId): void
  call<M extends 'openStudy' | 'studyFile' | 'report' | 'cancelReport'>(
    method: M,
    input: EngineInput<M>
  ): Promise<EngineOutput<M>>
}

/** Study files: opened from where the person says, and saved. */
export class Studies {
  readonly #desk: StudyDesk
  #making = $state.raw<ReportProgress>()

  constructor(desk: StudyDesk) {
    this.#desk = desk
  }

  /** Asks for a study file or a report, and opens it. */
  async choose(): Promise<void> {
    const { bridge } = this.#desk
    if (!bridge) {
      const file = await pickFile(`.${STUDY_EXTENSION},.${REPORT_EXTENSION}`)
      return file && this.openFile(file)
    }
    const paths = await bridge.choosePaths('study')
    if (paths.length > 0) await this.#desk.openOrExplain({ paths: [...paths] })
  }

  /** Opens a file whose path the page may not know. */
  async openFile(file: File): Promise<void> {
    try {
      if (file.size > MAX_STUDY_LETTERS) {
        throw new NormscopeError({
          code: 'study-too-large',
          message: `${file.name} has ${file.size} bytes; a browser sends at most ${MAX_STUDY_LETTERS}. Open it by its path instead.`
        })
      }
      await this.#desk.call('openStudy', { name: file.name, text: await file.text() })
    } catch (thrown) {
      this.#desk.notices.error(errorFacts(thrown))
    }
  }

  /** Writes the runs on the images in view and the settings to a file. */
  save(): Promise<void> {
    return this.#write('studyFile')
  }

  /** the report that is being made for this window */
  get making(): ReportProgress | undefined {
    return this.#making
  }

  /** Writes them, with their figures, as a page to read; one at a time. */
  async saveReport(): Promise<void> {
    if (this.#making) return
    this.#making = { stage: 'Beginning' }
    await this.#write('report')
    this.#making = undefined
  }

  reportProgressed(progress: ReportProgress): void {
    if (this.#making) this.#making = progress
  }

  /** Nothing is written. */
  async cancelReport(): Promise<void> {
    try {
      await this.#desk.call('cancelReport', {})
    } catch (thrown) {
      this.#desk.notices.error(errorFacts(thrown))
    }
  }

  async #write(method: 'studyFile' | 'report'): Promise<void> {
    const { bridge, settings, notices } = this.#desk
    try {
      const input = { choices: [...settings.specs], configs: settings.configs() }
      const { name, text } = await this.#desk.call(method, input)
      if (method === 'report') this.#making = undefined
      const saved = await saveBytes(bridge, name, new TextEncoder().encode(text))
      if (saved) notices.show('info', `Saved ${saved}`)
    } catch (thrown) {
      const error = errorFacts(thrown)
      if (error.code === 'cancelled')
        notices.show('info', 'The report was cancelled; nothing was saved')
      else notices.error(error)
    }
  }

  /** The engine opened a study: its settings are taken over, and its runs shown. */
  opened(study: OpenedStudy): void {
    const { settings, notices } = this.#desk
    settings.replace(settingsOfStudy(study, settings.now))
    if (study.runs > 0) this.#desk.show('training')
    if (study.problem) return
    const runs = study.runs === 1 ? '1 run' : `${study.runs} runs`
    notices.show('info', `Opened ${study.name}: ${runs} on ${study.images.name}`)
  }
}

/** A file of the machine that the browser runs on; undefined when the person cancelled. */
function pickFile(accept: string): Promise<File | undefined> {
  const input = document.createElement('input')
  Object.assign(input, { type: 'file', accept })
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0]))
    input.addEventListener('cancel', () => resolve(undefined))
    input.click()
  })
}
